"""HubSpot has no idempotency keys: what becomes of a create whose answer never came."""

import pytest

from linktime.crm.providers.hubspot.tests.shown import calls_of, only, record_of

HALF_A_MINUTE = {"seconds": 35}
A_MINUTE = {"seconds": 65}
A_QUARTER = {"minutes": 17}
CREATE = "meetings/batch/create$"
LOST = {"kind": "commit_then_drop"}


def test_a_meeting_that_arrived_is_adopted(connected, emulator, later):
    emulator.fault(LOST, path=CREATE, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    assert record_of(booking).error_code == "answer_lost"
    connected.drain(later(**HALF_A_MINUTE))
    assert record_of(booking).state == "synced"
    assert record_of(booking).meeting_id == only(emulator.state()["meetings"])["id"]
    assert (record_of(booking).doubt, record_of(booking).attempt) == (None, None)


def test_a_meeting_that_did_not_arrive_is_made_again_only_when_it_no_longer_can(connected, emulator, later):
    emulator.fault({"kind": "drop"}, path=CREATE, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**HALF_A_MINUTE))
    assert emulator.state()["meetings"] == []
    assert record_of(booking).attempt is not None
    connected.drain(later(**A_MINUTE))
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["meetings"]) == 1


def test_a_batch_that_arrived_is_adopted_with_three_reads(connected, emulator, later):
    emulator.fault(LOST, path=CREATE, times=1)
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(20)]
    connected.drain()
    assert calls_of(emulator, lambda: connected.drain(later(**HALF_A_MINUTE))) == 3
    assert {record_of(booking).state for booking in bookings} == {"synced"}
    assert len(emulator.state()["meetings"]) == 20


def test_a_contact_that_arrived_still_gets_its_last_name(connected, emulator, later):
    """The second answer no longer says that it is new."""
    emulator.fault(LOST, path="contacts/batch/upsert$", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**HALF_A_MINUTE))
    assert record_of(booking).state == "synced"
    assert only(emulator.state()["contacts"])["properties"]["lastname"] == "Hopper"


@pytest.mark.parametrize("action", [LOST, {"kind": "drop"}])
def test_a_last_name_whose_answer_was_lost_is_there_in_the_end(connected, emulator, later, action):
    emulator.fault(action, path="contacts/batch/update$", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**HALF_A_MINUTE))
    assert record_of(booking).state == "synced"
    assert only(emulator.state()["contacts"])["properties"]["lastname"] == "Hopper"


def test_a_last_name_that_a_person_gave_meanwhile_stays(connected, emulator, later):
    emulator.fault(LOST, path="contacts/batch/upsert$", times=1)
    connected.book("grace@example.com")
    connected.drain()
    emulator.update(only(emulator.state()["contacts"])["id"], lastname="Murray")
    connected.drain(later(**HALF_A_MINUTE))
    assert only(emulator.state()["contacts"])["properties"]["lastname"] == "Murray"


def test_a_booking_that_moved_meanwhile_is_found_by_what_was_sent(connected, emulator, later):
    emulator.fault(LOST, path=CREATE, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.move(booking)
    connected.cancel(booking)
    connected.drain(later(**HALF_A_MINUTE))
    shown = only(emulator.state()["meetings"])["properties"]
    assert shown["hs_meeting_outcome"] == "CANCELED"
    assert shown["hs_internal_meeting_notes"].startswith("Rescheduled from ")
    assert record_of(booking).shown_revision == 3


def test_a_meeting_is_found_at_a_contact_that_was_merged_meanwhile(connected, emulator, later):
    emulator.fault(LOST, path=CREATE, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    winner = emulator.create("contacts", lastname="Hopper", email="grace@navy.example")
    emulator.merge(winner, next(one["id"] for one in emulator.state()["contacts"] if one["id"] != winner))
    connected.drain(later(**A_MINUTE))
    assert record_of(booking).meeting_id == only(emulator.state()["meetings"])["id"]


def test_a_meeting_of_another_booking_is_never_adopted(connected, emulator, later):
    first = connected.book("grace@example.com")
    connected.drain()
    emulator.fault({"kind": "drop"}, path=CREATE, times=1)
    second = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**A_MINUTE))
    assert len(emulator.state()["meetings"]) == 2
    assert record_of(first).meeting_id != record_of(second).meeting_id


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


def lose_and_create_again(connected, emulator, later):
    """Leave a twin of a meeting: the first create arrives when it has been created again."""
    emulator.fault({"kind": "drop"}, path=CREATE, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**A_MINUTE))
    meeting = only(emulator.state()["meetings"])["properties"]
    own = {"hs_object_id", "hs_createdate", "hs_lastmodifieddate"}
    fields = {name: value for name, value in meeting.items() if name not in own}
    body = {"object": "meetings", "fields": fields, "associations": [record_of(booking).contact_id]}
    return booking, emulator.control("POST", "/records", body)["id"]


def test_a_late_twin_that_nobody_touched_is_removed_after_a_quarter_of_an_hour(connected, emulator, later):
    booking, _ = lose_and_create_again(connected, emulator, later)
    connected.drain(later(minutes=10))
    assert len(emulator.state()["meetings"]) == 2
    connected.drain(later(**A_QUARTER))
    assert [one["id"] for one in emulator.state()["meetings"]] == [record_of(booking).meeting_id]
    assert (record_of(booking).doubt, record_of(booking).recheck_at) == (None, None)


def test_a_late_twin_that_somebody_touched_stays(connected, emulator, later):
    _, twin = lose_and_create_again(connected, emulator, later)
    emulator.update(twin, hs_meeting_location="Room 4")
    connected.drain(later(**A_QUARTER))
    assert len(emulator.state()["meetings"]) == 2
