"""When a host works, from rules about days to stretches of time. Pure.

Every day's hours are wall-clock times in the zone of that day, turned into instants day by day (`localtime.py`). What
overlaps or touches is one stretch, across midnight too. Instants are in UTC, and no stretch includes its end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from linktime.scheduling.localtime import ONE_DAY, DateRange, LocalCalendar

type Stretch = tuple[datetime, datetime]
type Span = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Open hours of a weekday (0 is Monday), in minutes since its midnight; `end` may be 1440."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HostHours:
    """What decides when a host works on a day; the first of these that speaks of it counts.

    `away` are dates on which nothing is open. `overrides` are spans (start, end in minutes since midnight) in place of
    a date's other hours. `holidays` are dates without hours. `weekly` is for all other days.
    """

    calendar: LocalCalendar
    weekly: tuple[Hours, ...] = ()
    overrides: Mapping[date, Sequence[Span]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    away: tuple[DateRange, ...] = ()

    def spans(self, day: date) -> Sequence[Span]:
        """Return a day's hours in minutes since its midnight."""
        if any(day in dates for dates in self.away):
            return ()
        if day in self.overrides:
            return self.overrides[day]
        if day in self.holidays:
            return ()
        return [(hours.start, hours.end) for hours in self.weekly if hours.weekday == day.weekday()]


def stretches(hours: HostHours, first: date, last: date) -> list[Stretch]:
    """Return the open stretches of the dates from `first` to `last`."""
    found: list[Stretch] = []
    instant = hours.calendar.instant
    day = first
    while day <= last:
        spans = hours.spans(day)
        if spans and hours.calendar.exists(day):
            found += [(instant(day, start), instant(day, end)) for start, end in spans]
        day += ONE_DAY
    return unite(found)


def unite[T: (int, datetime)](found: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """Sort, join what overlaps or touches, and leave out what has no length."""
    united: list[tuple[T, T]] = []
    for start, end in sorted(found):
        if start >= end:
            continue
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def shared(one: Sequence[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    """Return what lies in both."""
    found: list[Stretch] = []
    here = there = 0
    while here < len(one) and there < len(other):
        start, end = max(one[here][0], other[there][0]), min(one[here][1], other[there][1])
        if start < end:
            found.append((start, end))
        if one[here][1] < other[there][1]:
            here += 1
        else:
            there += 1
    return found
