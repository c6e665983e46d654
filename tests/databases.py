"""Databases of the tests' server that have all tables from the beginning: migrated once, then copied."""

import os
import subprocess
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from django.db import connection, transaction

from linktime.cli.demo.fingerprint import fingerprint
from tests.processes import LINKTIME, ROOT

LOCK = 5_463_282  # any number, the same for all processes of the tests


def url_of(name: str) -> str:
    """Return the URL of a database of the tests' server."""
    return urlunsplit(urlsplit(os.environ["LINKTIME_DATABASE_URL"])._replace(path=f"/{name}"))


def template() -> str:
    """Return the name of a migrated database to copy; whoever asks first makes it, the others wait.

    A server that outlives the tests keeps it, until a migration changes.
    """
    name = f"linktime_tests_{fingerprint()[:16]}"
    with psycopg.connect(os.environ["LINKTIME_DATABASE_URL"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            return name
        server.execute(f"CREATE DATABASE {name}_unready")
        _migrate(f"{name}_unready")
        server.execute(f"ALTER DATABASE {name}_unready RENAME TO {name}")
        return name


def copy() -> str:
    """Make a database; return its name."""
    name = f"copy_{uuid4().hex[:12]}"
    source = template()
    with psycopg.connect(os.environ["LINKTIME_DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
    return name


def drop(name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    with psycopg.connect(os.environ["LINKTIME_DATABASE_URL"], autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def empty() -> None:
    """Remove what a test has committed, jobs included, in a fraction of the time that Django's flush takes.

    Flush makes every table anew and forgets Procrastinate's. What migrations wrote stays.
    """
    kept = ("django_migrations", "django_content_type", "auth_permission")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted({name for (name,) in cursor.fetchall()}.difference(kept), reverse=True)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED;" + ";".join(f'DELETE FROM "{table}"' for table in tables))


def _migrate(name: str) -> None:
    environment = os.environ | {"LINKTIME_DATABASE_URL": url_of(name)}
    subprocess.run([*LINKTIME, "migrate"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
