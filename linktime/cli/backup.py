"""`linktime backup` and `linktime restore`: the database in one file, and what has to be done after it was put back.

The keys that secrets are sealed under are not in that file: whoever has both can read everything.
"""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from linktime.cli import schema
from linktime.cli.problems import Stop
from linktime.config import pgtools
from linktime.connections import rotation
from linktime.core import clock
from linktime.crm import restored

OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
PATIENCE = 3.0  # seconds
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


def make(file: Path, *, keys: str) -> None:
    """Write a backup, and say what else to keep: the `keys`, wherever they are."""
    if file.exists():
        raise Stop(f"{file} exists already. Choose another name, or remove it.")
    try:
        pgtools.dump(file)
    except OSError as error:
        raise Stop(f"{file} can't be written ({error.strerror}).") from error
    except pgtools.ToolError:
        with suppress(OSError):
            file.unlink()
        raise
    print(f"The database is in {file}, {file.stat().st_size / 1024 / 1024:.1f} MB.")
    print(f"Its secrets are sealed. Keep elsewhere, to open them: {keys}.")


def put_back(file: Path, *, keys: str, ask: Callable[[str], bool]) -> None:
    """Replace the database by a backup, and do what has to be done then."""
    if "django_migrations" not in pgtools.tables_in(file):
        raise Stop(f"{file} is no backup of LinkTime.")
    _require_alone()
    if connection.introspection.table_names() and not ask("Throw away what is in the database, and put this back?"):
        return
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
    connection.close()
    pgtools.restore(file)
    after(keys=keys)


def after(*, keys: str) -> None:
    """Do what has to be done after a backup was put back, by whomever."""
    schema.migrate(quiet=True)
    count = restored.distrust(clock.now())
    print("The database is as it was.")
    if count:
        print(f"{count} bookings were on their way to a CRM then; each is looked up there before it is made.")
    _tell_of_keys(rotation.key_ids(), keys)


def _require_alone() -> None:
    """Raise Stop while others are connected; our own connections and those of whoever just ended go away soon."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL has it
    until = time.monotonic() + PATIENCE
    while others := _others():
        if time.monotonic() > until:
            raise Stop(f"{others} others are connected to the database. Stop linktime serve and linktime work first.")
        time.sleep(0.1)


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        return int(cursor.fetchone()[0])


def _tell_of_keys(key_ids: Counter[str], place: str) -> None:
    lost = {name: count for name, count in key_ids.items() if name not in settings.ENCRYPTION_KEYS}
    for name, count in sorted(lost.items()):
        print(f"{count} secrets are sealed under {name}, a key that is not here. Put it back: {place}.")
