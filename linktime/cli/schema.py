"""Bring the database up to date, whoever else does so at the same moment."""

import contextlib
from collections.abc import Iterator

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

LOCK = 5_463_281  # any number, the same for all LinkTime processes


def migrate(*, quiet: bool = False) -> None:
    """Apply what is missing, and make the cache's table."""
    with _alone():
        call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
        call_command("createcachetable", verbosity=0)


def missing() -> list[str]:
    """Return the names of migrations that are not applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold PostgreSQL's advisory lock on a session of its own: a migration may close ours. It dies with its holder."""
    session = connection.copy()
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    finally:
        session.close()
