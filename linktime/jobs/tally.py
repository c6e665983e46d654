"""Counts of all processes, added up in the database: workers have no port, and there is any number of them.

Every process brings what it has counted every few seconds. A killed one takes a few seconds' counts with it; what is
counted from rows (`crm/metrics.py`) is exact.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread

from django.conf import settings
from django.db import connection

from linktime.core import counting
from linktime.core.counting import Series

logger = logging.getLogger(__name__)

EVERY = 5.0  # seconds
PATIENCE = 5.0  # seconds for the last ones, when the process ends

# in one order everywhere: two processes that add to the same series then wait for each other, and never both
_ADD = """
    INSERT INTO jobs_tally (metric, labels, bucket, value)
    SELECT * FROM unnest(%s::text[], %s::jsonb[], %s::text[], %s::float8[])
    ON CONFLICT (metric, labels, bucket) DO UPDATE SET value = jobs_tally.value + excluded.value
"""


def add(counts: Mapping[Series, float]) -> None:
    """Add counts to what all have counted."""
    if not counts:
        return
    rows = sorted((one.metric, json.dumps(dict(one.labels)), one.bucket, float(value)) for one, value in counts.items())
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])


def bring() -> None:
    """Bring what this process has counted; it keeps it while the database is away."""
    taken = counting.take()
    try:
        add(taken)
    except Exception:
        counting.give_back(taken)
        logger.warning("counts wait for the database", exc_info=True)


@contextmanager
def brought() -> Iterator[None]:
    """Bring what this process counts within the block, from a thread of its own; nothing where nobody asks for it."""
    if not settings.METRICS_TOKEN:
        yield
        return
    stop = Event()
    thread = Thread(target=_bring_until, args=[stop], name="tally", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)


def _bring_until(stop: Event) -> None:
    ending = False
    while not ending:
        ending = stop.wait(EVERY)
        bring()
        connection.close()
