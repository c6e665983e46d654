"""Why an event type is not offered at a time, as its slots have it."""

from datetime import timedelta

import pytest

from linktime.bookings import holds
from linktime.bookings.availability import HORIZON, MOMENT, offered
from linktime.bookings.explanation import explained
from linktime.scheduling.explain import Rule
from linktime.scheduling.models import Absence
from tests.people import NOW, give_hosts, make_event_type

from .making import HALF_AN_HOUR, MONDAY_NINE, take

TEN = MONDAY_NINE + 2 * HALF_AN_HOUR
TIMES = [MONDAY_NINE + step * timedelta(minutes=15) for step in range(-2, 8)] + [NOW, NOW - HALF_AN_HOUR, NOW + HORIZON]


def rules_of(event_type, at=TEN):
    """What is in the way, for each who could meet; and look that the slots agree, at other times too."""
    for other in [at, *TIMES]:
        listed = bool(offered(event_type, start=other, end=other + MOMENT, duration=None, now=NOW))
        assert explained(event_type, at=other, duration=None, now=NOW).offered == listed, other
    found = explained(event_type, at=at, duration=None, now=NOW)
    return [[(reason.rule, reason.host) for reason in verdict.reasons] for verdict in found.verdicts]


@pytest.fixture
def team(alice, bob, event_type):
    give_hosts(event_type, alice.user, bob.user)
    return event_type


def test_what_is_free_has_nothing_in_the_way(event_type):
    assert rules_of(event_type) == [[]]


def test_a_booking_or_a_hold_in_the_way_is_that_very_one(event_type):
    booking = take(event_type, TEN)
    holds.hold(event_type, start=MONDAY_NINE, duration=None, visitor="v", now=NOW)
    assert rules_of(event_type) == [[(Rule.MEETING, 0)]]
    (verdict,) = explained(event_type, at=TEN, duration=None, now=NOW).verdicts
    assert verdict.reasons[0].busy.occasion == booking.occasion
    assert rules_of(event_type, MONDAY_NINE) == [[(Rule.MEETING, 0)]]


def test_in_a_round_robin_each_host_has_reasons_of_their_own(team, bob):
    team.assignment = "round_robin"
    team.save()
    Absence.objects.create(account=bob.account, host=bob.user, start=TEN.date(), end=TEN.date())
    assert rules_of(team) == [[], [(Rule.AWAY, 0)]]


def test_in_a_collective_any_host_is_in_the_way(team, bob):
    team.assignment = "collective"
    team.save()
    Absence.objects.create(account=bob.account, host=bob.user, start=TEN.date(), end=TEN.date())
    assert rules_of(team) == [[(Rule.AWAY, 1)]]


def test_a_meeting_with_free_seats_is_not_in_the_way_of_itself(alice):
    webinar = make_event_type(alice, "webinar", seats=2, limits={"day": 1, "week": None, "month": None})
    take(webinar, TEN)
    assert rules_of(webinar) == [[]]
    assert rules_of(webinar, MONDAY_NINE) == [[(Rule.DAY, 0)]]
    take(webinar, TEN)
    assert rules_of(webinar) == [[(Rule.MEETING, 0), (Rule.MEETING, 0), (Rule.DAY, 0)]]


def test_one_that_is_closed_or_too_far_away_is_not_offered(event_type):
    event_type.window = None
    assert explained(event_type, at=NOW + HORIZON, duration=None, now=NOW).beyond
    event_type.active = False
    assert rules_of(event_type) == [[]]
    assert explained(event_type, at=TEN, duration=None, now=NOW).closed
