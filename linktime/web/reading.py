"""How somebody reads times: zone, locale, 12 or 24 hours where they chose. The texts are those of `core/when.py`."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from linktime.core import when

# Unicode CLDR, supplemental weekData, by region.
_SUNDAY = "US CA MX BR JP IN IL KR TW HK PH ZA SG CO PE VE AU PK SA TH ID KE"
_SATURDAY = "AE EG DZ IR IQ JO KW OM QA BH SY AF"
SUNDAY_FIRST, SATURDAY_FIRST = frozenset(_SUNDAY.split()), frozenset(_SATURDAY.split())
SATURDAY, SUNDAY = 5, 6
UNITS = (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Reading:
    """`locale` is a browser's tag such as `en-GB`; `hours` is `12` or `24` where somebody chose, else empty."""

    zone: ZoneInfo
    locale: str = ""
    hours: str = ""

    @property
    def twelve_hours(self) -> bool:
        return self.hours == "12" if self.hours else when.twelve_hours(self.locale)

    @property
    def first_weekday(self) -> int:
        """The first day of the week, counted from Monday as 0."""
        region = when.region_of(self.locale)
        return SATURDAY if region in SATURDAY_FIRST else SUNDAY if region in SUNDAY_FIRST else 0

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    def clock(self, instant: datetime) -> str:
        return when.clock_text(self.local(instant), locale="en-US" if self.twelve_hours else "en-GB")

    def full_date(self, moment: date) -> str:
        """Write a date with weekday and year; an instant is taken in this reading's zone."""
        if not isinstance(moment, datetime):
            return when.day_text(datetime.combine(moment, time.min), locale=self.locale)
        return when.day_text(self.local(moment), locale=self.locale)

    def day(self, moment: date) -> str:
        """Write a date without its year."""
        year = self.local(moment).year if isinstance(moment, datetime) else moment.year
        return self.full_date(moment).removesuffix(str(year)).rstrip(", ")

    def exact(self, instant: datetime) -> str:
        return f"{self.full_date(instant)}, {self.clock(instant)} {self.zone_text(instant)}"

    def zone_text(self, instant: datetime) -> str:
        if when.zone_text(self.zone.key) == "UTC":
            return "UTC"
        return f"{when.zone_text(self.zone.key)} ({when.offset_text(self.local(instant))})"


def relative(instant: datetime, now: datetime) -> str:
    """Write how far away an instant is: `in 2 hours`, `3 days ago`, `just now`."""
    seconds = (instant - now).total_seconds()
    for unit, length in UNITS:
        if abs(seconds) >= length:
            count = int(abs(seconds) // length)
            text = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"in {text}" if seconds > 0 else f"{text} ago"
    return "in a moment" if seconds > 0 else "just now"
