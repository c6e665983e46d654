"""What the picker shows: a month, the chosen day's times, and where to go when there are none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from linktime.bookings import availability
from linktime.bookings.models import Booking
from linktime.core import when
from linktime.core.errors import Fault, Invalid
from linktime.scheduling.models import EventType
from linktime.scheduling.slots import Slot
from linktime.web.public import month as calendar
from linktime.web.reading import Reading

YEARS_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address of the page asks for; what can't be read counts as not asked.

    `asked_duration` is empty where the event type's first duration is meant.
    """

    month: date | None
    day: date | None
    start: datetime | None
    duration: int
    asked_duration: str

    @property
    def must_start(self) -> datetime:
        if self.start is None:
            raise Invalid(Fault("start", "required", _("Pick a time.")))
        return self.start

    @property
    def end(self) -> datetime:
        return self.must_start + timedelta(minutes=self.duration)


@dataclass(frozen=True, slots=True)
class Picker:
    month: date
    previous: date | None
    next: date
    weekdays: list[tuple[str, str]]
    weeks: list[list[calendar.Day | None]]
    day: date | None
    times: list[Slot]
    next_open: date | None
    moment: datetime


def wish_of(query: QueryDict, durations: Sequence[int], reading: Reading, now: datetime) -> Wish:
    today = reading.local(now).date()
    asked = query.get("duration", "")
    asked = asked if asked in map(str, durations) else ""
    start = _instant(query.get("start", ""))
    day = reading.local(start).date() if start else _parsed(query.get("day", ""))
    return Wish(
        month=_sane(_parsed(f"{query.get('month', '')}-01"), today),
        day=_sane(day, today),
        start=start if _sane(day, today) else None,
        duration=int(asked or durations[0]),
        asked_duration=asked,
    )


def pick(
    event_type: EventType,
    wish: Wish,
    reading: Reading,
    now: datetime,
    *,
    moving: Booking | None = None,
    visitor: str = "",
) -> Picker:
    """Draw the month asked for; without a day asked for, its first one with times is open.

    What the `visitor` has on hold is free for them.
    """
    today = reading.local(now).date()
    month = calendar.first_of(wish.month or wish.day or today)
    begin, end = _midnight(month, reading), _midnight(calendar.next_month(month), reading)
    slots = availability.offered(
        event_type, start=max(begin, now), end=end, duration=wish.duration, now=now, moving=moving, visitor=visitor
    )
    by_day = _by_day(slots, reading)
    day = wish.day if wish.day and calendar.first_of(wish.day) == month else min(by_day, default=None)
    return Picker(
        month=month,
        previous=calendar.previous_month(month) if month > calendar.first_of(today) else None,
        next=calendar.next_month(month),
        weekdays=when.weekdays(reading.locale),
        weeks=calendar.weeks(
            month, first_weekday=when.first_weekday(reading.locale), open_days=by_day, today=today, chosen=day
        ),
        day=day,
        times=by_day.get(day, []) if day else [],
        next_open=None if by_day else _next_open(event_type, wish, reading, after=end, now=now, moving=moving),
        moment=by_day[day][0].start if day in by_day else max(begin, now),
    )  # fmt: skip


def on_offer(
    event_type: EventType, wish: Wish, now: datetime, *, moving: Booking | None = None, visitor: str = ""
) -> Slot | None:
    """Return the slot that begins when the wish says, if it can be had."""
    if wish.start is None:
        return None
    end = wish.start + timedelta(minutes=1)
    slots = availability.offered(
        event_type, start=wish.start, end=end, duration=wish.duration, now=now, moving=moving, visitor=visitor
    )  # fmt: skip
    return next((slot for slot in slots if slot.start == wish.start), None)


def _next_open(
    event_type: EventType, wish: Wish, reading: Reading, *, after: datetime, now: datetime, moving: Booking | None
) -> date | None:
    """Return the next day that has times; behind the last one of all, the first."""
    slots = availability.next_slots(event_type, after, 1, wish.duration, now, moving=moving)
    slots = slots or availability.next_slots(event_type, now, 1, wish.duration, now, moving=moving)
    return reading.local(slots[0].start).date() if slots else None


def _by_day(slots: Iterable[Slot], reading: Reading) -> dict[date, list[Slot]]:
    days: dict[date, list[Slot]] = {}
    for slot in slots:
        days.setdefault(reading.local(slot.start).date(), []).append(slot)
    return days


def _midnight(day: date, reading: Reading) -> datetime:
    return datetime.combine(day, time.min, reading.zone)


def _parsed(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    """Read an instant with its offset; years at the end of time have no local time everywhere."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo and MINYEAR < instant.year < MAXYEAR else None


def _sane(day: date | None, today: date) -> date | None:
    """Leave out days that no calendar page needs, and those at the end of time that have no next month."""
    return day if day and abs(day.year - today.year) <= YEARS_AHEAD else None
