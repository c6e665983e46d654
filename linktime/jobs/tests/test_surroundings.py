"""What a job logs says which task it is, and which rows it is about."""

import json
import logging

import pytest

from linktime.core import telemetry
from linktime.core.logs import Json
from linktime.jobs.enqueue import SYSTEM, enqueue, enqueue_once, periodic, task
from tests import jobs

logger = logging.getLogger("linktime.jobs.tests")


@task(queue=SYSTEM)
def tell(booking_id: int, recipient: str) -> None:
    logger.warning("at work")


@periodic(cron="0 0 1 1 * 0")
def yearly(timestamp: int) -> None:
    logger.warning("at work")


@pytest.fixture
def lines(monkeypatch):
    """What a JSON log has, while it is written."""
    found = []
    monkeypatch.setattr(logger, "handle", lambda record: found.append(json.loads(Json().format(record))))
    return found


def test_a_line_names_the_task_and_its_rows(lines):
    tell.func(booking_id=12, recipient="grace@example.com")
    yearly.func(5)
    assert [(line["task"], line.get("booking")) for line in lines] == [
        ("linktime.jobs.tests.test_surroundings.tell", 12),
        ("linktime.jobs.tests.test_surroundings.yearly", None),
    ]
    assert "recipient" not in lines[0]


@pytest.mark.django_db
def test_a_job_goes_on_with_the_trace_that_enqueued_it(traced):
    with telemetry.span("web"):
        enqueue(tell, booking_id=12, recipient="grace@example.com")
        enqueue_once(tell, "lock", booking_id=13, recipient="grace@example.com")
    jobs.work("tell")
    web, *work = traced.spans()
    assert {span.context.trace_id for span in work} == {web.context.trace_id}
    assert {span.parent.span_id for span in work} == {web.context.span_id}
    assert [span.name for span in work] == ["job linktime.jobs.tests.test_surroundings.tell"] * 2
    assert "grace" not in "".join(span.to_json() for span in work)


@pytest.mark.django_db
def test_a_job_that_was_enqueued_elsewhere_begins_a_trace(traced):
    enqueue(tell, booking_id=12, recipient="x")
    assert jobs.waiting("tell")[0].args == {"booking_id": 12, "recipient": "x"}
    jobs.work("tell")
    assert traced.spans()[0].parent is None


@pytest.mark.django_db
def test_a_worker_that_does_not_trace_does_traced_jobs(lines):
    """Not every process is restarted at once when traces are turned on or off."""
    tell.func(booking_id=12, recipient="x", _trace="00-" + "1" * 32 + "-" + "1" * 16 + "-01")
    assert len(lines) == 1


def test_what_runs_by_the_clock_begins_no_trace(traced):
    yearly.func(5)
    assert traced.spans() == []


def test_a_task_keeps_its_name():
    """Jobs that wait in the database are found by it."""
    assert tell.name == "linktime.jobs.tests.test_surroundings.tell"
    assert yearly.name == "linktime.jobs.tests.test_surroundings.yearly"
