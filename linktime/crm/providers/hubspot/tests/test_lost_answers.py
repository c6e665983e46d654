"""HubSpot has no idempotency keys: what becomes of a create whose answer never came."""

import pytest

from linktime.crm.testing.looking import only, record_of
from tests.emulated import calls_of

HALF_A_MINUTE = {"seconds": 35}
A_MINUTE = {"seconds": 65}
A_QUARTER = {"minutes": 17}
CREATE = "meetings/batch/create$"
LOST = {"kind": "commit_then_drop"}


def test_a_batch_that_arrived_is_adopted_with_three_reads(connected, emulator, later):
    emulator.fault(LOST, path=CREATE, times=1)
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(20)]
    connected.drain()
    assert calls_of(emulator, lambda: connected.drain(later(**HALF_A_MINUTE))) == 3
    assert {record_of(booking).state for booking in bookings} == {"synced"}
    assert len(emulator.state()["meetings"]) == 20


def test_a_last_name_that_a_person_gave_meanwhile_stays(connected, emulator, later):
    emulator.fault(LOST, path="contacts/batch/upsert$", times=1)
    connected.book("grace@example.com")
    connected.drain()
    emulator.update(only(emulator.state()["contacts"])["id"], lastname="Murray")
    connected.drain(later(**HALF_A_MINUTE))
    assert only(emulator.state()["contacts"])["properties"]["lastname"] == "Murray"


def test_a_meeting_that_a_person_made_is_never_adopted(connected, emulator, later):
    """Not even one that looks the same: each booking's has an address of its own."""
    emulator.fault({"kind": "drop"}, path=CREATE, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    sent = record_of(booking).attempt["values"]
    fields = sent["properties"] | {"hs_meeting_external_url": "https://meet.example/1"}
    emulator.control("POST", "/records", {"object": "meetings", "fields": fields, "associations": [sent["contact_id"]]})
    connected.drain(later(**A_MINUTE))
    assert len(emulator.state()["meetings"]) == 2
    assert record_of(booking).state == "synced"


@pytest.mark.parametrize("path", ["contacts/batch/read$", "contacts/meetings/batch/read$", "meetings/batch/read$"])
def test_a_look_up_that_fails_is_no_not_found(connected, emulator, later, path):
    """However long ago the create was sent: what could not be looked up is not created."""
    emulator.fault(LOST, path=CREATE, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    emulator.fault({"kind": "status", "status": 400, "body": {"message": "m"}}, path=path, times=1)
    connected.drain(later(**A_MINUTE))
    assert record_of(booking).attempt is not None
    assert len(emulator.state()["meetings"]) == 1
