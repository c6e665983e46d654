"""What is behind: the schema, jobs, grants, and what the CRMs do not show yet."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import Count

from linktime.cli import schema
from linktime.cli.doctor.finding import Finding, bad, good, note
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm import metrics
from linktime.crm.models import Organisation
from linktime.crm.weather import BREAKER
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


def connections() -> Iterator[Finding]:
    """Count connections by state, and those whose access has ended and is not renewed."""
    states = Connection.objects.values_list("service", "state").annotate(count=Count("id")).order_by("service", "state")
    for service, state, count in states:
        text = f"{service}: {count} {Connection.State(state).label.lower()}"
        if state == Connection.State.NEEDS_RECONNECT:
            yield bad("crm", f"{text}.", "Their owners were told by mail.")
        else:
            yield good("crm", text)
    ended = Connection.objects.filter(state=Connection.State.CONNECTED, expires_at__lt=clock.now() - LATE)
    refused = ended.exclude(error_code="").values_list("service", "error_code")
    for service, code, count in refused.annotate(count=Count("id")).order_by("service", "error_code"):
        yield bad(
            "crm",
            f"{service}: the access of {count} has ended and is not renewed: {code}.",
            f"Check LINKTIME_{service.upper()}_CLIENT_ID and _SECRET, and the worker's log.",
        )


def records() -> Iterator[Finding]:
    """Tell what the CRMs do not show: what failed, what is late, and which of them do not answer."""
    for gauge in metrics.gauges():
        crm, much = gauge.labels.get("crm", ""), gauge.value
        if gauge.metric == "linktime_sync_failed":
            yield bad("sync", f"{crm}: {much:.0f} bookings failed.", "Activity says of each why, and what to do.")
        elif gauge.metric == "linktime_sync_oldest_pending_seconds" and much > LATE.total_seconds():
            yield bad(
                "sync", f"{crm}: a change has waited for {_length(much)}.", "Is a worker running? Does it answer?"
            )
    silent = Organisation.objects.filter(failures__gte=BREAKER).values_list("crm").annotate(count=Count("id"))
    for crm, count in silent.order_by("crm"):
        yield note("sync", f"{crm}: {count} organisations do not answer; they are asked again by themselves.")


def _length(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds < 2 * 3600 else f"{seconds / 3600:.0f} hours"
