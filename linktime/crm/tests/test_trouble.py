"""Salesforce is busy, down, or lets us in no more: rows keep their place, and nothing is lost."""

import pytest

from linktime.connections.models import Connection
from linktime.crm.models import Organisation, SyncRecord
from linktime.crm.tests.test_story import only, record_of

LATER = {"minutes": 20}


@pytest.mark.parametrize(
    "action",
    [
        {"kind": "status", "status": 503, "body": "<html>busy</html>"},
        {"kind": "status", "status": 500, "body": [{"errorCode": "UNKNOWN_EXCEPTION", "message": "m"}]},
        {"kind": "status", "status": 200, "body": '{"compositeResponse": ['},
        {
            "kind": "status",
            "status": 403,
            "body": [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests"}],
        },
        {"kind": "status", "status": 400, "body": [{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "m"}]},
        {"kind": "drop"},
    ],
)
def test_trouble_delays_and_loses_nothing(connected, emulator, later, action):
    emulator.fault(action, path="/composite$", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    assert record_of(booking).state == "pending"
    assert emulator.state()["events"] == []
    connected.drain(later(**LATER))
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["events"]) == 1


def test_an_organisation_in_trouble_is_left_alone(connected, emulator):
    """One failed call stops the batch; the others keep their place and their tries."""
    fault = {"kind": "status", "status": 503, "body": "busy"}
    emulator.fault(fault, path="/composite$")
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(4)]
    before = emulator.api_calls()
    connected.drain()
    assert emulator.api_calls() - before <= 1
    assert [record_of(booking).tries for booking in bookings[1:]] == [0, 0, 0]
    assert Organisation.objects.get().retry_at is not None


def test_an_access_token_that_ended_early_is_refreshed_once(connected, emulator):
    emulator.settings(clock_offset_seconds=7300)
    booking = connected.book("grace@example.com")
    connected.drain()
    assert record_of(booking).state == "synced"
    assert [row["path"] for row in emulator.requests()].count("/salesforce/services/oauth2/token") == 1


def test_a_revoked_grant_waits_for_a_person_and_then_all_is_synced(connected, emulator):
    """The rows stay pending; reconnecting to the same organisation goes on where it stopped."""
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(3)]
    emulator.revoke()
    connected.drain()
    connection = Connection.objects.get()
    assert connection.state == Connection.State.NEEDS_RECONNECT
    assert {record_of(booking).state for booking in bookings} == {"pending"}
    bookings.append(connected.book("late@example.com"))
    assert connected.connect().pk == connection.pk
    connected.drain()
    assert {record_of(booking).state for booking in bookings} == {"synced"}
    assert len(emulator.state()["events"]) == 4


def test_a_fault_of_ours_fails_one_record_and_the_others_go_on(connected, emulator, monkeypatch):
    from linktime.crm.providers.salesforce import convert

    original = convert.new_event

    def broken(meeting):
        if meeting.invitee.email == "invitee1@example.com":
            raise ZeroDivisionError
        return original(meeting)

    monkeypatch.setattr(convert, "new_event", broken)
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(3)]
    connected.drain()
    assert [record_of(booking).state for booking in bookings] == ["synced", "failed", "synced"]
    assert record_of(bookings[1]).error_code == "internal"


def test_bookings_made_while_nothing_was_connected_stay_unsynced(installation, emulator):
    """Their changes included."""
    booking = installation.book("grace@example.com")
    installation.connect()
    installation.move(booking)
    installation.drain()
    assert not SyncRecord.objects.exists()
    assert emulator.state()["events"] == []


def test_a_change_made_while_disconnected_reaches_the_same_organisation_later(connected, emulator):
    from linktime.connections.oauth import disconnect
    from linktime.core.clock import now
    from linktime.crm import registry

    booking = connected.book("grace@example.com")
    connected.drain()
    disconnect(Connection.objects.get(), registry.facts("salesforce"), now())
    connected.cancel(booking)
    connected.book("unsynced@example.com")
    connected.drain()
    assert not only(emulator.state()["events"])["Subject"].startswith("[Cancelled]")
    connected.connect()
    connected.drain()
    assert only(emulator.state()["events"])["Subject"].startswith("[Cancelled]")


def test_another_organisation_starts_afresh(connected, emulator):
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.connect(organisation="00D000000000099EAA")
    connected.move(booking)
    connected.book("new@example.com")
    connected.drain()
    assert len(emulator.state()["events"]) == 1
    assert len(emulator.state("00D000000000099EAA")["events"]) == 1


def test_two_accounts_of_one_organisation_share_its_contacts(connected, charlie, emulator):
    from tests.installation import Installation

    other = Installation(charlie, emulator)
    other.connect()
    connected.book("grace@example.com")
    other.book("Grace@Example.com")
    connected.drain()
    assert len(emulator.state()["contacts"]) == 1
    assert len(emulator.state()["events"]) == 2
    assert Organisation.objects.count() == 1
