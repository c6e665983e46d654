"""Weekly hours as the editor shows them: for each day its intervals, as texts. Pure but for the form it reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from linktime.core.errors import Fault
from linktime.scheduling.weekly import DAYS

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MIDNIGHT, END_OF_DAY = "00:00", "24:00"


@dataclass(frozen=True, slots=True)
class Day:
    key: str
    name: str
    intervals: list[tuple[str, str]]
    faults: list[str] = field(default_factory=list)


def days(weekly: Sequence[Mapping[str, Any]]) -> list[Day]:
    """Return the seven days; a browser's time field writes the end of a day as 00:00."""
    return [
        Day(key, name, sorted((entry["start"], shown_end(entry["end"])) for entry in weekly if key in entry["days"]))
        for key, name in zip(DAYS, NAMES, strict=True)
    ]


def typed_days(post: QueryDict) -> list[Day]:
    """Read the form; an interval with both fields empty is none."""
    found = []
    for key, name in zip(DAYS, NAMES, strict=True):
        pairs = zip(post.getlist(f"{key}_start"), post.getlist(f"{key}_end"), strict=False)
        found.append(Day(key, name, [pair for pair in pairs if any(pair)]))
    return found


def weekly(typed: Sequence[Day]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return hours as the domain takes them, and the key of the day that each entry belongs to."""
    entries, places = [], []
    for day in typed:
        for start, end in day.intervals:
            entries.append({"days": [day.key], "start": start, "end": END_OF_DAY if end == MIDNIGHT else end})
            places.append(day.key)
    return entries, places


def with_faults(typed: Sequence[Day], places: Sequence[str], faults: Iterable[Fault]) -> list[Day]:
    """Put each fault of the weekly hours (`weekly.0.end`) at its day."""
    by_day: dict[str, list[str]] = {}
    for fault in faults:
        parts = fault.field.split(".")
        if parts[0] == "weekly" and len(parts) > 1 and parts[1].isdigit():
            by_day.setdefault(places[int(parts[1])], []).append(fault.message)
    return [replace(day, faults=list(dict.fromkeys(by_day.get(day.key, ())))) for day in typed]


def shown_end(end: str) -> str:
    return MIDNIGHT if end == END_OF_DAY else end
