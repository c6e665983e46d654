"""Moving a booking."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linktime.bookings.actions import AlreadyCancelled, AlreadyOver, ChangedMeanwhile, SlotTaken, cancel, reschedule
from linktime.bookings.models import Booking
from linktime.core.errors import Invalid, NotFound
from linktime.scheduling.models import EventType
from tests.people import NOW, make_event_type

from .making import HALF_AN_HOUR, MONDAY_NINE, faults, take

LATER = MONDAY_NINE + timedelta(hours=3)


def move(booking, start=LATER, *, reason="", now=NOW):
    return reschedule(booking, start=start, reason=reason, now=now)


def test_a_moved_booking_stays_itself(event_type, published):
    """The uid stays, the revision rises by one, and the history remembers the previous time."""
    booking = take(event_type)
    move(booking, reason="A train was late.\r\nSorry")
    now_there = Booking.objects.get(uid=booking.uid)
    assert (now_there.start, now_there.end, now_there.revision) == (LATER, LATER + HALF_AN_HOUR, 2)
    row = now_there.booking_hosts.get()
    assert (row.during.lower, row.during.upper, row.active) == (LATER, LATER + HALF_AN_HOUR, True)
    change = now_there.changes.last()
    assert (change.kind, change.revision, change.reason) == ("rescheduled", 2, "A train was late.\nSorry")
    assert (change.previous_start, change.previous_end) == (MONDAY_NINE, MONDAY_NINE + HALF_AN_HOUR)
    assert (change.start, change.end) == (LATER, LATER + HALF_AN_HOUR)
    assert [told.kind for told in published] == ["booked", "rescheduled"]


def test_the_time_it_leaves_is_free_again(event_type):
    """Somebody else can have the slot that was given up, not the new one."""
    move(take(event_type))
    take(event_type)
    with pytest.raises(SlotTaken):
        take(event_type, LATER)


def test_it_does_not_block_itself(alice):
    """A meeting can move by less than its own length, also when pauses are wanted around it."""
    event_type = make_event_type(alice, durations=[60], slot_interval=15, buffer_before=15, buffer_after=15)
    booking = take(event_type)
    assert move(booking, MONDAY_NINE + timedelta(minutes=15)).revision == 2


def test_a_taken_slot_names_the_next_three(event_type):
    """The alternatives count the booking's own time as free."""
    take(event_type, LATER)
    booking = take(event_type, LATER + HALF_AN_HOUR)
    with pytest.raises(SlotTaken) as caught:
        move(booking, LATER)
    assert [slot.start for slot in caught.value.alternatives] == [LATER + step * HALF_AN_HOUR for step in (1, 2, 3)]
    booking.refresh_from_db()
    assert (booking.revision, booking.changes.count()) == (1, 1)


def test_the_constraint_is_the_backstop(event_type, monkeypatch):
    """When the check fails to see a booking, the database refuses the move, and it reads the same."""
    take(event_type, LATER)
    booking = take(event_type)
    monkeypatch.setattr("linktime.bookings.taken.by_host", lambda _, host_ids, **__: {each: [] for each in host_ids})
    with pytest.raises(SlotTaken):
        move(booking)


def test_the_same_time_is_refused(event_type):
    """Moving a meeting to where it is would tell everybody about nothing."""
    with pytest.raises(Invalid) as caught:
        move(take(event_type), MONDAY_NINE)
    assert faults(caught) == {("start", "same_time")}


def test_every_fault_is_told_at_once(event_type):
    """A reason that can't be kept and a time that is not on offer are both named."""
    with pytest.raises(Invalid) as caught:
        move(take(event_type), MONDAY_NINE + timedelta(minutes=1), reason="a\0b")
    assert faults(caught) == {("start", "not_on_offer"), ("reason", "control_character")}


def test_a_cancelled_booking_stays_cancelled(event_type):
    """Who wants another time books anew."""
    booking = take(event_type)
    cancel(booking, reason="", now=NOW)
    with pytest.raises(AlreadyCancelled):
        move(booking)


def test_a_meeting_that_has_ended_stays_where_it_was(event_type):
    """While it lasts it can still be moved; afterwards it is history."""
    booking = take(event_type)
    with pytest.raises(AlreadyOver) as caught:
        move(booking, now=booking.end)
    assert caught.value.code == "already_over"
    assert move(booking, now=booking.end - timedelta(seconds=1)).revision == 2


def test_somebody_else_was_faster(event_type):
    """A move that was decided on an older state is not made silently over a newer one."""
    booking = take(event_type)
    move(Booking.objects.get(pk=booking.pk))
    with pytest.raises(ChangedMeanwhile):
        move(booking, LATER + HALF_AN_HOUR)


def test_a_booking_that_was_erased(event_type):
    """A booking whose row is gone is not found."""
    booking = take(event_type)
    Booking.objects.filter(pk=booking.pk).delete()
    with pytest.raises(NotFound):
        move(booking)


def test_it_keeps_its_length(alice):
    """The length that was booked is kept, also when the event type no longer has it."""
    event_type = make_event_type(alice, durations=[30, 60])
    booking = take(event_type, duration=60)
    EventType.objects.update(durations=[15])
    assert move(Booking.objects.get(pk=booking.pk)).minutes == 60


def test_it_can_be_moved_when_its_event_type_is_switched_off(event_type):
    """No new bookings, but what was agreed can be arranged."""
    booking = take(event_type)
    EventType.objects.update(active=False)
    assert move(Booking.objects.get(pk=booking.pk)).start == LATER


def test_a_move_costs_few_queries(event_type, published):
    """Hosts are locked first, then the booking; what is written are two updates and an insert."""
    booking = Booking.objects.select_related("event_type__schedule").get(pk=take(event_type).pk)
    with CaptureQueriesContext(connection) as queries:
        move(booking)
    statements = [query["sql"].split()[0] for query in queries]
    assert statements == ["SAVEPOINT", *["SELECT"] * 8, "UPDATE", "SELECT", "UPDATE", "INSERT", "DELETE", "RELEASE"]
    locked = [query["sql"].split(" FROM ")[1].split()[0] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert locked == ['"accounts_user"', '"bookings_booking"']
