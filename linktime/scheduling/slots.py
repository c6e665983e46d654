"""When a meeting can begin: pure arithmetic on instants.

Slots step in real minutes from the beginning of each open stretch (`hours.py`); where several hosts must be free, from
the beginning of what is open for all of them. Where everything is open for a whole calendar week, the steps begin anew
at the Monday after it: without that, hours that never end would have no beginning to count from.

Everything that keeps a meeting from beginning at an instant is one kind of thing here: a ban, from one instant to
before another. All instants are datetimes in UTC, which are added and compared as they are: to turn each into a number
would take longer than everything else.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from linktime.scheduling.hours import HostHours, Stretch, shared, stretches, unite
from linktime.scheduling.localtime import ONE_DAY, LocalCalendar
from linktime.scheduling.rules import Limits, Rules, window_bounds

# Bans do not include their ends, and a meeting may begin when another ends: its ban begins the least time later.
LEAST = timedelta.resolution
# How far back a stretch can matter: the whole week before the last Monday, and what zones differ by.
LOOK_BACK = timedelta(days=16)
# A meeting of 24 hours may end in the second day after, and hours may be moved on by a change of the clocks.
LOOK_AHEAD = timedelta(days=3)
SHORTEST_WEEK = timedelta(days=6)
WEEK = timedelta(days=7)
LONGEST_MONTH = timedelta(days=31)


class Slot(NamedTuple):  # a month has hundreds, and a tuple is made in a third of the time
    start: datetime
    end: datetime


@dataclass(slots=True)  # not frozen: hundreds are made for a month, and each would take six times as long
class Busy:
    """Time that is taken, and the pauses (in minutes) that whatever takes it wants around it."""

    start: datetime
    end: datetime
    buffer_before: int = 0
    buffer_after: int = 0


@dataclass(frozen=True, slots=True)
class Host:
    """One host's side: hours, what takes their time, and when their meetings of this event type begin.

    `busy` must hold all that touches a meeting or its buffers in the time asked for; `meetings` all of each day, week
    and month in it, when there are limits. Both may hold more.
    """

    hours: HostHours
    busy: Sequence[Busy] = ()
    meetings: Sequence[datetime] = ()


class Full(NamedTuple):
    """A `day`, `week` or `month` from `start` to before `end` that has reached its limit."""

    period: str
    limit: int
    start: datetime
    end: datetime


def free_slots(
    rules: Rules, hosts: Sequence[Host], *, duration: int, start: datetime, end: datetime, now: datetime
) -> list[Slot]:
    """Return what all these hosts can offer, with a beginning from `start` to before `end`, in order.

    `duration` is in minutes; instants are aware.
    """
    length = timedelta(minutes=duration)
    first, last = _bounds(rules, hosts, start.astimezone(UTC), end.astimezone(UTC), now.astimezone(UTC))
    if first >= last or not hosts:
        return []
    bans = _merged(ban for host in hosts for ban in _bans(rules, host, length))
    step, offset = timedelta(minutes=rules.slot_interval or duration), timedelta(minutes=rules.slot_offset)
    found: list[Slot] = []
    for begin, until, closes in grids(hosts, first, last):
        latest = min(until, closes - length + LEAST, last)
        for lowest, highest in _allowed(max(begin + offset, first), latest, bans):
            at = _next_step(begin + offset, step, lowest)
            while at < highest:
                found.append(Slot(at, at + length))
                at += step
    return found


def _bounds(
    rules: Rules, hosts: Sequence[Host], start: datetime, end: datetime, now: datetime
) -> tuple[datetime, datetime]:
    """Return from and before which instant meetings may begin, by what is asked, the notice and the window."""
    first, last = max(start, now + timedelta(minutes=rules.minimum_notice)), end
    for host in hosts:
        opens, closes = window_bounds(rules.window, host.hours, now)
        first, last = max(first, opens), min(last, closes)
    return first, last


def grids(hosts: Sequence[Host], first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Return where steps begin, before which instant they end, and when the open stretch around them closes."""
    shares = opened(hosts[0].hours, first, last)
    for host in hosts[1:]:
        shares = shared(shares, opened(host.hours, first, last))
    for begins, ends in shares:
        if ends <= first:
            continue
        cuts = [begins, *_new_weeks(hosts[0].hours.calendar, begins, ends), ends]
        for begin, until in pairwise(cuts):
            yield begin, until, ends


