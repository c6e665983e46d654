"""Who of several hosts meets."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linktime.accounts.models import Membership
from linktime.bookings.actions import SlotTaken, cancel, reschedule
from linktime.bookings.availability import offered
from linktime.core.errors import Invalid
from linktime.scheduling.models import Absence, EventType, Place
from tests.people import NOW, give_hosts, join, make_event_type

from .making import HALF_AN_HOUR, MONDAY_NINE, faults, take

DAY = timedelta(days=1)


@pytest.fixture
def carol(alice):
    return join("carol@example.com", "Carol Curie", alice.account, Membership.Role.MEMBER)


def team(alice, *people, assignment, **values):
    made = make_event_type(alice, slug=assignment.replace("_", "-"), assignment=assignment, **values)
    return give_hosts(made, alice.user, *(person.user for person in people))


@pytest.fixture
def in_turn(alice, bob, carol):
    return team(alice, bob, carol, assignment="round_robin")


@pytest.fixture
def together(alice, bob):
    return team(alice, bob, assignment="collective")


def hosts(booking):
    return [row.host.name.split()[0] for row in booking.booking_hosts.select_related("host").order_by("host")]


def starts(event_type, day=MONDAY_NINE, **values):
    start = day.replace(hour=0)
    return [slot.start for slot in offered(event_type, start=start, end=start + DAY, duration=None, now=NOW, **values)]


def test_whoever_was_booked_longest_ago_is_next(in_turn):
    """Three bookings of one slot go to three hosts; a fourth finds nobody."""
    assert [hosts(take(in_turn)) for _ in range(3)] == [["Alice"], ["Bob"], ["Carol"]]
    assert MONDAY_NINE not in starts(in_turn)
    with pytest.raises(SlotTaken) as caught:
        take(in_turn)
    assert [slot.start for slot in caught.value.alternatives] == [
        MONDAY_NINE + step * HALF_AN_HOUR for step in (1, 2, 3)
    ]
    assert hosts(take(in_turn, MONDAY_NINE + HALF_AN_HOUR)) == ["Alice"]


def test_who_is_busy_misses_no_turn_for_ever(in_turn, bob):
    """A host who could not take a slot is the next for one that they can."""
    take(make_event_type(bob, slug="bobs"))
    assert [hosts(take(in_turn)) for _ in range(2)] == [["Alice"], ["Carol"]]
    assert hosts(take(in_turn, MONDAY_NINE + HALF_AN_HOUR)) == ["Bob"]


def test_a_host_of_more_weight_has_more_turns(in_turn):
    """Of ten bookings, weights of 3, 1 and 1 make six, two and two."""
    Place.objects.filter(event_type=in_turn, host__name__startswith="Alice").update(weight=3)
    got = Counter(hosts(take(in_turn, MONDAY_NINE + step * HALF_AN_HOUR))[0] for step in range(10))
    assert got == {"Alice": 6, "Bob": 2, "Carol": 2}


def test_a_slot_is_offered_when_any_of_them_has_it(in_turn, alice, bob):
    """Hosts in turn need not work at the same hours."""
    schedule = make_event_type(bob, slug="evening").schedule
    schedule.weekly = [{"days": ["mon"], "start": "18:00", "end": "19:00"}]
    schedule.save()
    Place.objects.filter(event_type=in_turn, host=bob.user).update(schedule=schedule)
    evening = MONDAY_NINE.replace(hour=18)
    assert starts(in_turn)[-2:] == [evening, evening + HALF_AN_HOUR]
    assert hosts(take(in_turn, evening)) == ["Bob"]
    with pytest.raises(SlotTaken):
        take(in_turn, evening)


def test_a_moved_booking_stays_with_its_host_when_free(in_turn):
    """Whose turn it would be does not matter."""
    booking = take(in_turn)
    assert hosts(reschedule(booking, start=MONDAY_NINE + HALF_AN_HOUR, reason="", now=NOW)) == ["Alice"]
    assert hosts(take(in_turn)) == ["Bob"]


def test_a_moved_booking_goes_to_another_host_when_its_own_is_busy(in_turn, alice):
    """It goes to whose turn it is, and its old host's time is free again."""
    take(make_event_type(alice, slug="alices"), MONDAY_NINE + HALF_AN_HOUR)
    booking = take(in_turn)
    assert hosts(booking) == ["Alice"]
    moved = reschedule(booking, start=MONDAY_NINE + HALF_AN_HOUR, reason="", now=NOW)
    assert hosts(moved) == ["Bob"]
    assert alice.user.booking_hosts.filter(during__contains=MONDAY_NINE, active=True).count() == 0
    assert hosts(take(in_turn, MONDAY_NINE + 2 * HALF_AN_HOUR)) == ["Carol"]


