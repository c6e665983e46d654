"""The only door to Procrastinate: jobs are rows, enqueued in the caller's transaction.

Queues have threads of their own, so that nothing waits for something slower: `crm` (drains), `crm_troubled` (drains of
organisations that do not answer), `deliver` (mail), `system` (sweeps, rescue).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from linktime.jobs.surroundings import Work, carrying, surrounded, surrounded_by_the_clock

CRM = "crm"
TROUBLED = "crm_troubled"
DELIVER = "deliver"
SYSTEM = "system"

_WITH_LOCK = "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo')"
_IN_QUEUES = "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE queue_name = ANY(%s) AND status = 'todo')"


def task(*, queue: str, retry: RetryStrategy | None = None) -> Callable[[Work], "Task[Any, Any, Any]"]:
    """Register a task. One that is enqueued with `enqueue_once` must have no `retry`: together they leave it stuck."""

    def register(function: Work) -> "Task[Any, Any, Any]":
        return app.task(queue=queue, retry=retry or False)(surrounded(function))

    return register


def periodic(*, cron: str, queue: str = SYSTEM) -> Callable[[Callable[[int], None]], "Task[Any, Any, Any]"]:
    """Register a task that runs by the clock; its one argument `timestamp` is the moment it was due (s since 1970).

    `cron` has six fields, the last one seconds. Of the runs that wait, one is kept.
    """

    def register(function: Callable[[int], None]) -> "Task[Any, Any, Any]":
        lock = f"{function.__module__}.{function.__name__}"
        return app.periodic(cron=cron)(app.task(queue=queue, queueing_lock=lock)(surrounded_by_the_clock(function)))

    return register


def enqueue(job: "Task[Any, Any, Any]", **arguments: Any) -> None:
    job.defer(**carrying(arguments))


def enqueue_all(job: "Task[Any, Any, Any]", arguments: Iterable[Mapping[str, Any]]) -> None:
    """Enqueue one job for each of these sets of arguments, in one query."""
    job.batch_defer(*(carrying(dict(each)) for each in arguments))


def enqueue_once(job: "Task[Any, Any, Any]", lock: str, *, queue: str | None = None, **arguments: Any) -> None:
    """Enqueue unless one with the same `lock` waits already (one that has begun does not count).

    `queue` may be another than the task's own. It looks first: whoever is refused rolls back, and a connection that
    rolls back forgets what it has prepared.
    """
    if _exists(_WITH_LOCK, lock):
        return
    try:
        with transaction.atomic():  # a savepoint: AlreadyEnqueued would poison the caller's transaction
            job.configure(queueing_lock=lock, queue=queue or job.queue).defer(**carrying(arguments))
    except AlreadyEnqueued:
        pass


def others_wait(*queues: str) -> bool:
    """Say whether a job of these queues waits for a thread."""
    return _exists(_IN_QUEUES, list(queues))


def _exists(question: str, value: str | list[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [value])
        (found,) = cursor.fetchone()
    return bool(found)
