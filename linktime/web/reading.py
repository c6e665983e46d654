"""How somebody reads times: zone, locale, 12 or 24 hours where they chose. The texts are those of `core/when.py`."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from linktime.core import when

UNITS = (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Reading:
    """`locale` is a tag such as `en-GB`; `hours` is `12` or `24` where somebody chose, else empty."""

    zone: ZoneInfo
    locale: str = ""
    hours: str = ""

    @property
    def twelve_hours(self) -> bool:
        return self.hours == "12" if self.hours else when.twelve_hours(self.locale)

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    def clock(self, instant: datetime) -> str:
        return when.clock_text(self.local(instant), locale=self.locale, twelve=self.twelve_hours)

    def full_date(self, moment: date) -> str:
        """Write a date with weekday and year; an instant is taken in this reading's zone."""
        return when.day_text(self._date(moment), locale=self.locale)

    def day(self, moment: date) -> str:
        """Write a date without its year."""
        return when.day_text(self._date(moment), locale=self.locale, year=False)

    def moment(self, instant: datetime) -> str:
        """Write day and time of an instant, without the year."""
        return when.listed([self.day(instant), self.clock(instant)], locale=self.locale)

    def month(self, moment: date) -> str:
        return when.month_text(moment, locale=self.locale)

    def exact(self, instant: datetime) -> str:
        return f"{self.full_date(instant)}, {self.clock(instant)} {self.zone_text(instant)}"

    def zone_text(self, instant: datetime) -> str:
        text = when.zone_text(self.zone.key, locale=self.locale)
        return text if text == "UTC" else f"{text} ({when.offset_text(self.local(instant))})"

    def _date(self, moment: date) -> date:
        return self.local(moment).date() if isinstance(moment, datetime) else moment


def relative(instant: datetime, now: datetime) -> str:
    """Write how far away an instant is: `in 2 hours`, `3 days ago`, `just now`."""
    seconds = (instant - now).total_seconds()
    for unit, length in UNITS:
        if abs(seconds) >= length:
            count = int(abs(seconds) // length)
            text = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"in {text}" if seconds > 0 else f"{text} ago"
    return "in a moment" if seconds > 0 else "just now"
