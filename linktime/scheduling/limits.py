"""How many meetings a host has at most, as it is kept: `{"day": 3, "week": null, "month": null}`."""

from collections.abc import Mapping
from typing import Any

from linktime.core.faults import Faults, refuse
from linktime.core.values import record, whole
from linktime.scheduling.rules import Limits

PERIODS = ("day", "week", "month")
MOST = 10_000


def none() -> dict[str, int | None]:
    return dict.fromkeys(PERIODS)


def clean(value: Any) -> dict[str, int | None]:
    """Check limits; one that a longer period's makes pointless is refused."""
    if value is None:
        return none()
    kept = none()
    with Faults() as faults:
        given = record(value, PERIODS)
        for period in PERIODS:
            with faults.at(period):
                kept[period] = _limit(given.get(period))
        faults.stop()
        _require_order(faults, kept)
    return kept


def limits_of(kept: Mapping[str, Any]) -> Limits:
    return Limits(**kept)


def _limit(value: Any) -> int | None:
    return None if value is None else whole(value, at_least=1, at_most=MOST)


def _require_order(faults: Faults, kept: Mapping[str, int | None]) -> None:
    for place, period in enumerate(PERIODS):
        for longer in PERIODS[place + 1 :]:
            limit, above = kept[period], kept[longer]
            with faults.at(period):
                if limit is not None and above is not None and limit > above:
                    refuse("above_longer_limit", f"A {period}'s limit can't be above the {longer}'s, which is {above}.")
