"""Several invitees share a meeting, up to a number."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linktime.bookings.actions import SlotTaken, cancel, reschedule
from linktime.bookings.availability import offered
from linktime.bookings.holds import hold
from linktime.bookings.models import Booking
from tests.people import NOW, give_hosts, make_event_type

from .making import HALF_AN_HOUR, MONDAY_NINE, take


@pytest.fixture
def webinar(alice):
    return make_event_type(alice, slug="webinar", seats=3, slot_interval=15)


def starts(event_type):
    end = MONDAY_NINE + timedelta(hours=1)
    return [slot.start for slot in offered(event_type, start=MONDAY_NINE, end=end, duration=None, now=NOW)]


def test_invitees_share_a_meeting_until_it_is_full(webinar):
    """They share its occasion, each with a seat; nobody gets a fourth one."""
    bookings = [take(webinar) for _ in range(3)]
    assert len({booking.occasion for booking in bookings}) == 1
    assert [booking.seat for booking in bookings] == [1, 2, 3]
    with pytest.raises(SlotTaken) as caught:
        take(webinar)
    assert caught.value.alternatives[0].start == MONDAY_NINE + HALF_AN_HOUR


def test_a_meeting_with_free_seats_is_offered_and_nothing_across_it(webinar):
    """Its own time is on offer, what overlaps it is not."""
    take(webinar)
    assert starts(webinar) == [MONDAY_NINE, MONDAY_NINE + HALF_AN_HOUR, MONDAY_NINE + 1.5 * HALF_AN_HOUR]
    take(webinar)
    take(webinar)
    assert starts(webinar) == [MONDAY_NINE + HALF_AN_HOUR, MONDAY_NINE + 1.5 * HALF_AN_HOUR]


def test_a_seat_that_is_given_up_is_taken_again(webinar):
    """Somebody who cancels or moves leaves the others where they are."""
    first, second, third = (take(webinar) for _ in range(3))
    cancel(second, reason="", now=NOW)
    again = take(webinar)
    assert (again.seat, again.occasion) == (2, first.occasion)
    moved = reschedule(third, start=MONDAY_NINE + HALF_AN_HOUR, reason="", now=NOW)
    assert (moved.seat, moved.occasion != first.occasion) == (1, True)
    back = reschedule(moved, start=MONDAY_NINE, reason="", now=NOW)
    assert (back.seat, back.occasion) == (3, first.occasion)


def test_other_event_types_find_the_time_taken(alice, webinar):
    """Free seats are for those who want this meeting."""
    take(webinar)
    with pytest.raises(SlotTaken):
        take(make_event_type(alice, slug="other"))


def test_another_length_is_another_meeting(alice):
    """Whoever wants an hour can't share half of it."""
    event_type = make_event_type(alice, seats=5, durations=[30, 60])
    take(event_type, duration=30)
    with pytest.raises(SlotTaken):
        take(event_type, duration=60)


def test_a_shared_meeting_counts_once_for_limits(webinar):
    """One meeting a day may have many invitees."""
    webinar.limits = {"day": 1, "week": None, "month": None}
    webinar.save()
    for _ in range(3):
        take(webinar)
    assert starts(webinar) == []


def test_held_seats_are_kept_and_others_are_not(webinar):
    """Two visitors hold a seat each: one is left for whoever comes."""
    for visitor in ("one", "two"):
        hold(webinar, start=MONDAY_NINE, duration=None, visitor=visitor, now=NOW)
    take(webinar)
    with pytest.raises(SlotTaken):
        take(webinar)
    assert take(webinar, visitor="two").seat == 2


def test_in_turn_seats_are_filled_before_another_host_begins(alice, bob):
    """The second invitee joins the first; the third meets the other host."""
    event_type = make_event_type(alice, seats=2, assignment="round_robin")
    give_hosts(event_type, alice.user, bob.user)
    names = [take(event_type).booking_hosts.get().host.name for _ in range(4)]
    assert names == ["Alice Lovelace", "Alice Lovelace", "Bob Babbage", "Bob Babbage"]
    with pytest.raises(SlotTaken):
        take(event_type)


def test_the_database_gives_no_seat_twice(webinar):
    """Whatever the code believes, two bookings never have one seat."""
    take(webinar)
    second = take(webinar)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=second.pk).update(seat=1)
