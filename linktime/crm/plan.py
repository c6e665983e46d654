"""(wanted, shown) -> the step to take. Pure: `tests/test_plan.py` is its truth table."""

from datetime import datetime, timedelta

from linktime.crm.contract import Attempt, Step

# The total time-out of a call (`core.http`): after that, the other side is no longer at work on it.
LOST_AFTER = timedelta(seconds=60)
# When a late twin of a create whose answer was lost must have appeared.
RECHECK_AFTER = timedelta(minutes=15)

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)
PATIENT_TRIES = 20  # about 10 minutes of waits of at most EARLY_LIMIT
EARLY_LIMIT = timedelta(seconds=30)


def step(*, wanted: int, shown: int, attempt: Attempt | None) -> Step:
    """Decide from revisions; a booking that was cancelled before it was shown is still created, as history."""
    if attempt is not None:
        return Step.LOOK_UP
    if shown == 0:
        return Step.CREATE
    return Step.UPDATE if shown < wanted else Step.REST


def may_create(attempt: Attempt | None, now: datetime) -> bool:
    """Say whether what a look-up does not find may be created again."""
    return attempt is None or now - attempt.at >= LOST_AFTER


def backoff(tries: int, jitter: float) -> timedelta:
    """Return the wait before the next try: doubling from 2 s, up to 30 s for the first 10 minutes and 1 h later.

    `jitter` is a random number from 0 to 1; half of the wait is left to it.
    """
    if tries < PATIENT_TRIES:
        longest = min(FIRST_WAIT * int(2 ** min(tries, 10)), EARLY_LIMIT)
    else:
        longest = min(EARLY_LIMIT * int(2 ** min(tries - PATIENT_TRIES, 10)), LONGEST_WAIT)
    return longest * (0.5 + jitter / 2)
