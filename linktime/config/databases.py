"""LINKTIME_DATABASE_URL to Django's DATABASES. PostgreSQL only."""

import select
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg_pool import ConnectionPool

from linktime.config.environ import Environment

# What is asked for the fifth time is planned once and for all: a fifth to a third more bookings a second.
PREPARED = {"server_side_binding": True, "prepare_threshold": 5}
EXAMPLE = "postgresql://linktime:password@127.0.0.1:5432/linktime"


def from_environment(env: Environment) -> dict[str, dict[str, Any]]:
    return {"default": env.parsed("DATABASE_URL", parse_url, default="", example=EXAMPLE)}


def parse_url(url: str) -> dict[str, Any]:
    """Turn a PostgreSQL URL into Django's settings; a socket folder is given as `?host=/folder`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("a PostgreSQL URL is needed")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,  # the pool tries a connection before it lends it: the database may have restarted
        "OPTIONS": {**options, **PREPARED, "pool": {"min_size": 0, "max_size": 40, "timeout": 10, "check": check}},
    }


def check(connection: psycopg.Connection[Any]) -> None:
    """Try a connection before it is lent, if it has something to say: a database that goes away closes it.

    When one is dead the database has restarted, and the others are tried at once: by itself the pool finds one dead
    connection after the other, with waits of 1, 2, 4 and more seconds between them.
    """
    if not _spoke(connection):
        return
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        pool = connection._pool  # noqa: SLF001 - what is lent has no other way to where it comes from
        if isinstance(pool, ConnectionPool):
            pool.check()
        raise


def _spoke(connection: psycopg.Connection[Any]) -> bool:
    """Tell whether the server has sent anything, or closed the connection, since the last answer was read."""
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    return bool(heard.poll(0))
