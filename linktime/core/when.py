"""Moments as people read them: wall-clock texts in a zone, with the zone named in words. Pure.

Browsers' and mail programs' time-zone data is often stale, so these texts are made here and converted nowhere else.
How a language and a region write them is Unicode CLDR's data (`languages.py`).
"""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, dates

from linktime.core.languages import RIGHT_TO_LEFT, habits_of, locale_of

_DASH, _MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"
_QUOTED = re.compile(r"'[^']*'")
_YEAR = re.compile(r"[,\s]*('de'\s*)?y$")
_ZONES = {"en": "{} time", "de": "Ortszeit {}", "es": "hora de {}", "fr": "heure de {}", "ar": "توقيت {}"}


def twelve_hours(locale: str) -> bool:
    """Say whether people of a locale write 9:00 PM; otherwise they write 21:00."""
    return "h" in _QUOTED.sub("", habits_of(locale).time_formats["short"].pattern)


def first_weekday(locale: str) -> int:
    """Return the first day of the week, counted from Monday as 0."""
    return habits_of(locale).first_week_day


def weekdays(locale: str) -> list[tuple[str, str]]:
    """Return the days of the week in order, beginning as the locale has it: name and shortest form."""
    names, first = locale_of(locale).days["stand-alone"], first_weekday(locale)
    days = [(first + step) % 7 for step in range(7)]
    return [(names["wide"][day], names["short"][day].strip(".")) for day in days]


def clock_text(at: datetime, *, locale: str, twelve: bool | None = None) -> str:
    """Return the wall-clock time of an instant in its own zone: `09:00`, or `9:00 AM`; `twelve` is what was chosen."""
    twelve = twelve_hours(locale) if twelve is None else twelve
    return _shaped("hm" if twelve else "Hm", at, locale)


def day_text(at: date, *, locale: str, year: bool = True) -> str:
    """Return the day in words: `Monday, 30 November 2026`, or `Monday, November 30, 2026`; or without its year."""
    pattern = locale_of(locale).date_formats["full"].pattern
    return dates.format_date(at, pattern if year else _YEAR.sub("", pattern), locale=locale_of(locale))


def month_text(month: date, *, locale: str) -> str:
    """Return a month with its year: `November 2026`."""
    return _shaped("yMMMM", datetime(month.year, month.month, 1), locale)  # noqa: DTZ001 - a day of no zone


def short_text(at: datetime, *, locale: str) -> str:
    """Return day and time for a subject line: `Mon, 30 Nov 2026, 09:00`, or `Mon, Nov 30, 2026, 9:00 AM`."""
    return listed([_shaped("yMMMEd", at, locale), clock_text(at, locale=locale)], locale=locale)


def offset_text(at: datetime) -> str:
    """Return the offset from UTC at an instant: `UTC+05:30`, `UTC+00:00`."""
    offset = at.utcoffset() or timedelta()
    minutes = int(abs(offset).total_seconds() // 60)
    return f"UTC{_MINUS if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def city_text(zone: str, *, locale: str) -> str:
    """Name the place that a zone is named after: `Rom` in German for `Europe/Rome`."""
    return dates.get_timezone_location(zone, locale=locale_of(locale), return_city=True)


def zone_text(zone: str, *, locale: str = "") -> str:
    """Name a zone in words: `Buenos Aires time` for `America/Argentina/Buenos_Aires`, `UTC` for itself and its kin."""
    area, _, city = zone.rpartition("/")
    if not area or area == "Etc":
        return city.replace("_", " ")
    return _ZONES[locale_of(locale).language].format(city_text(zone, locale=locale))


def span_text(start: datetime, end: datetime, *, zone: str, locale: str) -> str:
    """Return a meeting's time in a zone: `Monday, 30 November 2026, 09:00 - 09:30, London time (UTC+00:00)`.

    A later day is named, and so is the offset at the end where the clocks change in between.
    """
    here = ZoneInfo(zone)
    first, last = start.astimezone(here), end.astimezone(here)
    until = clock_text(last, locale=locale)
    if last.date() != first.date():
        until = listed([day_text(last, locale=locale), until], locale=locale)
    offsets = dict.fromkeys([offset_text(first), offset_text(last)])
    times = f"{clock_text(first, locale=locale)} {_DASH} {until}"
    place = f"{zone_text(zone, locale=locale)} ({' / '.join(offsets)})"
    return listed([day_text(first, locale=locale), times, place], locale=locale)


def listed(parts: list[str], *, locale: str) -> str:
    """Join with the comma of the language."""
    return ("، " if locale_of(locale).language in RIGHT_TO_LEFT else ", ").join(parts)


def _shaped(skeleton: str, at: datetime, locale: str) -> str:
    """Write what CLDR's skeleton asks for, with plain spaces: not every program shows its narrow ones."""
    known: Locale = locale_of(locale)
    text = dates.format_skeleton(skeleton, at.replace(tzinfo=None), locale=known)
    return " ".join(text.split())
