"""The truth table of `plan.py`."""

from datetime import UTC, datetime, timedelta

import pytest

from linktime.crm.contract import (
    Attempt,
    Gone,
    Misconfigured,
    Push,
    Reconnect,
    Rejected,
    Scope,
    Step,
    TryAgain,
    Uncertain,
)
from linktime.crm.plan import Waits, backoff, counts, may_create, step, who_waits

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
    assert step(wanted=wanted, shown=shown, linked=shown > 0, attempt=attempt) == expected


def test_a_linked_record_of_which_nothing_is_known_is_brought_back():
    """It is changed where it stands; one that stands nowhere is created."""
    assert step(wanted=1, shown=0, linked=True, attempt=None) == Step.UPDATE
    assert step(wanted=1, shown=0, linked=False, attempt=None) == Step.CREATE
    assert step(wanted=1, shown=0, linked=True, attempt=SENT) == Step.LOOK_UP


@pytest.mark.parametrize(("seconds", "allowed"), [(0, False), (59, False), (60, True), (3600, True)])
def test_nothing_is_created_again_while_the_lost_call_may_still_run(seconds, allowed):
    assert may_create(SENT, NOW + timedelta(seconds=seconds)) is allowed


def test_waits_double_up_to_half_a_minute_and_later_to_an_hour():
    """The jitter is full: those who failed together come back spread over the whole wait."""
    longest = [backoff(tries, 1.0).total_seconds() for tries in range(60)]
    assert longest[:5] == [2, 4, 8, 16, 30]
    assert max(longest[:40]) == 30
    assert 9 * 60 < sum(longest[:40]) / 2 < 11 * 60
    assert longest[-1] == max(longest) == 3600
    assert [backoff(tries, 0.0).total_seconds() for tries in (0, 50)] == [1, 1]


BUSY = TryAgain(scope=Scope.ORGANISATION)
LOST = Uncertain()
TOLD = TryAgain(scope=Scope.ORGANISATION, after=timedelta(minutes=15))
LOCKED = TryAgain(scope=Scope.ROW)


@pytest.mark.parametrize(
    ("error", "pushed", "before", "waits", "counted"),
    [
        (BUSY, (Step.CREATE, True), (True, 0), Waits.ORGANISATION, True),
        (BUSY, (Step.CREATE, True), (True, 1), Waits.RECORD, True),
        (BUSY, (Step.CREATE, True), (True, 11), Waits.RECORD, True),
        (BUSY, (Step.CREATE, True), (False, 1), Waits.ORGANISATION, False),
        (BUSY, (Step.CREATE, True), (False, 99), Waits.ORGANISATION, False),
        (BUSY, (Step.CREATE, True), (True, 12), Waits.NOBODY, True),
        (TOLD, (Step.CREATE, True), (True, 99), Waits.ORGANISATION, False),
        (LOCKED, (Step.UPDATE, True), (True, 0), Waits.RECORD, True),
        (LOCKED, (Step.UPDATE, True), (False, 11), Waits.RECORD, True),
        (LOCKED, (Step.UPDATE, True), (True, 12), Waits.NOBODY, True),
        (LOST, (Step.CREATE, True), (True, 0), Waits.ORGANISATION, True),
        (LOST, (Step.CREATE, True), (False, 5), Waits.ORGANISATION, False),
        (LOST, (Step.CREATE, True), (True, 1), Waits.RECORD, True),
        (LOST, (Step.LOOK_UP, False), (True, 99), Waits.RECORD, False),
        (LOST, (Step.LOOK_UP, True), (False, 11), Waits.ORGANISATION, False),
        (LOST, (Step.LOOK_UP, True), (True, 1), Waits.RECORD, True),
        (LOST, (Step.LOOK_UP, True), (True, 12), Waits.NOBODY, True),
        (TryAgain(scope=Scope.CONNECTION), (Step.CREATE, True), (True, 0), Waits.CONNECTION, False),
        (Reconnect(), (Step.CREATE, True), (True, 0), Waits.CONNECTION, False),
        (Misconfigured(), (Step.CREATE, True), (True, 0), Waits.CONNECTION, False),
        (Rejected(), (Step.CREATE, True), (True, 0), Waits.NOBODY, False),
        (Gone(), (Step.UPDATE, True), (False, 0), Waits.NOBODY, False),
    ],
)
def test_who_waits_follows_from_the_error_and_from_how_all_was_before(error, pushed, before, waits, counted):
    """What an outage does counts against no booking; what breaks a healthy organisation again and again does."""
    push, (well, tries) = Push(key=1, meeting=None, step=pushed[0], may_create=pushed[1]), before
    assert who_waits(push, error, well=well, tries=tries) == waits
    assert counts(push, error, well=well) is counted
