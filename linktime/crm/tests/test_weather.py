"""The truth table of `weather.py`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linktime.crm.contract import Budget, Scope, TryAgain, Uncertain
from linktime.crm.weather import CLEAR, after_answer, after_failure

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROBE = NOW + timedelta(minutes=15)


def test_an_organisation_that_fails_waits_longer_each_time():
    weather = CLEAR
    for count, seconds in enumerate([2, 4, 8, 16, 30, 30], 1):
        weather = after_failure(weather, Uncertain(), NOW, 1.0)
        assert (weather.failures, weather.retry_at) == (count, NOW + timedelta(seconds=seconds))


def test_one_that_says_how_long_to_wait_is_left_alone_for_so_long():
    """That is no failure: it answers, and says when."""
    error = TryAgain(scope=Scope.ORGANISATION, after=timedelta(hours=1))
    weather = after_failure(CLEAR, error, NOW, 1.0)
    until = NOW + timedelta(hours=1)
    assert weather == replace(CLEAR, live_from=until, background_from=until)


@pytest.mark.parametrize(
    ("used", "allowed", "live_from", "background_from"),
    [
        (0, 0, None, None),
        (99, 0, None, None),
        (7999, 10000, None, None),
        (8000, 10000, None, PROBE),
        (9499, 10000, None, PROBE),
        (9500, 10000, PROBE, PROBE),
        (20000, 10000, PROBE, PROBE),
    ],
)
def test_the_day_s_budget_stops_background_work_first(used, allowed, live_from, background_from):
    """From 80 % on nothing old is synced, from 95 % on only what a person asks for; later it is looked at again."""
    assert after_answer(CLEAR, Budget(used, allowed), NOW) == replace(
        CLEAR, live_from=live_from, background_from=background_from
    )


def test_a_wait_that_was_asked_for_is_kept_by_an_answer_that_says_nothing():
    waiting = replace(CLEAR, live_from=NOW, background_from=NOW)
    assert after_answer(waiting, Budget(), NOW) == waiting
