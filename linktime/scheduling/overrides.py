"""Dates with hours of their own: `[{"date": "2026-12-24", "intervals": [{"start": "09:00", "end": "12:00"}]}]`.

No intervals make a day off; `end` may be "24:00".
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from linktime.core.faults import Faults, refuse
from linktime.core.values import listed, record
from linktime.scheduling import clocks
from linktime.scheduling.hours import Span, unite

MOST = 1000
MOST_INTERVALS = 50


def clean(value: Any) -> list[dict[str, Any]]:
    """Check overrides and return them in their one form: by date, overlapping and touching intervals united."""
    kept: dict[date, list[Span]] = {}
    with Faults() as faults:
        for place, entry in enumerate(listed(value, at_most=MOST)):
            with faults.at(place):
                day, intervals = _override(entry)
                if day in kept:
                    refuse("not_unique", "Another override has this date.", field="date")
                kept[day] = intervals
    return [{"date": day.isoformat(), "intervals": _shown(kept[day])} for day in sorted(kept)]


def spans(kept: Iterable[Mapping[str, Any]]) -> dict[date, Sequence[Span]]:
    """Turn overrides as they are kept into what `hours.py` needs."""
    return {
        date.fromisoformat(entry["date"]): [
            (clocks.minutes(interval["start"]), clocks.minutes(interval["end"])) for interval in entry["intervals"]
        ]
        for entry in kept
    }


def _override(value: Any) -> tuple[date, list[Span]]:
    found: list[Span] = []
    with Faults() as faults:
        entry = record(value, ("date", "intervals"))
        with faults.at("date"):
            day = clocks.day(entry.get("date"))
        with faults.at("intervals"):
            found = _intervals(entry.get("intervals"))
    return day, unite(found)


def _intervals(value: Any) -> list[Span]:
    found: list[Span] = []
    with Faults() as faults:
        for place, entry in enumerate(listed(value, at_most=MOST_INTERVALS)):
            with faults.at(place):
                found.append(clocks.interval(record(entry, ("start", "end"))))
    return found


def _shown(intervals: Iterable[Span]) -> list[dict[str, str]]:
    return [{"start": clocks.text(start), "end": clocks.text(end)} for start, end in intervals]
