"""Jobs whose worker died are put back; jobs that failed long ago are thrown away.

Everything is judged by the database's clock. A worker that was only paused therefore finds its job taken up by another:
every task has to bear being run twice.
"""

import logging

from django.db import IntegrityError, connection, transaction

from linktime.jobs.enqueue import periodic

logger = logging.getLogger(__name__)

HEARTBEAT = 2.0  # seconds between two signs of life of a worker
STALLED = 8.0  # seconds without one, and its jobs are put back
KEEP_DAYS = 30

STALLED_JOBS = """
    SELECT job.id, job.task_name FROM procrastinate_jobs job
    LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
    ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
"""
# Procrastinate tells waiting workers of new jobs only; without the notice the next poll would be 5 s away.
PUT_BACK = """
    SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL),
           pg_notify('procrastinate_queue_v1#' || queue_name,
                     json_build_object('type', 'job_inserted', 'job_id', id)::text)
    FROM procrastinate_jobs WHERE id = %s
"""
OLD_JOBS = """
    DELETE FROM procrastinate_jobs job
    WHERE job.status NOT IN ('todo', 'doing') AND NOT EXISTS (
        SELECT FROM procrastinate_events event
        WHERE event.job_id = job.id AND event.at > now() - make_interval(days => %s)
    )
"""


@periodic(cron="* * * * * */5")
def rescue(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    put_back_stalled()


@periodic(cron="17 * * * * 0")
def purge(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    delete_old()


def put_back_stalled(stalled: float = STALLED) -> int:
    """Put back the jobs of workers without a sign of life for `stalled` seconds, and return how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STALLED_JOBS, [stalled])
        jobs = cursor.fetchall()
        for number, task in jobs:
            logger.warning("Job %s (%s) was left by a worker that is gone; it is run again", number, task)
            _put_back(number)
    return len(jobs)


def _put_back(number: int) -> None:
    """Put one job back, or drop it where a newer one with its queueing lock waits: that one does the same work."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():  # a savepoint
                cursor.execute(PUT_BACK, [number])
        except IntegrityError:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])


def delete_old(days: int = KEEP_DAYS) -> int:
    """Delete jobs that ended, badly or by being cancelled, more than `days` ago; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(OLD_JOBS, [days])
        return int(cursor.rowcount)
