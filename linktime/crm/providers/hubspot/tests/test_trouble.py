"""HubSpot is busy, down, or lets us in no more: rows keep their place, and nothing is lost or written twice."""

import pytest

from linktime.connections.models import Connection
from linktime.crm.models import Organisation
from linktime.crm.testing.looking import only, record_of
from tests.emulated import calls_of

LATER = {"minutes": 20}
LIMIT = {"status": "error", "message": "You have reached your ten_secondly_rolling limit.", "errorType": "RATE_LIMIT"}


@pytest.mark.parametrize("path", ["contacts/batch/upsert$", "contacts/batch/update$", "meetings/batch/create$"])
@pytest.mark.parametrize(
    "action",
    [
        {"kind": "status", "status": 423, "body": {"status": "error", "message": "locked"}},
        {"kind": "status", "status": 477, "body": "", "headers": {"Retry-After": "600"}},
    ],
)
def test_a_lock_and_a_migration_delay_and_lose_nothing(connected, emulator, later, action, path):
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


def test_a_grant_that_lacks_a_scope_waits_for_a_person(installation, emulator):
    installation.connect(crm="hubspot", scope="oauth crm.objects.contacts.read")
    booking = installation.book("grace@example.com")
    installation.drain()
    connection = Connection.objects.get()
    assert (connection.state, connection.error_code) == (Connection.State.NEEDS_RECONNECT, "MISSING_SCOPES")
    assert record_of(booking).state == "pending"
