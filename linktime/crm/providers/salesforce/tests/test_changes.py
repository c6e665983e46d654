"""Changes of many bookings go 24 to a call, and one edited Event disturbs no other."""

import pytest

from linktime.crm.models import Organisation
from linktime.crm.providers.salesforce.tests.many import between_calls, book_many
from linktime.crm.testing.looking import record_of, states
from tests.emulated import calls_of

BROKEN = {"kind": "status", "status": 500, "body": "oops"}
NO_BAD_EVENTS = {"object": "Event", "field": "Subject", "kind": "regex", "pattern": "^(?!.*N3$)", "message": "No bad"}


@pytest.fixture
def moved(connected):
    """Thirty bookings that are shown where they were."""
    return moved_bookings(connected, 30)


@pytest.fixture
def few_moved(connected):
    """Eight such bookings: what goes in one call."""
    return moved_bookings(connected, 8)


def moved_bookings(connected, count):
    bookings = book_many(connected, count)
    connected.drain()
    return [connected.move(booking) for booking in bookings]


def events_of(emulator, bookings):
    events = {row["Id"]: row for row in emulator.state()["events"]}
    return [events[record_of(booking).meeting_id] for booking in bookings]


def as_people_edit(emulator, record_id, **fields):
    """Edit a minute after LinkTime wrote: the headers that notice have a resolution of one second."""
    emulator.settings(clock_offset_seconds=60)
    emulator.update(record_id, **fields)


def test_thirty_changes_take_two_calls(connected, emulator, moved):
    assert calls_of(emulator, connected.drain) == 2
    for booking, event in zip(moved, events_of(emulator, moved), strict=True):
        assert event["StartDateTime"][:16] == booking.start.strftime("%Y-%m-%dT%H:%M")
        assert event["Description"].startswith("Rescheduled from ")
        assert event["LastModifiedDate"] == record_of(booking).remote["stamp"]
    for booking in moved:
        connected.cancel(booking)
    assert calls_of(emulator, connected.drain) == 2
    assert all(event["Subject"].startswith("[Cancelled] ") for event in events_of(emulator, moved))


def test_edited_events_are_read_and_merged_and_the_others_are_not_disturbed(connected, emulator, moved):
    """One read and one more call for all that were edited."""
    for number in (3, 17, 29):
        as_people_edit(emulator, record_of(moved[number]).meeting_id, Subject="Call", Description="Bring slides")
    assert calls_of(emulator, connected.drain) == 4
    assert states(moved) == ["synced"] * 30
    for number, event in enumerate(events_of(emulator, moved)):
        edited = number in (3, 17, 29)
        assert event["Subject"] == ("Call" if edited else f"Intro call with Invitee N{number}")
        assert event["Description"].startswith("Rescheduled from ")
        assert event["Description"].endswith("\nBring slides") is edited
    for booking in moved:
        connected.cancel(booking)
    assert calls_of(emulator, connected.drain) == 2


def test_an_event_that_is_edited_at_the_same_moment_is_tried_again(connected, emulator, few_moved, monkeypatch, later):
    event = record_of(few_moved[3]).meeting_id
    as_people_edit(emulator, event, Location="Room 4")
    between_calls(monkeypatch, 2, lambda: emulator.update(event, Location="Room 5"))
    emulator.settings(clock_offset_seconds=120)
    connected.drain()
    assert states(few_moved) == ["synced"] * 3 + ["pending"] + ["synced"] * 4
    connected.drain(later(seconds=35))
    assert states(few_moved) == ["synced"] * 8
    assert events_of(emulator, few_moved)[3]["Location"] == "Room 5"


def test_events_deleted_there_are_made_anew_or_rest(connected, emulator, few_moved):
    """By a reschedule and after a cancellation."""
    connected.cancel(few_moved[5])
    gone = [record_of(few_moved[number]).meeting_id for number in (4, 5, 6, 7)]
    for event in gone:
        emulator.delete(event)
    connected.drain()
    assert states(few_moved) == ["synced"] * 5 + ["skipped"] + ["synced"] * 2
    assert len(emulator.state()["events"]) == 7
    assert record_of(few_moved[4]).meeting_id not in gone
    assert len(emulator.state()["contacts"]) == 8


def test_a_change_that_a_rule_refuses_fails_alone(connected, emulator, few_moved):
    emulator.settings(validation_rules=[NO_BAD_EVENTS])
    assert calls_of(emulator, connected.drain) == 1
    assert states(few_moved) == ["synced"] * 3 + ["failed"] + ["synced"] * 4


def test_a_change_of_a_locked_event_waits_alone(connected, emulator, few_moved, later):
    emulator.settings(locked_records=[record_of(few_moved[3]).meeting_id])
    connected.drain()
    assert states(few_moved) == ["synced"] * 3 + ["pending"] + ["synced"] * 4
    emulator.settings(locked_records=[])
    connected.drain(later(seconds=35))
    assert states(few_moved) == ["synced"] * 8


def test_a_change_without_a_time_stamp_reads_first(connected, emulator, few_moved):
    """What stands there is unknown then, and kept."""
    record = record_of(few_moved[3])
    record.remote["stamp"] = ""
    record.save()
    emulator.update(record.meeting_id, Description="Bring slides")
    assert calls_of(emulator, connected.drain) == 3
    assert events_of(emulator, few_moved)[3]["Description"].endswith("\nBring slides")


def test_a_change_that_breaks_salesforce_stops_nobody_else(connected, emulator, moved):
    emulator.fault(BROKEN, path="/composite$", body=f"sobjects/Event/{record_of(moved[3]).meeting_id}")
    assert calls_of(emulator, connected.drain) <= 12
    assert states(moved) == ["synced"] * 3 + ["pending"] + ["synced"] * 26
    assert Organisation.objects.get().retry_at is None


@pytest.mark.parametrize("status", [500, pytest.param(503, marks=pytest.mark.long)])
def test_an_outage_does_not_multiply_calls(connected, emulator, moved, status):
    before = len(emulator.requests())
    emulator.fault({"kind": "status", "status": status, "body": "oops"}, path="/composite$")
    connected.drain()
    assert len(emulator.requests()) - before <= {500: 8, 503: 1}[status]
    assert states(moved) == ["pending"] * 30
    assert Organisation.objects.get().retry_at is not None
    assert sum(record_of(booking).tries for booking in moved) <= 4


def test_a_lost_answer_to_changes_is_repeated_and_changes_nothing_twice(connected, emulator, few_moved, later):
    emulator.settings(clock_offset_seconds=60)
    emulator.fault({"kind": "commit_then_drop"}, path="/composite$", times=1)
    connected.drain()
    connected.drain(later(seconds=35))
    assert states(few_moved) == ["synced"] * 8
    assert {event["Description"].count("Rescheduled from") for event in events_of(emulator, few_moved)} == {1}
