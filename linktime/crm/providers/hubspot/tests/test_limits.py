"""What HubSpot's headers say of the window of ten seconds."""

from datetime import timedelta

import pytest

from linktime.crm.contract import Budget
from linktime.crm.providers.hubspot.limits import RATES, budget


def headers(longest, left, interval="10000"):
    return {
        "x-hubspot-ratelimit-max": longest,
        "x-hubspot-ratelimit-remaining": left,
        "x-hubspot-ratelimit-interval-milliseconds": interval,
    }


@pytest.mark.parametrize(
    ("told", "pause"),
    [
        (headers("110", "109"), 0),
        (headers("110", "6"), 0),
        (headers("110", "5"), 1),
        (headers("110", "0"), 1),
        (headers("110", "0", "?"), 0),
        (headers("?", "0"), 0),
        ({}, 0),
    ],
)
def test_it_is_given_time_when_next_to_nothing_of_a_window_is_left(told, pause):
    assert budget(told) == Budget(pause=timedelta(seconds=pause))


def test_no_ten_seconds_hold_more_than_the_limit():
    (rate,) = RATES
    assert rate.burst + 10 * rate.per_second <= 110
