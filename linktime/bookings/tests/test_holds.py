"""A chosen slot is kept for its visitor for five minutes."""

from datetime import timedelta

import pytest

from linktime.bookings.actions import NotBookable, SlotTaken, reschedule
from linktime.bookings.availability import offered
from linktime.bookings.holds import KEPT, forget_expired, hold, release
from linktime.bookings.models import Hold
from linktime.core.errors import Invalid
from linktime.scheduling.models import EventType
from tests.people import NOW, give_hosts, make_event_type

from .making import HALF_AN_HOUR, MONDAY_NINE, take

LATER = NOW + KEPT


def keep(event_type, start=MONDAY_NINE, *, visitor="v", now=NOW):
    return hold(event_type, start=start, duration=None, visitor=visitor, now=now)


def is_offered(event_type, *, visitor="", now=NOW):
    end = MONDAY_NINE + HALF_AN_HOUR
    return bool(offered(event_type, start=MONDAY_NINE, end=end, duration=None, now=now, visitor=visitor))


def test_a_held_slot_is_for_its_visitor_alone(event_type):
    """Nobody else sees or books it; its visitor does both, and has no hold afterwards."""
    keep(event_type)
    assert (is_offered(event_type), is_offered(event_type, visitor="v")) == (False, True)
    with pytest.raises(SlotTaken) as caught:
        take(event_type)
    assert caught.value.alternatives[0].start == MONDAY_NINE + HALF_AN_HOUR
    with pytest.raises(SlotTaken):
        keep(event_type, visitor="w")
    take(event_type, visitor="v")
    assert not Hold.objects.exists()


def test_it_ends_after_five_minutes_to_the_second(event_type):
    """From then on it keeps nobody from booking, though its row may still be there."""
    keep(event_type)
    assert not is_offered(event_type, now=LATER - timedelta(seconds=1))
    assert is_offered(event_type, now=LATER)
    take(event_type, now=LATER)


def test_a_visitor_has_one_hold(event_type):
    """Choosing another slot gives the first one back; choosing the same one again keeps it longer."""
    keep(event_type)
    keep(event_type, MONDAY_NINE + HALF_AN_HOUR)
    assert is_offered(event_type)
    keep(event_type, now=NOW + timedelta(minutes=4))
    assert Hold.objects.get().expires_at == NOW + timedelta(minutes=9)
    release("v")
    assert is_offered(event_type)


def test_a_hold_counts_for_the_hosts_other_event_types(alice, event_type):
    """With its buffers, as a booking would."""
    other = make_event_type(alice, slug="other")
    keep(make_event_type(alice, slug="paused", buffer_before=30), MONDAY_NINE + HALF_AN_HOUR)
    assert not is_offered(other)
    assert not is_offered(event_type)


def test_a_hold_counts_for_limits(event_type):
    """The last meeting of a day that somebody has on hold is nobody else's."""
    event_type.limits = {"day": 1, "week": None, "month": None}
    event_type.save()
    keep(event_type, MONDAY_NINE + 4 * HALF_AN_HOUR)
    assert not is_offered(event_type)
    assert is_offered(event_type, visitor="v")


def test_a_time_to_move_to_may_overlap_the_old_one_and_has_the_bookings_length(event_type):
    booking = take(event_type)
    EventType.objects.update(durations=[60], slot_interval=15)
    later = MONDAY_NINE + HALF_AN_HOUR / 2
    kept = hold(event_type, start=later, duration=None, visitor="v", now=NOW, moving=booking)
    assert kept.end == later + HALF_AN_HOUR
    with pytest.raises(SlotTaken):
        reschedule(booking, start=later, reason="", now=NOW, visitor="w")
    assert reschedule(booking, start=later, reason="", now=NOW, visitor="v").start == later
    assert not Hold.objects.exists()


def test_in_turn_one_host_is_held(alice, bob):
    """The other one can still be booked."""
    event_type = give_hosts(make_event_type(alice, assignment="round_robin"), alice.user, bob.user)
    keep(event_type)
    take(event_type)
    with pytest.raises(SlotTaken):
        take(event_type)
    take(event_type, visitor="v")


def test_what_is_not_on_offer_is_not_held(event_type):
    """The rules are those of booking."""
    with pytest.raises(Invalid):
        keep(event_type, MONDAY_NINE + timedelta(minutes=1))
    EventType.objects.update(active=False)
    with pytest.raises(NotBookable):
        keep(event_type)


def test_holds_that_are_over_are_forgotten(event_type):
    """The sweep removes them, and so does whoever holds something next."""
    keep(event_type)
    assert forget_expired(LATER) == 1
    keep(event_type)
    keep(event_type, visitor="w", now=LATER)
    assert Hold.objects.get().visitor == "w"
