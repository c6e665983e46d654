"""How the queues are doing, for operators."""

from collections.abc import Iterator

from django.db import connection

from linktime.core.counting import Gauge
from linktime.jobs.enqueue import CRM, DELIVER, SYSTEM, TROUBLED
from linktime.jobs.rescue import STALLED

_WAITING = "SELECT queue_name, count(*) FROM procrastinate_jobs WHERE status = 'todo' GROUP BY queue_name"
_WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"


def gauges() -> Iterator[Gauge]:
    """Yield the jobs that wait in each queue, and how many workers of a queue are alive."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        waiting = dict.fromkeys((CRM, TROUBLED, DELIVER, SYSTEM), 0) | dict(cursor.fetchall())
        cursor.execute(_WORKERS, [STALLED])
        alive = cursor.fetchone()[0]
    for queue, count in waiting.items():
        yield Gauge("linktime_queue_jobs", {"queue": queue}, count)
    yield Gauge("linktime_workers", {}, alive)
