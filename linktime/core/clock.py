"""The one place that reads the clock. The domain gets `now` passed in; edges (views, tasks, commands) call this."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import connection


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def shared() -> Callable[[], datetime]:
    """Return the clock of the database, which is the same for all machines: asked now, and carried on from here.

    For what one process writes down and another compares with its own present.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (asked,) = cursor.fetchone()
    since = time.monotonic()
    return lambda: asked + timedelta(seconds=time.monotonic() - since)
