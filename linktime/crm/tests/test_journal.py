"""Each attempt is a line in the log with the rows it was about, and leads to the trace of the change."""

import json
import logging
from datetime import timedelta

import pytest

from linktime.bookings.models import BookingChange
from linktime.core import telemetry
from linktime.core.clock import now
from linktime.core.logs import Json
from linktime.crm import journal
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.crm.tests.test_metrics import REFUSAL


@pytest.fixture
def lines(monkeypatch):
    """What a JSON log has."""
    found = []
    monkeypatch.setattr(journal.logger, "handle", lambda record: found.append(json.loads(Json().format(record))))
    return found


@pytest.fixture
def drained(connected, django_capture_on_commit_callbacks):
    """Book, and do the rest as a worker would."""

    def drained():
        with django_capture_on_commit_callbacks(execute=True):
            booking = connected.book("grace@example.com")
            connected.drain()
        return booking

    return drained


def test_an_attempt_is_a_line_that_names_its_rows(drained, lines):
    booking = drained()
    record, attempt = SyncRecord.objects.get(), SyncAttempt.objects.get()
    (line,) = lines
    assert line.pop("ms") == attempt.ms
    assert {name: line[name] for name in line if name not in {"time", "logger"}} == {
        "level": "info",
        "message": "create: done",
        "booking": booking.pk,
        "revision": 1,
        "record": record.pk,
        "connection": record.connection_id,
        "organisation": record.organisation_id,
        "attempt": attempt.pk,
        "outcome": "done",
        "calls": attempt.calls,
    }


def test_a_failure_is_told_by_its_code_alone(drained, emulator, lines):
    """What the CRM says of it may quote what was sent."""
    refusal = {**REFUSAL, "body": [{"errorCode": "INVALID_EMAIL_ADDRESS", "message": "grace@example.com is none"}]}
    emulator.fault(refusal, path="/composite$")
    drained()
    assert [(line["level"], line["code"]) for line in lines] == [("warning", "INVALID_EMAIL_ADDRESS")]
    assert "grace" not in json.dumps(lines)
    assert logging.getLogger(journal.__name__).isEnabledFor(logging.INFO)


def test_a_drain_leads_to_the_traces_of_the_changes_it_brought_over(
    connected, traced, django_capture_on_commit_callbacks
):
    """The wake-up may have come from a sweep: the trace of the booking is in its change."""
    with telemetry.span("web"):
        connected.book("grace@example.com")
    assert len(BookingChange.objects.get().trace) == 55
    with telemetry.span("drain"), django_capture_on_commit_callbacks(execute=True):
        connected.drain()
    web, *calls, drain = traced.spans()
    assert [link.context.trace_id for link in drain.links] == [web.context.trace_id]
    assert calls
    assert {call.parent.span_id for call in calls} == {drain.context.span_id}


@pytest.fixture
def old(connected):
    """A record whose attempt was made a hundred days ago."""
    booking = connected.book("grace@example.com")
    connected.drain()
    SyncAttempt.objects.update(at=now() - timedelta(days=100))
    return SyncRecord.objects.get(booking=booking)


@pytest.mark.parametrize(("days", "left"), [(90, 0), (101, 1), (0, 1)])
def test_attempts_are_kept_as_long_as_the_operator_wants(old, settings, days, left):
    settings.RETENTION_DAYS = days
    journal.forget_attempts.func(0)
    assert SyncAttempt.objects.count() == left


@pytest.mark.parametrize("state", ["failed", "pending"])
def test_what_is_not_settled_keeps_its_attempts(old, state):
    SyncRecord.objects.update(state=state)
    assert journal.delete_old(90, now()) == 0


def test_many_are_deleted_in_small_steps(old, monkeypatch):
    monkeypatch.setattr(journal, "AT_ONCE", 2)
    values = {"revision": 1, "action": "update", "calls": 1, "ms": 1, "outcome": "done"}
    days = [1, 89, 91, 92, 93, 94]
    SyncAttempt.objects.bulk_create(
        SyncAttempt(record=old, at=now() - timedelta(days=number), **values) for number in days
    )
    assert journal.delete_old(90, now()) == 5
    assert SyncAttempt.objects.count() == 2
