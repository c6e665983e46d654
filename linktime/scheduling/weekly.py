"""Weekly hours as they are kept, and as slots need them.

Kept: `[{"days": ["mon", ...], "start": "09:00", "end": "17:00"}]`, where `end` may be "24:00".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linktime.core.faults import Faults
from linktime.core.values import listed, one_of, record
from linktime.scheduling import clocks
from linktime.scheduling.hours import Hours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_ENTRIES = 200


def clean(value: Any) -> list[dict[str, Any]]:
    """Check weekly hours and return them in their one form: overlapping and touching ones united, in order."""
    entries: list[Hours] = []
    with Faults() as faults:
        for place, entry in enumerate(listed(value, at_most=MOST_ENTRIES)):
            with faults.at(place):
                entries += _entry(entry)
    return _in_order(_united(entries))


def hours(weekly: Iterable[Mapping[str, Any]]) -> tuple[Hours, ...]:
    """Turn hours as they are kept into hours of single days."""
    return tuple(
        Hours(DAYS.index(day), clocks.minutes(entry["start"]), clocks.minutes(entry["end"]))
        for entry in weekly
        for day in entry["days"]
    )


def _entry(value: Any) -> list[Hours]:
    days: set[int] = set()
    with Faults() as faults:
        entry = record(value, ("days", "start", "end"))
        with faults.at("days"):
            days = _days(entry.get("days"))
        with faults.at():
            start, end = clocks.interval(entry)
    return [Hours(day, start, end) for day in days]


def _days(value: Any) -> set[int]:
    days = set()
    with Faults() as faults:
        for place, day in enumerate(listed(value, at_least=1, at_most=len(DAYS))):
            with faults.at(place):
                days.add(DAYS.index(one_of(day, DAYS)))
    return days


def _united(entries: Iterable[Hours]) -> list[Hours]:
    united: list[Hours] = []
    for entry in sorted(entries):
        last = united[-1] if united else None
        if last and last.weekday == entry.weekday and entry.start <= last.end:
            united[-1] = Hours(last.weekday, last.start, max(last.end, entry.end))
        else:
            united.append(entry)
    return united


def _in_order(entries: Sequence[Hours]) -> list[dict[str, Any]]:
    """Put days with the same hours together, by their first day."""
    days: dict[tuple[int, int], list[str]] = defaultdict(list)
    for entry in entries:
        days[entry.start, entry.end].append(DAYS[entry.weekday])
    return [
        {"days": names, "start": clocks.text(start), "end": clocks.text(end)} for (start, end), names in days.items()
    ]
