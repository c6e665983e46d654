"""What is behind: the schema, jobs, grants, and what the CRMs do not show yet."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count

from linktime.cli import schema
from linktime.cli.doctor.finding import Finding, bad, good, note
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm.models import SyncRecord
from linktime.jobs.rescue import STALLED

LATE = timedelta(minutes=5)  # a job that has waited so long should have been done
WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"
WAITING = """
    SELECT job.queue_name, count(*), max(now() - greatest(event.at, job.scheduled_at))
    FROM procrastinate_jobs job
    JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
    WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()
    GROUP BY job.queue_name ORDER BY job.queue_name
"""
FAILED = (
    "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY task_name ORDER BY task_name"
)


def schema_state() -> Iterator[Finding]:
    missing = schema.missing()
    if missing:
        yield bad("database", f"{len(missing)} migrations are missing.", "Run: linktime migrate")
    else:
        yield good("database", "is up to date")


def workers() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(WORKERS, [STALLED])
        (count,) = cursor.fetchone()
    if count:
        yield good("worker", f"{count} queues are being worked on")
    else:
        yield bad("worker", "none is running: no mail goes out and no CRM is updated.", "Start linktime work.")


def jobs() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        for queue, count, age in cursor.fetchall():
            text = f"{queue}: {count} waiting, the oldest for {age.total_seconds():.0f} s"
            yield bad("jobs", f"{text}.", "Start more workers.") if age > LATE else note("jobs", text)
        cursor.execute(FAILED)
        for task, count in cursor.fetchall():
            yield bad("jobs", f"{task} failed {count} times.", "See the worker's log; they are kept for 30 days.")


def keys() -> Iterator[Finding]:
    newest = next(iter(settings.ENCRYPTION_KEYS))
    yield good("keys", f"new grants are sealed under {newest}; {len(settings.ENCRYPTION_KEYS)} in the ring")


def crm() -> Iterator[Finding]:
    """Count connections by state, and what they have not synced."""
    states = Connection.objects.values_list("service", "state").annotate(count=Count("id")).order_by("service", "state")
    for service, state, count in states:
        text = f"{service}: {count} {Connection.State(state).label.lower()}"
        if state == Connection.State.NEEDS_RECONNECT:
            yield bad("crm", f"{text}.", "Their owners were told by mail.")
        else:
            yield good("crm", text)
    yield from _records()


def _records() -> Iterator[Finding]:
    failed = SyncRecord.objects.filter(state=SyncRecord.State.FAILED).count()
    if failed:
        yield bad(
            "crm", f"{failed} bookings failed to sync.", "Each says why and what to do, at Activity and in the API."
        )
    working = SyncRecord.objects.filter(connection__state=Connection.State.CONNECTED)
    waiting = working.filter(state=SyncRecord.State.PENDING, due_at__lt=clock.now() - LATE).count()
    if waiting:
        yield bad("crm", f"{waiting} bookings have been due for more than 5 minutes.", "Is a worker running?")
