"""What is on offer, given what is taken."""

from datetime import UTC, datetime, timedelta

import pytest

from linktime.bookings.actions import cancel
from linktime.bookings.availability import next_slots, offered
from linktime.core.errors import Invalid
from linktime.scheduling.models import EventType
from tests.people import NOW, make_event_type

from .making import GRACE, HALF_AN_HOUR, MONDAY_NINE, take

DAY = timedelta(days=1)
MIDNIGHT = MONDAY_NINE.replace(hour=0)


def starts(event_type, start=MIDNIGHT, end=MIDNIGHT + DAY, *, duration=None, now=NOW, moving=None):
    slots = offered(event_type, start=start, end=end, duration=duration, now=now, moving=moving)
    return [slot.start for slot in slots]


def test_an_empty_day_offers_its_hours(event_type):
    """Nine to five in half hours are sixteen slots."""
    assert starts(event_type) == [MONDAY_NINE + step * HALF_AN_HOUR for step in range(16)]


def test_what_is_booked_is_not_offered(event_type):
    """A booking takes its slot until it is cancelled."""
    booking = take(event_type)
    assert MONDAY_NINE not in starts(event_type)
    cancel(booking, reason="", now=NOW)
    assert MONDAY_NINE in starts(event_type)


def test_pauses_of_both_event_types_are_kept(alice, event_type):
    """The pause that a booked meeting wants is kept from every other event type of its host."""
    paused = make_event_type(alice, slug="deep-dive", durations=[60], buffer_before=30, buffer_after=60)
    take(paused, MONDAY_NINE + 2 * HALF_AN_HOUR)  # 10:00 to 11:00
    free = [(start - MONDAY_NINE) / HALF_AN_HOUR for start in starts(event_type)]
    assert free[:3] == [0, 6, 7]


def test_pauses_reach_over_the_ends_of_the_range(alice):
    """A booking outside the range blocks what lies within it by the longest pause there can be."""
    event_type = make_event_type(alice, buffer_before=24 * 60)
    take(event_type)
    assert starts(event_type, MIDNIGHT + DAY, MIDNIGHT + 2 * DAY)[0] == MONDAY_NINE + DAY + HALF_AN_HOUR


def test_the_booking_that_moves_is_not_in_its_own_way(event_type):
    """Its slot is on offer to itself, in its own length."""
    booking = take(event_type)
    assert MONDAY_NINE in starts(event_type, moving=booking)


def test_an_inactive_event_type_offers_nothing_but_a_move(alice):
    """What was agreed can be moved, and nothing new is offered."""
    event_type = make_event_type(alice)
    booking = take(event_type)
    EventType.objects.update(active=False)
    event_type.refresh_from_db()
    assert starts(event_type) == []
    assert len(starts(event_type, moving=booking)) == 16


def test_bob_is_free_when_alice_is_not(alice, bob, event_type):
    """Each host has a calendar of their own."""
    take(event_type)
    assert MONDAY_NINE in starts(make_event_type(bob, slug="bobs"))


@pytest.mark.parametrize("days", [1, 62])
def test_a_month_costs_three_queries(event_type, days, django_assert_num_queries):
    """Hosts with their hours, absences, and what is taken, however long the range and however many there are."""
    for step in range(5):
        take(event_type, MONDAY_NINE + step * HALF_AN_HOUR)
    event_type = EventType.objects.get(pk=event_type.pk)
    with django_assert_num_queries(3):
        starts(event_type, end=MIDNIGHT + days * DAY)


def test_a_length_that_there_is_not(event_type):
    """Slots are asked for in one of the event type's lengths."""
    with pytest.raises(Invalid) as caught:
        starts(event_type, duration=45)
    assert [fault.field for fault in caught.value.faults] == ["duration"]


def test_the_ends_of_the_calendar(event_type):
    """The longest range there is answers with what there is."""
    event_type.window = None
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert starts(event_type, first, last, now=MONDAY_NINE)[0] == MONDAY_NINE
    assert starts(event_type, last, first) == []


def test_the_next_slots(event_type):
    """The next ones are found over a weekend, over a long gap, and as many as there are."""
    friday = datetime(2026, 12, 4, 16, 30, tzinfo=UTC)
    found = next_slots(event_type, friday, 3, None, NOW)
    assert [slot.start for slot in found] == [
        friday,
        *(datetime(2026, 12, 7, 9, minute, tzinfo=UTC) for minute in (0, 30)),
    ]
    event_type.window = {"kind": "range", "start": "2027-06-01", "end": "2027-06-01"}
    assert next_slots(event_type, friday, 1, None, NOW)[0].start == datetime(2027, 6, 1, 8, 0, tzinfo=UTC)
    assert len(next_slots(event_type, friday, 100, None, NOW)) == 16
    assert next_slots(event_type, datetime.max.replace(tzinfo=UTC), 3, None, NOW) == []


def test_long_meetings_before_the_range_count(alice):
    """A meeting of a whole day that began yesterday takes today's morning."""
    event_type = make_event_type(alice, durations=[30, 1440], slot_interval=30)
    event_type.schedule.weekly = [{"days": ["mon", "tue"], "start": "00:00", "end": "24:00"}]
    event_type.schedule.save()
    take(event_type, MONDAY_NINE, duration=1440, invitee=GRACE)
    assert starts(event_type, MIDNIGHT + DAY, MIDNIGHT + 2 * DAY)[0] == MONDAY_NINE + DAY
