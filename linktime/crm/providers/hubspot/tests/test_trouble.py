"""HubSpot is busy, down, or lets us in no more: rows keep their place, and nothing is lost or written twice."""

import pytest

from linktime.connections.models import Connection
from linktime.crm.models import Organisation
from linktime.crm.providers.hubspot.tests.shown import calls_of, only, record_of

LATER = {"minutes": 20}
LIMIT = {"status": "error", "message": "You have reached your ten_secondly_rolling limit.", "errorType": "RATE_LIMIT"}


@pytest.mark.parametrize("path", ["contacts/batch/upsert$", "contacts/batch/update$", "meetings/batch/create$"])
@pytest.mark.parametrize(
    "action",
    [
        {"kind": "status", "status": 502, "body": "<html>busy</html>"},
        {"kind": "status", "status": 500, "body": "oops"},
        {"kind": "status", "status": 200, "body": '{"results": ['},
        {"kind": "status", "status": 423, "body": {"status": "error", "message": "locked"}},
        {"kind": "status", "status": 429, "body": LIMIT | {"policyName": "TEN_SECONDLY_ROLLING"}},
        {"kind": "status", "status": 477, "body": "", "headers": {"Retry-After": "600"}},
        {"kind": "drop"},
        {"kind": "commit_then_drop"},
    ],
)
def test_trouble_delays_and_loses_nothing(connected, emulator, later, action, path):
    """At whichever call: the contact has both its names in the end, and there is one meeting."""
    emulator.fault(action, path=path, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    assert record_of(booking).state == "pending"
    connected.drain(later(**LATER))
    assert record_of(booking).state == "synced"
    facts = only(emulator.state()["contacts"])["properties"]
    assert (facts["firstname"], facts["lastname"]) == ("Grace", "Hopper")
    assert len(emulator.state()["meetings"]) == 1


def test_a_throttled_batch_goes_on_where_it_stopped(connected, emulator, later):
    """Nothing was done, so nothing is looked up: the same three calls later."""
    emulator.fault({"kind": "status", "status": 429, "body": LIMIT}, path="meetings/batch/create$", times=1)
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(5)]
    connected.drain()
    assert {record_of(booking).attempt for booking in bookings} == {None}
    assert calls_of(emulator, lambda: connected.drain(later(seconds=11))) == 2
    assert {record_of(booking).state for booking in bookings} == {"synced"}


def test_the_limit_of_ten_seconds_is_waited_for(connected, emulator, later):
    emulator.settings(ten_second_limit=2)
    booking = connected.book("grace@example.com")
    connected.drain()
    assert record_of(booking).error_code == "RATE_LIMITS"
    assert emulator.state()["meetings"] == []
    emulator.settings(ten_second_limit=110)
    connected.drain(later(seconds=11))
    assert record_of(booking).state == "synced"


def test_a_migration_is_waited_for_as_long_as_it_says(connected, emulator):
    from linktime.core.clock import now

    emulator.fault({"kind": "status", "status": 477, "body": "", "headers": {"Retry-After": "7200"}}, times=1)
    connected.book("grace@example.com")
    before = now()
    connected.drain()
    assert round((Organisation.objects.get().live_from - before).total_seconds() / 60) == 120


def test_an_account_in_trouble_is_left_alone(connected, emulator):
    emulator.fault({"kind": "status", "status": 503, "body": "busy"}, path="/crm/")
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(4)]
    before = len(emulator.requests())
    connected.drain()
    assert len(emulator.requests()) - before == 1
    assert [record_of(booking).tries for booking in bookings[1:]] == [0, 0, 0]
    assert Organisation.objects.get().retry_at is not None


def test_an_access_token_that_ended_early_is_refreshed_once(connected, emulator):
    emulator.settings(clock_offset_seconds=1900)
    booking = connected.book("grace@example.com")
    connected.drain()
    assert record_of(booking).state == "synced"
    assert [row["path"] for row in emulator.requests()].count("/hubspot/oauth/2026-09/token") == 1


def test_a_revoked_grant_waits_for_a_person_and_then_all_is_synced(connected, emulator):
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(3)]
    emulator.revoke()
    connected.drain()
    connection = Connection.objects.get()
    assert connection.state == Connection.State.NEEDS_RECONNECT
    assert {record_of(booking).state for booking in bookings} == {"pending"}
    assert connected.connect(crm="hubspot").pk == connection.pk
    connected.drain()
    assert {record_of(booking).state for booking in bookings} == {"synced"}
    assert len(emulator.state()["meetings"]) == 3


def test_a_grant_that_lacks_a_scope_waits_for_a_person(installation, emulator):
    installation.connect(crm="hubspot", scope="oauth crm.objects.contacts.read")
    booking = installation.book("grace@example.com")
    installation.drain()
    connection = Connection.objects.get()
    assert (connection.state, connection.error_code) == (Connection.State.NEEDS_RECONNECT, "MISSING_SCOPES")
    assert record_of(booking).state == "pending"


def test_two_accounts_of_one_hubspot_share_its_contacts(connected, charlie, emulator):
    from tests.installation import Installation

    other = Installation(charlie, emulator)
    other.connect(crm="hubspot")
    connected.book("grace@example.com")
    other.book("Grace@Example.com")
    connected.drain()
    assert len(emulator.state()["contacts"]) == 1
    assert len(emulator.state()["meetings"]) == 2
    assert Organisation.objects.count() == 1
