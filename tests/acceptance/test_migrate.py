"""`linktime migrate` on several machines at once."""

import os
import subprocess

import psycopg
import pytest

from tests.processes import LINKTIME, ROOT

pytestmark = [pytest.mark.acceptance, pytest.mark.long]


@pytest.fixture
def empty_database():
    """The URL of a database of its own, without any table."""
    server = os.environ["LINKTIME_DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS migrate_together WITH (FORCE)")
        connection.execute("CREATE DATABASE migrate_together")
    path, _, query = server.partition("?")
    yield f"{path.rpartition('/')[0]}/migrate_together?{query}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE migrate_together WITH (FORCE)")


def test_three_at_once_end_well_and_leave_everything_in_place(empty_database):
    """One migrates and the others wait for it; all of them end with 0, and the cache has its table."""
    environment = os.environ | {"LINKTIME_DATABASE_URL": empty_database}
    processes = [
        subprocess.Popen([*LINKTIME, "migrate"], cwd=ROOT, env=environment, stdout=subprocess.PIPE) for _ in range(3)
    ]
    told = [process.communicate(timeout=120)[0].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sum("Applying accounts.0001_initial... OK" in text for text in told) == 1
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT count(*) FROM cache").fetchone() == (0,)
