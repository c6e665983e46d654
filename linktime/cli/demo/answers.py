"""Find out whether the demo's processes answer."""

import urllib.error
import urllib.request

import psycopg

PATIENCE = 5


def http(url: str) -> bool:
    """Say whether a URL answers with success. Proxies are left out: everything is on this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=PATIENCE):
            return True
    except (OSError, ValueError):
        return False


def newest_worker(database_url: str) -> int:
    """Return the number of the worker that was registered last, 0 for none."""
    try:
        with psycopg.connect(database_url, connect_timeout=PATIENCE) as connection:
            row = connection.execute("SELECT max(id) FROM procrastinate_workers").fetchone()
    except psycopg.errors.UndefinedTable:
        return 0
    return (row and row[0]) or 0
