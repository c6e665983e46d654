"""The truth table of `plan.py`."""

from datetime import UTC, datetime, timedelta

import pytest

from linktime.crm.contract import Attempt, Step
from linktime.crm.plan import backoff, may_create, step

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENT = Attempt(at=NOW, revision=1, values={})


@pytest.mark.parametrize(
    ("wanted", "shown", "attempt", "expected"),
    [
        (1, 0, None, Step.CREATE),
        (3, 0, None, Step.CREATE),
        (2, 1, None, Step.UPDATE),
        (3, 1, None, Step.UPDATE),
        (1, 1, None, Step.REST),
        (1, 0, SENT, Step.LOOK_UP),
        (2, 1, SENT, Step.LOOK_UP),
        (1, 1, SENT, Step.LOOK_UP),
    ],
)
def test_the_step_follows_from_what_is_wanted_and_shown(wanted, shown, attempt, expected):
    """An attempt without an answer is looked up before anything else is done."""
    assert step(wanted=wanted, shown=shown, attempt=attempt) == expected


@pytest.mark.parametrize(("seconds", "allowed"), [(0, False), (59, False), (60, True), (3600, True)])
def test_nothing_is_created_again_while_the_lost_call_may_still_run(seconds, allowed):
    assert may_create(SENT, NOW + timedelta(seconds=seconds)) is allowed


def test_waits_double_up_to_half_a_minute_and_later_to_an_hour():
    longest = [backoff(tries, 1.0).total_seconds() for tries in range(40)]
    assert longest[:5] == [2, 4, 8, 16, 30]
    assert max(longest[:20]) == 30
    assert longest[-1] == 3600
    assert backoff(0, 0.0).total_seconds() == 1
