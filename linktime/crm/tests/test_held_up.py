"""Bookings that do not reach a CRM are told of, so that somebody can be told who is not looking."""

from datetime import timedelta

import pytest

from linktime.connections.models import Connection
from linktime.core.clock import now
from linktime.crm import trouble
from linktime.crm.events import BookingsHeldUp
from linktime.crm.models import SyncRecord
from linktime.crm.testing.looking import record_of
from linktime.notifications.models import Digest

RULE = {"object": "Contact", "field": "Phone", "kind": "required", "message": "A phone number is needed"}
BUSY = {"kind": "status", "status": 503, "body": "busy"}


@pytest.fixture
def told(monkeypatch):
    events = []
    monkeypatch.setattr("linktime.crm.remember.events.publish", events.append)
    return events


def test_a_failure_is_told_of_and_a_digest_is_due(connected, emulator):
    emulator.settings(validation_rules=[RULE])
    connected.book("grace@example.com")
    connected.drain()
    assert Digest.objects.get().due_at > now()


def test_each_failure_is_named_once(connected, emulator, told):
    emulator.settings(validation_rules=[RULE])
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(2)]
    bookings.append(connected.book("fine@example.com", phone="+12025550123"))
    connected.drain()
    failed = [record for event in told if isinstance(event, BookingsHeldUp) for record in event.failed]
    assert sorted(failed) == [record_of(booking).pk for booking in bookings[:2]]


def test_what_arrives_or_only_waits_a_while_is_not_told_of(connected, emulator, told):
    connected.book("grace@example.com")
    connected.drain()
    emulator.fault(BUSY, path="/composite$")
    connected.book("alan@example.com")
    connected.drain()
    assert [event for event in told if isinstance(event, BookingsHeldUp)] == []


def test_what_waits_for_a_day_is_told_of(connected, emulator, told):
    emulator.fault(BUSY, path="/composite$")
    booking = connected.book("alan@example.com")
    SyncRecord.objects.update(wanted_at=now() - timedelta(days=1, minutes=1))
    connected.drain()
    (event,) = [event for event in told if isinstance(event, BookingsHeldUp)]
    assert (event.connection, event.failed) == (Connection.objects.get(), ())
    (found,) = trouble.between(booking.account_id, now() - timedelta(hours=1), now())
    assert (found.service, found.count, found.bookings) == ("Salesforce", 1, (str(booking),))
    assert found.remedy == "Nothing to do: LinkTime tries again by itself."


def test_reasons_are_told_apart_and_bookings_named(connected, emulator):
    emulator.settings(validation_rules=[RULE])
    bookings = [connected.book(f"invitee{n}@example.com", f"Invitee {n}") for n in range(5)]
    connected.drain()
    SyncRecord.objects.filter(booking=bookings[0]).update(error_code="INSUFFICIENT_ACCESS")
    first, second = trouble.between(bookings[0].account_id, now() - timedelta(hours=1), now())
    assert (first.count, first.more, len(first.bookings)) == (4, 1, 3)
    assert "validation rule" in first.what
    assert second.bookings == (str(bookings[0]),)
    assert trouble.between(bookings[0].account_id, now(), now() + timedelta(hours=1)) == []
