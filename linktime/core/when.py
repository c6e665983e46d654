"""Moments as people read them: wall-clock texts in a zone, with the zone named in words. Pure.

Browsers' and mail programs' time-zone data is often stale, so these texts are made here and converted nowhere else.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# Regions that write 9:00 PM where others write 21:00 (CLDR supplemental timeData, preferred "h", the larger ones).
_TWELVE_HOUR = "AE AU BD BH CA CO DO EG GH HK IN JO KE KR KW LB LY MX MY NZ OM PE PH PK QA SA SG US"
_TWELVE_HOUR_REGIONS = frozenset(_TWELVE_HOUR.split())
_MONTH_FIRST_REGIONS = frozenset({"US", "PH"})
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DASH, _MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"


def region_of(locale: str) -> str:
    """Return the region of a locale as a browser gives it: `US` of `en-US` and `zh-Hant-US`; `US` of a plain `en`."""
    subtags = locale.replace("_", "-").split("-")
    region = next((tag.upper() for tag in subtags[1:] if len(tag) == 2 and tag.isalpha()), "")  # noqa: PLR2004 - ISO 3166
    return "US" if locale.lower() == "en" else region


def twelve_hours(locale: str) -> bool:
    """Say whether people of a locale write 9:00 PM; otherwise they write 21:00."""
    return region_of(locale) in _TWELVE_HOUR_REGIONS


def clock_text(at: datetime, *, locale: str) -> str:
    """Return the wall-clock time of an instant in its own zone: `09:00`, or `9:00 AM`."""
    if not twelve_hours(locale):
        return f"{at:%H:%M}"
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"  # noqa: PLR2004 - noon


def day_text(at: datetime, *, locale: str) -> str:
    """Return the day in words: `Monday, 30 November 2026`, or `Monday, November 30, 2026`."""
    weekday, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    if region_of(locale) in _MONTH_FIRST_REGIONS:
        return f"{weekday}, {month} {at.day}, {at.year}"
    return f"{weekday}, {at.day} {month} {at.year}"


def short_text(at: datetime, *, locale: str) -> str:
    """Return day and time for a subject line: `Mon 30 Nov 2026, 09:00`, or `Mon, Nov 30, 2026, 9:00 AM`."""
    weekday, month = _DAYS[at.weekday()][:3], _MONTHS[at.month - 1][:3]
    time = clock_text(at, locale=locale)
    if region_of(locale) in _MONTH_FIRST_REGIONS:
        return f"{weekday}, {month} {at.day}, {at.year}, {time}"
    return f"{weekday} {at.day} {month} {at.year}, {time}"


def offset_text(at: datetime) -> str:
    """Return the offset from UTC at an instant: `UTC+05:30`, `UTC+00:00`."""
    offset = at.utcoffset() or timedelta()
    minutes = int(abs(offset).total_seconds() // 60)
    return f"UTC{_MINUS if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def zone_text(zone: str) -> str:
    """Name a zone in words: `Buenos Aires time` for `America/Argentina/Buenos_Aires`, `UTC` for itself and its kin."""
    area, _, city = zone.rpartition("/")
    if not area or area == "Etc":
        return city.replace("_", " ")
    return f"{city.replace('_', ' ')} time"


def span_text(start: datetime, end: datetime, *, zone: str, locale: str) -> str:
    """Return a meeting's time in a zone: `Monday, 30 November 2026, 09:00 - 09:30, London time (UTC+00:00)`.

    A later day is named, and so is the offset at the end where the clocks change in between.
    """
    here = ZoneInfo(zone)
    first, last = start.astimezone(here), end.astimezone(here)
    until = clock_text(last, locale=locale)
    if last.date() != first.date():
        until = f"{day_text(last, locale=locale)}, {until}"
    offset = offset_text(first)
    if offset_text(last) != offset:
        offset = f"{offset}, then {offset_text(last)}"
    return (
        f"{day_text(first, locale=locale)}, {clock_text(first, locale=locale)} {_DASH} {until}, "
        f"{zone_text(zone)} ({offset})"
    )
