"""When a meeting can begin: pure arithmetic on instants.

Weekly hours are wall-clock times in one zone, turned into instants day by day. Where clocks are put forward, an
interval that begins or ends in a skipped time moves forward by what was skipped; where they are put back, one that
begins or ends in the repeated hour means the first, and both are offered when it spans them. From the beginning of each
interval, slots step in real minutes. Intervals that overlap or touch are one; at midnight the steps begin anew, but a
meeting may run on into the next day's interval. All instants are in UTC, all lengths in minutes, and no interval
includes its end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Busy:
    """Time that is taken, and the pauses that whatever takes it wants around it."""

    start: datetime
    end: datetime
    buffer_before: int = 0
    buffer_after: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Open hours of a weekday (0 is Monday), in minutes since its midnight; `end` may be 1440."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rolling:
    """Today and so many calendar days after it."""

    days: int


@dataclass(frozen=True, slots=True)
class DateRange:
    """From the first to the last of these dates, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Rules:
    """What an event type and its schedule say; `slot_interval` None means the meeting's duration."""

    time_zone: str
    weekly: tuple[Hours, ...]
    slot_interval: int | None = None
    buffer_before: int = 0
    buffer_after: int = 0
    minimum_notice: int = 0
    window: Rolling | DateRange | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def free_slots(
    rules: Rules, *, duration: int, start: datetime, end: datetime, busy: Iterable[Busy], now: datetime
) -> list[Slot]:
    """Return what is on offer with a beginning from `start` to before `end`, in order.

    `busy` must hold all that touches a meeting or its buffers in that time; it may hold more.
    """
    length = timedelta(minutes=duration)
    earliest = max(start, now + timedelta(minutes=rules.minimum_notice))
    opened = _Opened(rules, earliest, end)
    taken = unite(_kept_free(rules, one) for one in busy)
    return [
        Slot(at, at + length)
        for at in opened.beginnings(timedelta(minutes=rules.slot_interval or duration))
        if earliest <= at < end
        and within_window(rules, at, now)
        and opened.stays_open(at, at + length)
        and not _overlaps(taken, at, at + length)
    ]


def opening_hours(rules: Rules, day: date) -> list[Interval]:
    """Turn one day's hours into instants."""
    spans = (
        Interval(_instant(day, hours.start, rules.zone), _instant(day, hours.end, rules.zone))
        for hours in rules.weekly
        if hours.weekday == day.weekday()
    )
    return unite(span for span in spans if span.start < span.end)


def within_window(rules: Rules, at: datetime, now: datetime) -> bool:
    """Tell whether a meeting may begin at `at`, by its date in the schedule's zone."""
    day = at.astimezone(rules.zone).date()
    match rules.window:
        case Rolling(days):
            return day <= now.astimezone(rules.zone).date() + timedelta(days=days)
        case DateRange(first, last):
            return first <= day <= last
        case None:
            return True


def unite(intervals: Iterable[Interval]) -> list[Interval]:
    """Sort, and join what overlaps or touches."""
    united: list[Interval] = []
    for interval in sorted(intervals):
        if united and interval.start <= united[-1].end:
            united[-1] = Interval(united[-1].start, max(united[-1].end, interval.end))
        else:
            united.append(interval)
    return united


class _Opened:
    """The open hours around a stretch of time, by day and as a whole."""

    def __init__(self, rules: Rules, start: datetime, end: datetime) -> None:
        # A day earlier for times that a skipped midnight moves on, two later for meetings of up to 24 hours.
        first, last = start.astimezone(rules.zone).date() - ONE_DAY, end.astimezone(rules.zone).date() + 2 * ONE_DAY
        self._days = [interval for day in _days(first, last) for interval in opening_hours(rules, day)]
        self._whole = unite(self._days)

    def beginnings(self, step: timedelta) -> list[datetime]:
        return sorted({at for interval in self._days for at in _steps(interval, step)})

    def stays_open(self, start: datetime, end: datetime) -> bool:
        index = bisect_right(self._whole, start, key=lambda interval: interval.start) - 1
        return index >= 0 and end <= self._whole[index].end


def _steps(interval: Interval, step: timedelta) -> Iterator[datetime]:
    at = interval.start
    while at < interval.end:
        yield at
        at += step


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=count) for count in range((last - first).days + 1))


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    # With fold=0 Python reads a skipped time by the offset before the change, which moves it forward, and takes the
    # first of two repeated ones.
    wall = datetime.combine(day, time.min) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _kept_free(rules: Rules, busy: Busy) -> Interval:
    """Return where no meeting may be: between two of them the longer of both pauses is kept, not their sum."""
    before = timedelta(minutes=max(busy.buffer_before, rules.buffer_after))
    after = timedelta(minutes=max(busy.buffer_after, rules.buffer_before))
    return Interval(busy.start - before, busy.end + after)


def _overlaps(taken: Sequence[Interval], start: datetime, end: datetime) -> bool:
    index = bisect_left(taken, end, key=lambda interval: interval.start) - 1
    return index >= 0 and taken[index].end > start
