"""A host's calendar: the zone of each of their days, and when it begins. Pure.

Where clocks are put forward, a wall-clock time that is skipped means the time moved forward by what was skipped; where
they are put back, one that is repeated means the first. Instants are in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
# No local date is further from UTC's than this.
FURTHEST_DAYS = 2


@dataclass(frozen=True, slots=True)
class DateRange:
    """From the first to the last of these dates, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Stay:
    """Dates that a host spends in another zone than at other times."""

    dates: DateRange
    time_zone: str


@dataclass(frozen=True, slots=True)
class LocalCalendar:
    """A zone (an IANA name), and others for some dates. A day lasts from its own midnight to that of the next."""

    time_zone: str
    stays: tuple[Stay, ...] = ()

    def zone_of(self, day: date) -> str:
        for stay in self.stays:
            if day in stay.dates:
                return stay.time_zone
        return self.time_zone

    def midnight(self, day: date) -> datetime:
        return _midnight(self.zone_of(day), day)

    def instant(self, day: date, minutes: int) -> datetime:
        """Return when clocks first show so many minutes after midnight; for 1440, the midnight that ends the day."""
        zone = self.zone_of(day)
        begins, ends = _midnight(zone, day), _midnight(zone, day + ONE_DAY)
        if ends - begins == ONE_DAY:
            return begins + timedelta(minutes=minutes)
        return _instant(zone, day, minutes)

    def exists(self, day: date) -> bool:
        """Tell whether clocks ever show this date: when a zone crosses the date line, one is skipped as a whole."""
        zone = self.zone_of(day)
        return _midnight(zone, day) < _midnight(zone, day + ONE_DAY)

    def day_of(self, at: datetime) -> date:
        """Return the latest day that has begun."""
        day = at.date() + FURTHEST_DAYS * ONE_DAY
        while self.midnight(day) > at:
            day -= ONE_DAY
        return day


@lru_cache(maxsize=50_000)
def _midnight(zone: str, day: date) -> datetime:
    return _instant(zone, day, 0)


def _instant(zone: str, day: date, minutes: int) -> datetime:
    # With fold=0 Python reads a skipped time by the offset before the change, which moves it forward, and takes the
    # first of two repeated ones.
    wall = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(minutes=minutes)
    return wall.astimezone(UTC)