def opened(hours: HostHours, first: datetime, last: datetime) -> list[Stretch]:
    """Return a host's open stretches around all that matters to meetings between two instants."""
    return stretches(
        hours, hours.calendar.day_of(first) - LOOK_BACK, hours.calendar.day_of(last) + LOOK_AHEAD
    )  # fmt: skip


def _new_weeks(calendar: LocalCalendar, begins: datetime, ends: datetime) -> list[datetime]:
    """Return the Mondays within a stretch that a whole week of it comes before."""
    if ends - begins < SHORTEST_WEEK:
        return []
    monday = _monday(calendar.day_of(begins))
    mondays: list[datetime] = []
    while (at := calendar.midnight(monday)) < ends:
        if at >= begins:
            mondays.append(at)
        monday += WEEK
    return mondays[1:]


def _bans(rules: Rules, host: Host, length: timedelta) -> list[Stretch]:
    """Return the spans in which no meeting may begin, for what is taken and for full days, weeks and months."""
    before, after = rules.buffer_before, rules.buffer_after
    lead, rest = timedelta(minutes=after) + length - LEAST, timedelta(minutes=before)
    bans: list[Stretch] = []
    for busy in host.busy:
        begins, ends = busy.start - lead, busy.end + rest
        # Between two meetings the longer of both pauses is kept, not their sum.
        if busy.buffer_before > after:
            begins -= timedelta(minutes=busy.buffer_before - after)
        if busy.buffer_after > before:
            ends += timedelta(minutes=busy.buffer_after - before)
        bans.append((begins, ends))
    if rules.limits.any and host.meetings:
        bans += [(full.start, full.end) for full in fulls(rules.limits, host)]
    return bans


def fulls(limits: Limits, host: Host) -> Iterator[Full]:
    """Return the days, weeks and months in which a host has as many meetings as the limits allow."""
    calendar = host.hours.calendar
    days = Counter(calendar.day_of(at) for at in host.meetings)
    for period, limit, period_of in (
        ("day", limits.day, _day),
        ("week", limits.week, _week),
        ("month", limits.month, _month),
    ):
        if limit is None:
            continue
        counts: Counter[tuple[date, date]] = Counter()
        for day, count in days.items():
            counts[period_of(day)] += count
        for (first, following), count in counts.items():
            if count >= limit:
                yield Full(period, limit, calendar.midnight(first), calendar.midnight(following))


def _day(day: date) -> tuple[date, date]:
    return day, day + ONE_DAY


def _week(day: date) -> tuple[date, date]:
    return _monday(day), _monday(day) + WEEK


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + LONGEST_MONTH).replace(day=1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _merged(bans: Iterable[Stretch]) -> tuple[list[datetime], list[datetime]]:
    """Return the united bans' starts and ends."""
    united = unite(bans)
    return [start for start, _ in united], [end for _, end in united]


def _allowed(lowest: datetime, highest: datetime, bans: tuple[list[datetime], list[datetime]]) -> Iterator[Stretch]:
    """Return the parts of a span that no ban covers."""
    starts, ends = bans
    place = bisect_right(ends, lowest)
    while lowest < highest:
        if place == len(starts) or starts[place] >= highest:
            yield lowest, highest
            return
        if starts[place] > lowest:
            yield lowest, starts[place]
        lowest = ends[place]
        place += 1


def _next_step(begin: datetime, step: timedelta, lowest: datetime) -> datetime:
    """Return the first step from `begin` on that is not before `lowest`, which is not before `begin`."""
    return begin + step * -((begin - lowest) // step)
