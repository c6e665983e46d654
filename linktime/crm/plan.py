"""What to do next. Pure: `tests/test_plan.py` is its truth table.

(wanted, shown) -> the step to take; an error -> who waits for it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from linktime.crm.contract import Attempt, CrmError, Misconfigured, Push, Reconnect, Scope, Step, TryAgain, Uncertain

# The total time-out of a call (`core.http`): after that, the other side is no longer at work on it.
LOST_AFTER = timedelta(seconds=60)
# When a late twin of a create whose answer was lost must have appeared.
RECHECK_AFTER = timedelta(minutes=15)

SHORTEST_WAIT = timedelta(seconds=1)
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)
PATIENT_TRIES = 40  # about 10 minutes of waits of at most EARLY_LIMIT, half of which the jitter takes away
EARLY_LIMIT = timedelta(seconds=30)

SUSPICIOUS = 1  # times that a record broke a healthy organisation; the next time it is taken for the record's fault
MOST_TRIES = 12  # about 3 minutes of waits


def step(*, wanted: int, shown: int, linked: bool, attempt: Attempt | None) -> Step:
    """Decide from revisions; a booking that was cancelled before it was shown is still created, as history.

    One that is `linked` to a record over there and shows nothing that we know is brought back: see `reconcile.py`.
    """
    if attempt is not None:
        return Step.LOOK_UP
    if shown == 0:
        return Step.UPDATE if linked else Step.CREATE
    return Step.UPDATE if shown < wanted else Step.REST


def may_create(attempt: Attempt | None, now: datetime) -> bool:
    """Say whether what a look-up does not find may be created again."""
    return attempt is None or now - attempt.at >= LOST_AFTER


class Waits(StrEnum):
    """Who waits for an error to go away: nobody, when the record fails."""

    ORGANISATION = "organisation"
    CONNECTION = "connection"
    RECORD = "record"
    NOBODY = "nobody"


def who_waits(push: Push, error: CrmError, *, well: bool, tries: int) -> Waits:
    """Decide who waits after an error.

    `well` says that the organisation had no trouble a moment ago, `tries` how often this record failed before. What
    breaks a healthy organisation time and again is the record's own fault (a trigger over there that falls over it),
    and a record that has failed too often by itself fails for good.
    """
    shared = not (well and tries >= SUSPICIOUS)
    match error:
        case Reconnect() | Misconfigured() | TryAgain(scope=Scope.CONNECTION):
            return Waits.CONNECTION
        case TryAgain(scope=Scope.ORGANISATION) if shared or error.after is not None:
            return Waits.ORGANISATION
        case Uncertain() if shared and not is_early(push):
            return Waits.ORGANISATION
        case TryAgain() | Uncertain() if tries < MOST_TRIES or is_early(push):
            return Waits.RECORD
    return Waits.NOBODY


def counts(push: Push, error: CrmError, *, well: bool) -> bool:
    """Say whether an error is counted against the record.

    Not when its organisation is in trouble anyway or has said how long to wait, nor when the record only waits for an
    answer that may still come.
    """
    match error:
        case TryAgain(scope=Scope.ORGANISATION):
            return well and error.after is None
        case TryAgain(scope=Scope.ROW):
            return True
        case Uncertain():
            return well and not is_early(push)
    return False


def is_early(push: Push) -> bool:
    """Say whether a lost create that was not found may still arrive."""
    return push.step == Step.LOOK_UP and not push.may_create


def backoff(tries: int, jitter: float) -> timedelta:
    """Return the wait before the next try: doubling from 2 s, up to 30 s for the first 10 minutes and 1 h later.

    `jitter` is a random number from 0 to 1, by which all of the wait is multiplied: so that those who failed together
    do not come back together.
    """
    if tries < PATIENT_TRIES:
        longest = min(FIRST_WAIT * int(2 ** min(tries, 10)), EARLY_LIMIT)
    else:
        longest = min(EARLY_LIMIT * int(2 ** min(tries - PATIENT_TRIES, 10)), LONGEST_WAIT)
    return max(longest * jitter, SHORTEST_WAIT)
