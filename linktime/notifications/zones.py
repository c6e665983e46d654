"""A time zone as iCalendar has it (RFC 5545 3.6.5): the offsets that hold around a meeting, by the pinned tzdata. Pure.

icalendar's own writer puts the beginning of summer time after the hour that it skips, so it is done here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

HALF_A_YEAR = timedelta(days=183)
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)


def time_zone(name: str, start: datetime, end: datetime) -> Timezone:
    """Return the VTIMEZONE of an IANA zone, from half a year before `start` to half a year after `end`."""
    zone, first = ZoneInfo(name), (start - HALF_A_YEAR).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    component = Timezone()
    component.add("TZID", name)
    component.add_component(_observance(zone, first, first))
    for before, after in _changes(zone, first, (end + HALF_A_YEAR).astimezone(UTC)):
        component.add_component(_observance(zone, before, after))
    return component


def _observance(zone: ZoneInfo, before: datetime, after: datetime) -> TimezoneStandard | TimezoneDaylight:
    """Return what holds from `after` on; `before` is the last second of what held until then."""
    was, now = before.astimezone(zone), after.astimezone(zone)
    component = TimezoneDaylight() if now.dst() else TimezoneStandard()
    offset = was.utcoffset() or timedelta()
    component.add("DTSTART", (after + offset).replace(tzinfo=None))
    component.add("TZOFFSETFROM", offset)
    component.add("TZOFFSETTO", now.utcoffset() or timedelta())
    component.add("TZNAME", now.tzname() or "")
    return component


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Return the last second before each change of the clocks, and the first one after it."""
    while first < last:
        following = first + A_DAY
        if first.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield _narrowed(zone, first, following)
        first = following


def _narrowed(zone: ZoneInfo, before: datetime, after: datetime) -> tuple[datetime, datetime]:
    while after - before > A_SECOND:
        middle = before + timedelta(seconds=(after - before) // A_SECOND // 2)
        same = middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset()
        before, after = (middle, after) if same else (before, middle)
    return before, after
