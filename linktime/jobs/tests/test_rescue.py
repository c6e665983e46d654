"""What becomes of jobs whose worker is gone, and of jobs that failed long ago."""

import pytest
from django.db import connection

from linktime.jobs import rescue
from linktime.jobs.enqueue import SYSTEM, enqueue, enqueue_once, task

pytestmark = pytest.mark.django_db


@task(queue=SYSTEM)
def nothing() -> None:
    """A task to be enqueued."""


def run(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def worker(*, silent_for: float) -> int:
    past = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id"
    return run(past, silent_for)[0][0]


def begin(number: int) -> int:
    """Have a worker take the job that waits; return the job's number."""
    return run("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", number)[0][0]


def statuses() -> list[str]:
    return [status for (status,) in run("SELECT status::text FROM procrastinate_jobs ORDER BY id")]


def test_a_dead_workers_job_is_put_back():
    enqueue(nothing)
    begin(worker(silent_for=9))
    assert rescue.put_back_stalled() == 1
    assert statuses() == ["todo"]


def test_a_live_workers_job_is_left_alone():
    enqueue(nothing)
    begin(worker(silent_for=1))
    assert rescue.put_back_stalled() == 0
    assert statuses() == ["doing"]


def test_a_job_whose_worker_has_left_the_books_is_put_back():
    enqueue(nothing)
    number = worker(silent_for=0)
    begin(number)
    run("DELETE FROM procrastinate_workers WHERE id = %s", number)
    assert rescue.put_back_stalled() == 1


def test_a_newer_twin_takes_the_place_of_the_stalled_job():
    """Both have one queueing lock, and only one may wait: the stalled one goes, and the others are still put back."""
    enqueue_once(nothing, "lock")
    number = worker(silent_for=9)
    stalled = begin(number)
    enqueue(nothing)
    begin(number)
    enqueue_once(nothing, "lock")
    assert rescue.put_back_stalled() == 2
    assert statuses() == ["todo", "todo"]
    assert run("SELECT id FROM procrastinate_jobs WHERE id = %s", stalled) == []


@pytest.mark.parametrize(("days", "left"), [(29, ["failed"]), (31, [])])
def test_failed_jobs_are_kept_for_thirty_days(days, left):
    enqueue(nothing)
    number = begin(worker(silent_for=0))
    run("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", number)
    run("UPDATE procrastinate_events SET at = now() - make_interval(days => %s)", days)
    rescue.delete_old()
    assert statuses() == left


def test_waiting_jobs_are_never_purged():
    enqueue(nothing)
    run("UPDATE procrastinate_events SET at = now() - make_interval(days => 400)")
    rescue.delete_old()
    assert statuses() == ["todo"]
