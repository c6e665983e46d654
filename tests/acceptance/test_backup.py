"""A backup is put back on another machine, and what was on its way then is not made in a CRM a second time."""

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from linktime.crm import registry
from linktime.crm.models import SyncRecord
from tests.installation import Worker, database_url, services, wait_until
from tests.processes import LINKTIME, ROOT

pytestmark = [pytest.mark.acceptance, pytest.mark.long]


def linktime(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    options = {"cwd": ROOT, "env": os.environ | variables, "timeout": 120}
    return subprocess.run([*LINKTIME, *words], **options, capture_output=True, text=True, check=False)


@contextmanager
def another_database(name: str):
    """The URL of a database of its own on the test's server, empty as on a new machine."""
    server = os.environ["LINKTIME_DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name}")
    path, _, query = server.partition("?")
    try:
        yield f"{path.rpartition('/')[0]}/{name}?{query}"
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def rows(url: str, query: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def counted(place) -> dict[str, tuple[int, int]]:
    """How many people and how many records about bookings each CRM shows."""
    found = {}
    for crm, people, about in (
        ("salesforce", "contacts", "events"),
        ("hubspot", "contacts", "meetings"),
        ("attio", "people", "notes"),
    ):
        state = place.emulator.at(crm).state()
        found[crm] = len(state[people]), len(state[about])
    return found


@pytest.fixture
def place(installation, settings):
    """An account with all three CRMs, which show one booking; two more are on their way."""
    settings.SERVICES = services(installation.emulator)
    for crm in registry.crms():
        installation.connect(crm=crm)
    installation.shown = installation.book("grace@example.com")
    installation.drain()
    installation.book("grace@example.com"), installation.book("o'brien@example.com", "Pat O'Brien")
    return installation


def test_a_backup_put_back_elsewhere_makes_nothing_twice(place, tmp_path):
    """What waited reaches the CRMs after the backup; what was shown changes there."""
    file = tmp_path / "linktime.dump"
    made = linktime("backup", str(file), LINKTIME_DATABASE_URL=database_url())
    assert made.returncode == 0, made.stderr
    assert oct(file.stat().st_mode)[-3:] == "600"
    assert "Keep elsewhere, to open them: LINKTIME_ENCRYPTION_KEYS" in made.stdout
    place.move(place.shown)
    place.drain()
    ahead = counted(place)
    assert ahead == {"salesforce": (2, 3), "hubspot": (2, 3), "attio": (2, 4)}
    with another_database("put_back") as url:
        check_restored(place, file, url)
    assert counted(place) == ahead


def check_restored(place, file: Path, url: str) -> None:
    environment = place.environment() | {"LINKTIME_DATABASE_URL": url}
    done = linktime("restore", str(file), "--yes", **environment)
    assert done.returncode == 0, done.stderr
    assert "6 bookings were on their way to a CRM then" in done.stdout
    assert linktime("doctor", **environment).stdout.count("are under") == 0
    worker = Worker(environment)
    try:
        waiting = "SELECT id, state, error_code FROM crm_syncrecord WHERE state <> 'synced'"
        wait_until(lambda: not rows(url, waiting), 120, "everything is looked up and taken over")
    finally:
        worker.stop()
    assert rows(url, "SELECT count(*) FROM crm_syncrecord WHERE meeting_id <> ''") == [(9,)]


@pytest.mark.long
def test_a_key_that_is_missing_is_named(place, tmp_path):
    file = tmp_path / "linktime.dump"
    assert linktime("backup", str(file), LINKTIME_DATABASE_URL=database_url()).returncode == 0
    other = {"LINKTIME_ENCRYPTION_KEYS": "other:" + "QUFB" * 10 + "QUE="}
    with another_database("without_keys") as url:
        done = linktime("restore", str(file), "--yes", LINKTIME_DATABASE_URL=url, **other)
    assert done.returncode == 0, done.stderr
    assert "secrets are sealed under test, a key that is not here" in done.stdout


@pytest.mark.long
def test_nothing_is_put_back_under_somebodys_feet(place, tmp_path):
    """Web or worker are still connected; and what is no backup is left alone."""
    file, nonsense = tmp_path / "linktime.dump", tmp_path / "nonsense"
    here = {"LINKTIME_DATABASE_URL": database_url()}
    assert linktime("backup", str(file), **here).returncode == 0
    again = linktime("backup", str(file), **here)
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    refused = linktime("restore", str(file), "--yes", **here)
    assert (refused.returncode, "Stop linktime serve" in refused.stderr) == (1, True), refused
    nonsense.write_text("no dump")
    for name in (nonsense, tmp_path / "nowhere"):
        refused = linktime("restore", str(name), "--yes", **here)
        assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1), refused
    assert SyncRecord.objects.count() == 9


@pytest.mark.long
def test_a_folder_moves_to_another_machine_with_its_keys(tmp_path):
    """Without a database of one's own: the file, and `secrets.json` beside it."""
    local = {"LINKTIME_DATABASE_URL": "", "LINKTIME_SECRET_KEY": "", "LINKTIME_ENCRYPTION_KEYS": ""}
    here, there = tmp_path / "here", tmp_path / "there"
    variables = {name: value for name, value in os.environ.items() if name not in local}

    def run(folder: Path, *words: str) -> str:
        options = {"cwd": ROOT, "env": variables | {"LINKTIME_DATA_DIR": str(folder)}, "timeout": 180}
        done = subprocess.run([*LINKTIME, *words], **options, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(here, "account", "create", "ada@example.com", "--name", "Ada Lovelace")
    told = run(here, "backup", str(tmp_path / "linktime.dump"))
    assert str(here / "secrets.json") in told
    there.mkdir()
    (there / "linktime-data").touch()
    shutil.copy(here / "secrets.json", there)
    assert "The database is as it was." in run(there, "restore", str(tmp_path / "linktime.dump"), "--yes")
    assert "ada-lovelace" in run(there, "account", "list")
    assert json.loads((there / "secrets.json").read_text()) == json.loads((here / "secrets.json").read_text())
