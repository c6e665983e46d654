"""How an organisation fares, and when it may be asked again. Pure: `tests/test_weather.py` is its truth table.

Three things make an organisation wait. It fails: then it is asked again after a back-off, one booking at a time once it
has failed `BREAKER` times in a row, and the first success ends that. It says how long to wait: then it is left alone
for so long. Its budget of a day is nearly used: then background work stops first, and all but a person's own retry
later, until an answer shows room again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linktime.crm import plan
from linktime.crm.contract import Budget, CrmError

BREAKER = 5
BACKGROUND_SHARE = 0.80
LIVE_SHARE = 0.95
BUDGET_PROBE = timedelta(minutes=15)  # budgets of 24 h roll on: how often it is worth a look


@dataclass(frozen=True, slots=True)
class Weather:
    """When an organisation may be asked again, and after how many `failures` in a row.

    Nothing is sent before `retry_at`, no live booking before `live_from`, no background work before `background_from`.
    """

    failures: int
    retry_at: datetime | None
    live_from: datetime | None
    background_from: datetime | None


CLEAR = Weather(failures=0, retry_at=None, live_from=None, background_from=None)


def after_failure(weather: Weather, error: CrmError, now: datetime, jitter: float) -> Weather:
    """Let the organisation wait: as long as it says, else longer with each failure in a row."""
    told: timedelta | None = getattr(error, "after", None)
    if told is not None:
        return replace(weather, live_from=now + told, background_from=now + told)
    wait = plan.backoff(weather.failures, jitter)
    return replace(weather, failures=weather.failures + 1, retry_at=now + wait)


def after_answer(weather: Weather, budget: Budget, now: datetime) -> Weather:
    """Follow what the latest answer says of the day's budget."""
    share = budget.used / budget.allowed if budget.allowed else 0.0
    probe = now + BUDGET_PROBE
    if share >= LIVE_SHARE:
        return replace(weather, live_from=probe, background_from=probe)
    return replace(weather, background_from=probe) if share >= BACKGROUND_SHARE else weather
