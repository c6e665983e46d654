"""No CRM has idempotency keys: what becomes of a create whose answer never came."""

import pytest

from linktime.crm.models import SyncRecord
from linktime.crm.tests.test_story import only, record_of

HALF_A_MINUTE = {"seconds": 35}
A_MINUTE = {"seconds": 65}
A_QUARTER = {"minutes": 17}


@pytest.mark.parametrize("skip", [0, 1])
def test_a_create_that_arrived_is_adopted(connected, emulator, later, skip):
    """The answer is lost of the call that assumes a known invitee, or of the one that makes a Contact."""
    if skip == 0:
        emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    emulator.fault({"kind": "commit_then_drop"}, path="/composite$", skip=skip, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    record = record_of(booking)
    assert (record.state, record.error_code) == ("pending", "answer_lost")
    assert record.attempt["values"]["Email"] == "grace@example.com"
    connected.drain(later(**HALF_A_MINUTE))
    assert record_of(booking).state == "synced"
    assert record_of(booking).meeting_id == only(emulator.state()["events"])["Id"]
    assert len(emulator.state()["contacts"]) == 1


def test_a_create_that_did_not_arrive_is_sent_again_only_when_it_no_longer_can(connected, emulator, later):
    """Not before the total time-out of a call: the other side may still be at work."""
    emulator.fault({"kind": "drop"}, path="/composite$", skip=1, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**HALF_A_MINUTE))
    assert emulator.state()["events"] == []
    assert record_of(booking).attempt is not None
    connected.drain(later(**A_MINUTE))
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["events"]) == 1


def test_a_booking_that_moved_meanwhile_is_found_by_what_was_sent(connected, emulator, later):
    emulator.fault({"kind": "commit_then_drop"}, path="/composite$", skip=1, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.move(booking)
    connected.cancel(booking)
    connected.drain(later(**HALF_A_MINUTE))
    event = only(emulator.state()["events"])
    assert event["Subject"].startswith("[Cancelled] ")
    assert event["Description"].startswith("Rescheduled from ")
    assert record_of(booking).shown_revision == 3


def test_a_change_that_came_while_the_create_was_on_its_way_is_not_taken_for_shown(
    connected, emulator, later, monkeypatch
):
    """The lost create showed the revision that was pushed, not the one that the booking had by then."""
    from linktime.crm.session import LiveSession

    creating, booking = LiveSession.creating, connected.book("grace@example.com")

    def moved_meanwhile(self, attempts):
        monkeypatch.setattr(LiveSession, "creating", creating)
        connected.move(booking)
        creating(self, attempts)

    monkeypatch.setattr(LiveSession, "creating", moved_meanwhile)
    emulator.fault({"kind": "commit_then_drop"}, path="/composite$", skip=1, times=1)
    connected.drain()
    connected.drain(later(**HALF_A_MINUTE))
    assert only(emulator.state()["events"])["Description"].startswith("Rescheduled from ")
    assert record_of(booking).shown_revision == 2


def test_an_event_of_another_booking_is_never_adopted(connected, emulator, later):
    """Two bookings of one invitee at the same time of two hosts look the same over there."""
    first = connected.book("grace@example.com")
    connected.drain()
    emulator.fault({"kind": "drop"}, path="/composite$", times=1)
    second = connected.book("grace@example.com")
    connected.drain()
    record = record_of(second)
    record.attempt["values"]["StartDateTime"] = only(emulator.state()["events"])["StartDateTime"][:19] + "Z"
    record.save()
    connected.drain(later(**A_MINUTE))
    assert len(emulator.state()["events"]) == 2
    assert record_of(first).meeting_id != record_of(second).meeting_id


def test_a_look_up_that_fails_is_no_not_found(connected, emulator, later):
    """However long ago the create was sent: what could not be looked up is not created."""
    emulator.fault({"kind": "commit_then_drop"}, path="/composite$", skip=1, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    emulator.fault(
        {"kind": "status", "status": 400, "body": [{"errorCode": "X", "message": "m"}]}, path="/query", times=1
    )
    connected.drain(later(**A_MINUTE))
    assert record_of(booking).attempt is not None
    assert len(emulator.state()["events"]) == 1


def lose_and_create_again(connected, emulator, later):
    """Leave a twin of a Contact and an Event: the first create arrives when it has been created again."""
    emulator.fault({"kind": "drop"}, path="/composite$", skip=1, times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**A_MINUTE))
    event = only(emulator.state()["events"])
    contact = emulator.create("Contact", LastName="Hopper", FirstName="Grace", Email="grace@example.com")
    copied = {name: event[name] for name in ("Subject", "Description", "StartDateTime", "EndDateTime")}
    twin = emulator.create("Event", WhoId=contact, **copied)
    return booking, contact, twin


def test_a_late_twin_that_nobody_touched_is_removed_after_a_quarter_of_an_hour(connected, emulator, later):
    booking, contact, _ = lose_and_create_again(connected, emulator, later)
    connected.drain(later(minutes=10))
    assert len(emulator.state()["events"]) == 2
    connected.drain(later(**A_QUARTER))
    assert [event["Id"] for event in emulator.state()["events"]] == [record_of(booking).meeting_id]
    assert contact not in {row["Id"] for row in emulator.state()["contacts"]}
    assert (record_of(booking).doubt, record_of(booking).recheck_at) == (None, None)


def test_a_late_twin_that_somebody_touched_stays(connected, emulator, later):
    booking, _, twin = lose_and_create_again(connected, emulator, later)
    emulator.settings(clock_offset_seconds=60)
    emulator.update(twin, Location="Room 4")
    connected.drain(later(**A_QUARTER))
    assert len(emulator.state()["events"]) == 2
    assert record_of(booking).state == SyncRecord.State.SYNCED