def test_all_hosts_meet_together(together, alice, bob):
    """Their meeting takes the time of each, and each one's other meetings take theirs."""
    take(make_event_type(bob, slug="bobs"))
    assert starts(together)[0] == MONDAY_NINE + HALF_AN_HOUR
    booking = take(together, MONDAY_NINE + HALF_AN_HOUR)
    assert hosts(booking) == ["Alice", "Bob"]
    with pytest.raises(SlotTaken):
        take(make_event_type(alice, slug="alices"), MONDAY_NINE + HALF_AN_HOUR)
    with pytest.raises(SlotTaken):
        take(together)
    moved = reschedule(booking, start=MONDAY_NINE + 2 * HALF_AN_HOUR, reason="", now=NOW)
    assert hosts(moved) == ["Alice", "Bob"]
    assert MONDAY_NINE + HALF_AN_HOUR in starts(together)


def test_who_is_away_keeps_all_from_meeting(together, in_turn, alice, bob):
    """Out of office holds for every schedule and account; in a round robin the others go on."""
    monday = date(2026, 11, 30)
    Absence.objects.create(account=alice.account, host=bob.user, start=monday, end=monday)
    assert starts(together) == []
    assert {hosts(take(in_turn, MONDAY_NINE))[0] for _ in range(2)} == {"Alice", "Carol"}
    with pytest.raises(Invalid) as caught:
        take(together)
    assert faults(caught) == {("start", "not_on_offer")}


def test_who_travels_is_offered_by_the_clocks_there(event_type, alice):
    """Nine o'clock in New York is two in London."""
    monday = date(2026, 11, 30)
    absence = {"start": monday, "end": monday, "time_zone": "America/New_York"}
    Absence.objects.create(account=alice.account, host=alice.user, **absence)
    assert starts(event_type)[0] == MONDAY_NINE + timedelta(hours=5)


def test_a_limit_counts_each_hosts_meetings(in_turn, together):
    """One meeting a day each: three in turn, and none together after that."""
    EventType.objects.update(limits={"day": 1, "week": None, "month": None})
    for event_type in (in_turn, together):
        event_type.refresh_from_db()
    for step in range(3):
        take(in_turn, MONDAY_NINE + step * HALF_AN_HOUR)
    assert starts(in_turn) == []
    with pytest.raises(SlotTaken):
        take(in_turn, MONDAY_NINE + 4 * HALF_AN_HOUR)
    assert starts(in_turn, MONDAY_NINE + DAY) != []
    take(together, MONDAY_NINE + 4 * HALF_AN_HOUR)
    assert starts(together) == []


def test_a_cancelled_booking_does_not_count(event_type):
    """Its limit is free again, and a booking that moves is not in its own way."""
    EventType.objects.update(limits={"day": 1, "week": 1, "month": 1})
    event_type.refresh_from_db()
    booking = take(event_type)
    assert starts(event_type) == []
    moved = reschedule(booking, start=MONDAY_NINE + 2 * HALF_AN_HOUR, reason="", now=NOW)
    cancel(moved, reason="", now=NOW)
    assert len(starts(event_type)) == 16


@pytest.mark.parametrize("assignment", ["round_robin", "collective"])
def test_more_hosts_cost_no_more_queries(alice, bob, carol, assignment):
    """Three for a month, whatever the team."""
    event_type = EventType.objects.get(pk=team(alice, bob, carol, assignment=assignment).pk)
    with CaptureQueriesContext(connection) as queries:
        starts(event_type)
    assert len(queries) == 3
