"""Of jobs with one lock one waits at a time, and who enqueues another loses nothing by it."""

import pytest
from django.db import connection

from linktime.jobs import enqueue as door
from linktime.jobs.enqueue import SYSTEM, enqueue_once, task

pytestmark = pytest.mark.django_db


@task(queue=SYSTEM)
def nothing() -> None:
    """A task to be enqueued."""


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        return cursor.fetchone()[0]


def test_whoever_sees_that_one_waits_rolls_nothing_back(django_assert_num_queries):
    """A connection that rolls back, even to a savepoint, forgets the queries that it has prepared."""
    enqueue_once(nothing, "lock")
    with django_assert_num_queries(1):
        enqueue_once(nothing, "lock")
    enqueue_once(nothing, "other lock")
    assert waiting() == 2


def test_one_that_comes_between_the_look_and_the_job_spoils_nothing(monkeypatch):
    enqueue_once(nothing, "lock")
    monkeypatch.setattr(door, "_exists", lambda *_: False)
    enqueue_once(nothing, "lock")
    assert waiting() == 1
