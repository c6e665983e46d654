"""Attio is busy, down, or lets us in no more: rows keep their place, and nothing is lost."""

import pytest

from linktime.connections.models import Connection
from linktime.crm.providers.attio.tests.shown import titles
from linktime.crm.testing.looking import record_of

LATER = {"minutes": 20}
UNAUTHORIZED = {"status_code": 401, "type": "auth_error", "code": "unauthorized", "message": "The API Key is invalid."}
MERGING = {"status_code": 400, "type": "invalid_request_error", "code": "merge_in_progress", "message": "Merging."}


def connection():
    return Connection.objects.get()


@pytest.mark.parametrize(
    "action",
    [
        {"kind": "status", "status": 503, "body": "<html>busy</html>"},
        {"kind": "status", "status": 500, "body": "oops"},
        {"kind": "status", "status": 200, "body": '{"data": '},
        {"kind": "status", "status": 400, "body": MERGING},
        {"kind": "drop"},
    ],
)
def test_trouble_delays_and_loses_nothing(connected, emulator, later, action):
    emulator.fault(action, method="PUT", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    assert record_of(booking).state == "pending"
    assert emulator.state()["notes"] == []
    connected.drain(later(**LATER))
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["notes"]) == 1


def test_what_was_done_when_the_trouble_began_is_kept(connected, emulator, later):
    """One request breaks; notes that the others had written by then are not written again."""
    emulator.settings(latency_ms=60)
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(12)]
    for booking in bookings:
        connected.move(booking)
    emulator.fault({"kind": "status", "status": 503, "body": "busy"}, method="PUT", skip=7, times=1)
    connected.drain()
    written = len(titles(emulator))
    assert written
    assert sum(record_of(booking).shown_revision for booking in bookings) == written
    assert {record_of(booking).attempt is None for booking in bookings} == {True}
    connected.drain(later(**LATER))
    assert len(titles(emulator)) == 24
    assert {record_of(booking).state for booking in bookings} == {"synced"}


@pytest.mark.parametrize("times", [1, 2])
def test_a_401_by_mistake_is_asked_again(connected, emulator, times):
    """Seen under load, while the token is good."""
    emulator.fault({"kind": "status", "status": 401, "body": UNAUTHORIZED}, path="/v2/notes$", times=times)
    booking = connected.book("grace@example.com")
    connected.drain()
    assert record_of(booking).state == "synced"
    assert (connection().state, len(emulator.state()["notes"])) == ("connected", 1)


def test_a_401_that_stays_needs_a_person(connected, emulator):
    emulator.fault({"kind": "status", "status": 401, "body": UNAUTHORIZED}, path="/v2/notes$")
    booking = connected.book("grace@example.com")
    connected.drain()
    assert (connection().state, record_of(booking).state) == ("needs_reconnect", "pending")


def test_a_token_works_without_end(connected, emulator, later):
    booking = connected.book("grace@example.com")
    assert connection().expires_at is None
    connected.drain(later(days=800))
    assert record_of(booking).state == "synced"
    assert not [row for row in emulator.requests() if row["path"].endswith("/oauth/token")]


def test_a_scope_that_was_taken_away_is_named(connected, emulator):
    connected.connect(crm="attio", scope="record_permission:read-write object_configuration:read")
    booking = connected.book("grace@example.com")
    connected.drain()
    assert (connection().state, connection().error_code) == ("needs_reconnect", "scope_missing")
    assert "note:read-write" in connection().error_message
    assert record_of(booking).state == "pending"


def test_salesforce_and_attio_are_synced_side_by_side(connected, emulator):
    """And what fails in one is no matter to the other."""
    connected.connect()
    emulator.fault({"kind": "status", "status": 503, "body": "busy"}, path="/v2/")
    booking = connected.book("grace@example.com")
    connected.drain()
    states = dict(booking.sync_records.values_list("connection__service", "state"))
    assert states == {"salesforce": "synced", "attio": "pending"}
