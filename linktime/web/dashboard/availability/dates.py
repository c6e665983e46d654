"""Dates with hours of their own, as the editor shows them: a row for each interval, none of which makes a day off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from linktime.core.errors import Fault
from linktime.web.dashboard.availability.week import END_OF_DAY, MIDNIGHT, shown_end


@dataclass(frozen=True, slots=True)
class DateRow:
    day: str = ""
    start: str = ""
    end: str = ""
    fault: str = ""


def rows(overrides: Iterable[Mapping[str, Any]]) -> list[DateRow]:
    """Return the rows of overrides as they are kept."""
    found: list[DateRow] = []
    for override in overrides:
        intervals = override["intervals"] or [{"start": "", "end": ""}]
        found += [DateRow(override["date"], each["start"], shown_end(each["end"])) for each in intervals]
    return found


def typed_rows(post: QueryDict) -> list[DateRow]:
    """Read the form; a row with no field filled in is none."""
    columns = [post.getlist(f"date_{name}") for name in ("day", "start", "end")]
    return [DateRow(*row) for row in zip(*columns, strict=False) if any(row)]


def overrides(typed: Sequence[DateRow]) -> tuple[list[dict[str, Any]], list[list[int]]]:
    """Return overrides as the domain takes them, and for each the numbers of its rows; rows of one date are one."""
    by_day: dict[str, list[int]] = {}
    for number, row in enumerate(typed):
        by_day.setdefault(row.day, []).append(number)
    entries = [{"date": day, "intervals": _intervals([typed[each] for each in own])} for day, own in by_day.items()]
    return entries, list(by_day.values())


def with_faults(typed: Sequence[DateRow], places: Sequence[Sequence[int]], faults: Iterable[Fault]) -> list[DateRow]:
    """Put each fault of the overrides (`overrides.0.intervals.1.end`) at its row."""
    found = list(typed)
    for fault in faults:
        parts = fault.field.split(".")
        if parts[0] != "overrides" or len(parts) < 2 or not parts[1].isdigit():  # noqa: PLR2004 - its number
            continue
        timed = [each for each in places[int(parts[1])] if typed[each].start or typed[each].end]
        numbers = [int(part) for part in parts[2:] if part.isdigit()]
        row = timed[numbers[0]] if numbers else places[int(parts[1])][0]
        found[row] = DateRow(typed[row].day, typed[row].start, typed[row].end, fault.message)
    return found


def _intervals(own: Sequence[DateRow]) -> list[dict[str, str]]:
    return [
        {"start": row.start, "end": END_OF_DAY if row.end == MIDNIGHT else row.end}
        for row in own
        if row.start or row.end
    ]
