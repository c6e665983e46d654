"""When a meeting can begin, found by looking at every minute: slow, and sharing no code with what it is to check.

A situation is made of plain values. Its hosts are dictionaries of `zone`; `weekly`, {weekday: [(start, end), ...]} in
minutes since midnight; `overrides`, {date: [(start, end), ...]}; `holidays`, a set of dates; `away`, [(first, last)];
`stays`, [(first, last, zone)]; `busy`, [(start, end, buffer before, buffer after)]; `meetings`, [start]. Within, an
instant is a number of minutes since 1970 in UTC.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = timedelta(minutes=1), 60, timedelta(days=1)
BEFORE, AFTER = 18, 6
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(instant):
    return (instant - EPOCH) / MINUTE


def local(instant, here):
    """Return what clocks show at an instant, as if that were an instant."""
    shown = (EPOCH + instant * MINUTE).astimezone(here)
    return instant + int(shown.utcoffset() / MINUTE)


@lru_cache(maxsize=24)
def clock_table(zone, day):
    """Return what clocks show in each minute of the days around, when they first show each time, and the dates."""
    here = ZoneInfo(zone)
    began = int(number(datetime(day.year, day.month, day.day, tzinfo=UTC) - (BEFORE + 2) * DAY))
    hours = range(began, began + (BEFORE + AFTER + 4) * 1440 + 1, HOUR)
    walls = []
    for hour, after in pairwise(hours):
        if local(after, here) - local(hour, here) == HOUR:  # clocks are changed once an hour at most
            walls += range(local(hour, here), local(after, here))
        else:
            walls += [local(instant, here) for instant in range(hour, after)]
    first_at = {}
    for instant, wall in enumerate(walls, began):
        first_at.setdefault(wall, instant)
    return walls, first_at, {wall // 1440 for wall in walls}


class Calendar:
    """The days of a host around one day."""

    def __init__(self, host, day):
        self.host, self.day = host, day
        self.days = [day + shift * DAY for shift in range(-BEFORE, AFTER)]
        self.midnights = {each: self.instant(each, 0) for each in self.days}

    def zone_of(self, day):
        return next((zone for first, last, zone in self.host["stays"] if first <= day <= last), self.host["zone"])

    def instant(self, day, minutes):
        """The first minute that shows this time; when none does, the one that shows it put forward by the gap."""
        walls, first_at, _ = clock_table(self.zone_of(day), self.day)
        wall = int(number(datetime(day.year, day.month, day.day, tzinfo=UTC))) + minutes
        if wall not in first_at:
            after = next(index for index, shown in enumerate(walls) if shown > wall)
            wall += walls[after] - walls[after - 1] - 1
        return first_at[wall]

    def date_of(self, instant):
        return max(day for day, midnight in self.midnights.items() if midnight <= instant)

    def open_minutes(self):
        return {minute for day in self.days for minute in self.minutes_of(day)}

    def minutes_of(self, day):
        *_, dates = clock_table(self.zone_of(day), self.day)
        if number(datetime(day.year, day.month, day.day, tzinfo=UTC)) // 1440 in dates:
            for start, end in self.hours_of(day):
                yield from range(self.instant(day, start), self.instant(day, end))

    def hours_of(self, day):
        if any(first <= day <= last for first, last in self.host["away"]):
            return []
        if day in self.host["overrides"]:
            return self.host["overrides"][day]
        return [] if day in self.host["holidays"] else self.host["weekly"].get(day.weekday(), [])


class Reference:
    """Decides for the days around one day. `rules` are those of an event type, as a dictionary."""

    def __init__(self, rules, hosts, day):
        self.rules = rules
        self.calendars = [Calendar(host, day) for host in hosts]
        self.opened = set.intersection(*(calendar.open_minutes() for calendar in self.calendars))

    def slots(self, *, duration, start, end, now):
        step = self.rules["slot_interval"] or duration
        earliest = number(now) + self.rules["minimum_notice"]
        return [
            EPOCH + at * MINUTE
            for at in self.beginnings(step)
            if number(start) <= at < number(end)
            and at >= earliest
            and all(at + count in self.opened for count in range(duration))
            and all(self.agrees(calendar, at, duration, number(now)) for calendar in self.calendars)
        ]

    def beginnings(self, step):
        """Open minutes that lie whole steps after where their stretch, or a week that never closes, began."""
        since, mondays = None, set(self.mondays())
        for at in sorted(self.opened):
            if at - 1 not in self.opened or at in mondays:
                since = at
            past = at - since - self.rules["slot_offset"]
            if past >= 0 and past % step == 0:
                yield at

    def mondays(self):
        """The Mondays before which all of the week from the Monday before is open."""
        midnights = self.calendars[0].midnights
        for day, midnight in midnights.items():
            before = midnights.get(day - 7 * DAY)
            if day.weekday() == 0 and before and all(minute in self.opened for minute in range(before, midnight)):
                yield midnight

    def agrees(self, calendar, at, duration, now):
        return (
            self.in_window(calendar, at, now)
            and not any(self.clash(at, duration, busy) for busy in calendar.host["busy"])
            and not self.full(calendar, at)
        )

    def in_window(self, calendar, at, now):
        kind, *values = self.rules["window"] or ("none",)
        day, today = calendar.date_of(at), calendar.date_of(now)
        match kind:
            case "rolling":
                return (day - today).days <= values[0]
            case "business_days":
                between = [today + count * DAY for count in range(1, (day - today).days + 1)]
                holidays = calendar.host["holidays"]
                working = [each for each in between if each.weekday() < 5 and each not in holidays]
                last = len(working) == values[0] and day in working
                return day <= today or len(working) < values[0] or last
            case "range":
                return values[0] <= day <= values[1]
        return True

    def clash(self, at, duration, busy):
        """Minute by minute: the meeting with its pauses against the other meeting, and the other way round."""
        start, end, before, after = number(busy[0]), number(busy[1]), *busy[2:]
        ours = range(duration)
        paused = range(-self.rules["buffer_before"], duration + self.rules["buffer_after"])
        return any(touches(at + count, start, end) for count in paused) or any(
            touches(at + count, start - before, end + after) for count in ours
        )

    def full(self, calendar, at):
        day = calendar.date_of(at)
        days = [calendar.date_of(number(start)) for start in calendar.host["meetings"]]
        counts = {
            "day": sum(other == day for other in days),
            "week": sum(other.isocalendar()[:2] == day.isocalendar()[:2] for other in days),
            "month": sum((other.year, other.month) == (day.year, day.month) for other in days),
        }
        limits = self.rules["limits"]
        return any(limits[period] is not None and counts[period] >= limits[period] for period in counts)


def touches(minute, start, end):
    """Tell whether any of a minute lies between two instants."""
    return minute < end and minute + 1 > start
