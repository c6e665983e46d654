"""How the CRMs are doing, for operators: what waits (asked of the database now) and what was tried (counted from rows).

Each question costs an index look-up for each connection, however many records there are.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from linktime.connections.models import Connection
from linktime.core.counting import BUCKETS, SECONDS, SUM, Gauge, Series
from linktime.crm.models import SyncAttempt
from linktime.jobs import tally
from linktime.jobs.uncounted import take_uncounted

AT_ONCE = 20_000
MOST_COUNTED = 10_000

ATTEMPTS = "linktime_sync_attempts_total"
ERRORS = "linktime_sync_errors_total"
LATENCY = "linktime_sync_latency_seconds"

_OLDEST = """
    SELECT crm.service, extract(epoch FROM max(now() - oldest.pending_since))::float8
    FROM connections_connection crm CROSS JOIN LATERAL (
        SELECT pending_since FROM crm_syncrecord record
        WHERE record.connection_id = crm.id AND record.state = 'pending' ORDER BY pending_since LIMIT 1
    ) oldest
    WHERE crm.state = 'connected' GROUP BY crm.service
"""
_HOW_MANY = """
    SELECT service, count(*) FROM connections_connection crm CROSS JOIN LATERAL (
        SELECT FROM crm_syncrecord record WHERE record.connection_id = crm.id AND record.state = %s LIMIT %s
    ) records
    WHERE crm.state <> 'disconnected' GROUP BY service
"""
_TRIED = """
    SELECT crm.service, attempt.action, attempt.outcome, count(*)
    FROM crm_syncattempt attempt
    JOIN crm_syncrecord record ON record.id = attempt.record_id
    JOIN connections_connection crm ON crm.id = record.connection_id
    WHERE attempt.id = ANY(%s) GROUP BY 1, 2, 3
"""
_FAILED = """
    SELECT crm.service,
           CASE WHEN attempt.error_code ~ '^[A-Za-z0-9_.:-]{1,60}$' THEN attempt.error_code ELSE 'other' END,
           count(*)
    FROM crm_syncattempt attempt
    JOIN crm_syncrecord record ON record.id = attempt.record_id
    JOIN connections_connection crm ON crm.id = record.connection_id
    WHERE attempt.id = ANY(%s) AND attempt.error_code <> '' GROUP BY 1, 2
"""
# From the commit of a change to the CRM's answer; a booking that is older than the connection waited for nobody.
_TOOK = """
    SELECT service, width_bucket(seconds, %s::float8[]), count(*), sum(seconds) FROM (
        SELECT crm.service, greatest(extract(epoch FROM attempt.at - change.at), 0)::float8 AS seconds
        FROM crm_syncattempt attempt
        JOIN crm_syncrecord record ON record.id = attempt.record_id
        JOIN connections_connection crm ON crm.id = record.connection_id
        JOIN bookings_bookingchange change
          ON change.booking_id = record.booking_id AND change.revision = attempt.revision
        WHERE attempt.id = ANY(%s) AND attempt.outcome = 'done' AND attempt.action <> 'recheck'
          AND change.at >= crm.connected_at
    ) latencies GROUP BY 1, 2
"""


def gauges() -> Iterator[Gauge]:
    """Yield what is the case now. `linktime_sync_pending` and `_failed` count to 10,000 for each connection."""
    for state in ("pending", "failed"):
        for crm, count in _rows(_HOW_MANY, state, MOST_COUNTED):
            yield Gauge(f"linktime_sync_{state}", {"crm": crm}, count)
    for crm, seconds in _rows(_OLDEST):
        yield Gauge("linktime_sync_oldest_pending_seconds", {"crm": crm}, max(seconds, 0))
    states = Connection.objects.values_list("service", "state").annotate(Count("pk")).order_by("service", "state")
    for service, state, count in states:
        yield Gauge("linktime_connections", {"crm": service, "state": state}, count)


@transaction.atomic
def count_attempts() -> None:
    """Count what has been tried since the last time, each attempt once, whoever asks at the same moment."""
    ids = take_uncounted(SyncAttempt, most=AT_ONCE)
    if ids:
        tally.add(dict(_counted(ids)))


def _counted(ids: list[int]) -> Iterator[tuple[Series, float]]:
    for crm, action, outcome, count in _rows(_TRIED, ids):
        yield Series(ATTEMPTS, (("action", action), ("crm", crm), ("outcome", outcome))), count
    for crm, code, count in _rows(_FAILED, ids):
        yield Series(ERRORS, (("code", code), ("crm", crm))), count
    seconds: dict[str, float] = {}
    for crm, place, count, total in _rows(_TOOK, list(SECONDS), ids):
        yield Series(LATENCY, (("crm", crm),), BUCKETS[place]), count
        seconds[crm] = seconds.get(crm, 0) + total
    for crm, total in seconds.items():
        yield Series(LATENCY, (("crm", crm),), SUM), total


def _rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
