"""The database's address, and what happens when it restarts."""

import time
from threading import Barrier, Thread

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg_pool import ConnectionPool

from linktime.config.databases import parse_url


def test_a_url_becomes_settings():
    found = parse_url("postgresql://me:p%40ss@db.example.com:6432/linktime?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("me", "p@ss", "db.example.com", "6432")
    assert (found["NAME"], found["OPTIONS"]["sslmode"]) == ("linktime", "require")


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite:///x"])
def test_anything_but_postgresql_is_refused(url):
    with pytest.raises(ValueError, match="PostgreSQL"):
        parse_url(url)


def ask(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.fixture
def one_in_the_pool():
    """Let the pool have one connection, whose process this is."""
    connection.close()
    connection.close_pool()
    pid = ask("SELECT pg_backend_pid()")
    connection.close()
    return pid


def other_connection() -> psycopg.Connection:
    parameters = connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    return psycopg.connect(**parameters, autocommit=True)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_in_the_pool_is_not_lent():
    """As after a restart of the database: the next request gets one that works, and no error."""
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] is True
    dead = ask("SELECT pg_backend_pid()")
    connection.close()
    with other_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [dead])
    assert ask("SELECT pg_backend_pid()") != dead


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_well_is_lent_without_asking_it(one_in_the_pool, monkeypatch):
    """Which would be one more round trip for every request."""
    monkeypatch.setattr(ConnectionPool, "check_connection", lambda _: 1 / 0)
    assert ask("SELECT pg_backend_pid()") == one_in_the_pool


@pytest.mark.django_db(transaction=True)
def test_a_connection_over_which_something_came_is_tried_and_lent(one_in_the_pool):
    with connection.cursor() as cursor:
        cursor.execute("LISTEN news")
    connection.close()
    with other_connection() as other:
        other.execute("NOTIFY news")
    assert ask("SELECT pg_backend_pid()") == one_in_the_pool
    with connection.cursor() as cursor:
        cursor.execute("UNLISTEN news")


@pytest.mark.django_db(transaction=True)
def test_many_connections_that_died_cost_one_wait():
    """After a restart of the database, a process that had many of them goes on within seconds."""
    everybody = Barrier(7)
    pids = []

    def hold() -> None:
        pids.append(ask("SELECT pg_backend_pid()"))
        everybody.wait(10)
        connection.close()

    threads = [Thread(target=hold) for _ in range(6)]
    for thread in threads:
        thread.start()
    everybody.wait(10)
    for thread in threads:
        thread.join()
    connection.close()
    with other_connection() as other:
        for pid in pids:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    begun = time.monotonic()
    assert ask("SELECT pg_backend_pid()") not in pids
    assert time.monotonic() - begun < 5
