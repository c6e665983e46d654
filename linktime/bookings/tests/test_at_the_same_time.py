"""Real threads, each with a connection of its own, all wanting something at the same instant."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import connection

from linktime.bookings.actions import AlreadyCancelled, ChangedMeanwhile, SlotTaken, cancel, reschedule
from linktime.bookings.models import Booking, BookingHost
from linktime.core.errors import Conflict
from linktime.scheduling.models import EventType
from tests.people import NOW, make_event_type

from .making import HALF_AN_HOUR, MONDAY_NINE, take

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("published")]
CROWD = 20


def all_at_once(*calls: Callable[[], object]) -> list[object]:
    """Run every call in its own thread and connection, released together; a Conflict is returned, not raised."""
    ready = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            ready.wait(timeout=30)
            return call()
        except Conflict as conflict:
            return conflict
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def kinds(results):
    return Counter(type(result) for result in results)


def booking_calls(event_type, start, count):
    """Each call reads the event type for itself, as a request does."""
    return [lambda: take(EventType.objects.get(pk=event_type.pk), start) for _ in range(count)]


def refused_under_the_lock(results):
    """The check under the hosts' lock refused them: the constraint was not needed."""
    refused = [result for result in results if isinstance(result, SlotTaken)]
    return all(type(one.__cause__).__name__ == "_TakenError" for one in refused)


def never_twice():
    """What the constraint promises, looked at row by row: no host is in two places."""
    rows = list(BookingHost.objects.filter(active=True).order_by("host_id", "during"))
    for one, other in pairwise(rows):
        assert one.host_id != other.host_id or one.during.upper <= other.during.lower


def test_twenty_want_one_slot(event_type):
    """One gets it, the others get the next three, ten times over, and nobody sees a deadlock."""
    for round_ in range(10):
        start = MONDAY_NINE + round_ * HALF_AN_HOUR
        results = all_at_once(*booking_calls(event_type, start, CROWD))
        assert kinds(results) == {Booking: 1, SlotTaken: CROWD - 1}
        refused = [result for result in results if isinstance(result, SlotTaken)]
        expected = [start + step * HALF_AN_HOUR for step in (1, 2, 3)]
        assert all([slot.start for slot in one.alternatives] == expected for one in refused)
        assert refused_under_the_lock(results)
    assert Booking.objects.count() == BookingHost.objects.count() == 10


def test_overlapping_slots_of_two_event_types(alice, event_type):
    """A long and a short meeting that overlap: whoever is first has the time."""
    long = make_event_type(alice, slug="long", durations=[60], slot_interval=30)
    for round_ in range(5):
        start = MONDAY_NINE + timedelta(days=round_ % 5)
        calls = booking_calls(event_type, start + HALF_AN_HOUR, 6) + booking_calls(long, start, 6)
        assert kinds(all_at_once(*calls)) == {Booking: 1, SlotTaken: 11}
    never_twice()


def test_two_hosts_swap_and_nobody_waits_for_ever(alice, bob, event_type):
    """Bookings of two hosts, made and moved across each other, all end."""
    other = make_event_type(bob, slug="bobs")
    for round_ in range(5):
        day = MONDAY_NINE + timedelta(days=round_)
        first, second = take(event_type, day), take(other, day + HALF_AN_HOUR)
        results = all_at_once(
            lambda: reschedule(first, start=day + HALF_AN_HOUR, reason="", now=NOW),  # noqa: B023 - called in this round
            lambda: reschedule(second, start=day, reason="", now=NOW),  # noqa: B023
            *booking_calls(event_type, day + HALF_AN_HOUR, 3),
            *booking_calls(other, day, 3),
        )
        assert kinds(results) == {Booking: 2, SlotTaken: 6}
        assert refused_under_the_lock(results)
    never_twice()


def test_two_bookings_swap_their_times(event_type):
    """Neither can have the other's time while the other has it; both stay where they are."""
    first, second = take(event_type), take(event_type, MONDAY_NINE + HALF_AN_HOUR)
    for _ in range(5):
        results = all_at_once(
            lambda: reschedule(first, start=MONDAY_NINE + HALF_AN_HOUR, reason="", now=NOW),
            lambda: reschedule(second, start=MONDAY_NINE, reason="", now=NOW),
        )
        assert kinds(results) == {SlotTaken: 2}
    assert set(Booking.objects.values_list("revision", flat=True)) == {1}


def test_a_move_against_bookings(event_type):
    """A booking that moves and others that are made want the same slot: one of them has it."""
    for round_ in range(10):
        day = MONDAY_NINE + timedelta(days=round_ % 5, hours=round_ // 5)
        moving = take(event_type, day)
        wanted = day + HALF_AN_HOUR
        results = all_at_once(
            lambda: reschedule(moving, start=wanted, reason="", now=NOW),  # noqa: B023 - called in this round
            *booking_calls(event_type, wanted, 7),
        )
        assert kinds(results) == {Booking: 1, SlotTaken: 7}
        assert refused_under_the_lock(results)
    never_twice()


def test_everybody_cancels(event_type):
    """One cancellation counts; the others hear that it is done."""
    for round_ in range(5):
        booking = take(event_type, MONDAY_NINE + round_ * HALF_AN_HOUR)
        results = all_at_once(*[lambda: cancel(booking, reason="", now=NOW)] * 8)  # noqa: B023 - called in this round
        assert kinds(results) == {Booking: 1, AlreadyCancelled: 7}
        assert [change.kind for change in booking.changes.all()] == ["booked", "cancelled"]


def test_a_cancellation_against_a_move(event_type):
    """Whichever comes first, the booking ends cancelled, and its history tells what happened, in order."""
    for round_ in range(10):
        booking = take(event_type, MONDAY_NINE + timedelta(days=round_ % 5))
        wanted = booking.start + timedelta(hours=5)
        cancelled, moved = all_at_once(
            lambda: cancel(booking, reason="", now=NOW),  # noqa: B023 - called in this round
            lambda: reschedule(booking, start=wanted, reason="", now=NOW),  # noqa: B023
        )
        assert isinstance(cancelled, Booking)
        expected = (
            ["booked", "cancelled"] if isinstance(moved, AlreadyCancelled) else ["booked", "rescheduled", "cancelled"]
        )
        assert [change.kind for change in booking.changes.all()] == expected
        assert [change.revision for change in booking.changes.all()] == list(range(1, len(expected) + 1))
        booking.refresh_from_db()
        assert (booking.cancelled, booking.revision) == (True, len(expected))
    assert not BookingHost.objects.filter(active=True).exists()


def test_everybody_moves_the_same_booking(event_type):
    """One of those who saw the same state moves it; the others are told to look again."""
    booking = take(event_type)
    calls = [
        lambda hours=hours: reschedule(booking, start=MONDAY_NINE + timedelta(hours=hours), reason="", now=NOW)
        for hours in range(1, 7)
    ]
    assert kinds(all_at_once(*calls)) == {Booking: 1, ChangedMeanwhile: 5}
    booking.refresh_from_db()
    assert (booking.revision, booking.changes.count()) == (2, 2)
