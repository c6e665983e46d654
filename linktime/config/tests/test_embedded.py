"""The PostgreSQL that comes along: real servers in odd places."""

import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from linktime.config import embedded

pytestmark = pytest.mark.acceptance


@pytest.fixture
def place():
    """A folder outside of pytest's own, which every session of pytest closes to others: as root, to PostgreSQL too."""
    with tempfile.TemporaryDirectory(prefix="linktime-embedded-") as name:
        yield Path(name)


@pytest.mark.parametrize("name", [pytest.param("plain", marks=pytest.mark.long), "it's a, folder " + "x" * 120])
def test_it_runs_in_any_folder_and_stops_with_the_last_user(place, name):
    """Data is kept from one start to the next, and two users share one server."""
    folder = place / name / "postgres"
    with embedded.shared(folder) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("CREATE EXTENSION btree_gist")
        connection.commit()
        with embedded.shared(folder) as same:
            assert same == url
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert not embedded.answers(folder)
    with embedded.shared(folder) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_the_note_of_a_dead_server_is_not_in_the_way(place):
    """After a power cut another process can have the server's number."""
    folder = place / "postgres"
    with embedded.shared(folder):
        pass
    other = subprocess.Popen(["sleep", "60"], **embedded.identity())
    try:
        (folder / "postmaster.pid").write_text(f"{other.pid}\n{folder}\n1\n5432\n\n\n1 2\nready\n")
        with embedded.shared(folder):
            assert embedded.answers(folder)
    finally:
        other.kill()
        other.wait()


def test_what_can_not_start_says_where_its_log_is(place):
    folder = place / "postgres"
    embedded.prepare(folder)
    (folder / "postgresql.conf").write_text("nonsense = 1\n")
    with pytest.raises(embedded.EmbeddedPostgresError, match=r"did not start in .*; its log is"):
        embedded.start(folder)
