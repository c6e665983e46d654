"""What an event type says about when it can be booked. Pure values; all lengths are in minutes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from linktime.scheduling.hours import HostHours
from linktime.scheduling.localtime import ONE_DAY, DateRange

SATURDAY = 5
ALWAYS, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rolling:
    """Today and so many calendar days after it."""

    days: int


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """Today and so many days from Monday to Friday after it that are no public holidays."""

    days: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How many meetings of an event type a host has at most in a day, a week (from Monday) and a month."""

    day: int | None = None
    week: int | None = None
    month: int | None = None

    @property
    def any(self) -> bool:
        return (self.day, self.week, self.month) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Rules:
    """`slot_interval` None means the meeting's duration; `slot_offset` is from the start of the open hours."""

    slot_interval: int | None = None
    slot_offset: int = 0
    buffer_before: int = 0
    buffer_after: int = 0
    minimum_notice: int = 0
    window: Rolling | BusinessDays | DateRange | None = None
    limits: Limits = Limits()


def window_bounds(
    window: Rolling | BusinessDays | DateRange | None, hours: HostHours, now: datetime
) -> tuple[datetime, datetime]:
    """Return from when, and before when, meetings may begin, by the days of the host's calendar."""
    calendar = hours.calendar
    if window is None:
        return ALWAYS, NEVER
    if isinstance(window, DateRange):
        return calendar.midnight(window.first), calendar.midnight(window.last + ONE_DAY)
    last = last_day(window, calendar.day_of(now), hours.holidays)
    return ALWAYS, calendar.midnight(last + ONE_DAY)


def last_day(window: Rolling | BusinessDays, today: date, holidays: frozenset[date]) -> date:
    if isinstance(window, Rolling):
        return today + timedelta(days=window.days)
    day, left = today, window.days
    while left:
        day += ONE_DAY
        left -= day.weekday() < SATURDAY and day not in holidays
    return day
