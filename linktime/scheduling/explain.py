"""Why a meeting can't begin at an instant: every rule of `slots.py` that is in the way, in the same arithmetic. Pure.

No reason means that `free_slots` lists the instant, and the other way round.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from linktime.scheduling.hours import HostHours, Span
from linktime.scheduling.rules import Rules, window_bounds
from linktime.scheduling.slots import LEAST, Busy, Host, fulls, grids, opened


class Rule(StrEnum):
    """What can be in the way, in the order in which it is told."""

    PAST = "past"
    NOTICE = "notice"
    WINDOW = "window"
    AWAY = "away"
    OVERRIDE = "override"
    HOLIDAY = "holiday"
    HOURS = "hours"
    TOO_LONG = "too_long"
    MEETING = "meeting"
    PAUSE = "pause"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule in the way. `host` is the place of the host it is about among those asked for, None for all of them.

    `after` is from when, and `before` is before when, the rule would let a meeting begin, where it says so: for
    `NOTICE` the earliest time, for `WINDOW` both ends, for `TOO_LONG` the end of the hours, for limits the full period,
    for `STEP` the steps on both sides. `spans` are the hours (in minutes since midnight) of the host's `day`; `busy`
    is what is too near; `limit` is how many meetings there are, and may be.
    """

    rule: Rule
    host: int | None = None
    day: date | None = None
    spans: Sequence[Span] = ()
    after: datetime | None = None
    before: datetime | None = None
    busy: Busy | None = None
    limit: int = 0


def explain(rules: Rules, hosts: Sequence[Host], *, duration: int, at: datetime, now: datetime) -> list[Reason]:
    """Return all that keeps these hosts from a meeting of `duration` minutes that begins at `at`; nothing: it is free.

    Instants are aware, and `hosts` are what `free_slots` takes, at least one.
    """
    at, now, length = at.astimezone(UTC), now.astimezone(UTC), timedelta(minutes=duration)
    found = list(_notice(rules, at, now))
    for place, host in enumerate(hosts):
        found += _window(rules, host, place, at, now)
        found += _closed(host.hours, place, at, length)
        found += _near(rules, host, place, at, length)
        found += _full(rules, host, place, at)
    return found + list(_off_step(rules, hosts, at, length))


def instants(wall: datetime, zone: str) -> list[datetime]:
    """Return when clocks in a zone (an IANA name) show a time: once, twice when they are put back, never in a gap."""
    both = {wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in both if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall)


def _notice(rules: Rules, at: datetime, now: datetime) -> Iterator[Reason]:
    earliest = now + timedelta(minutes=rules.minimum_notice)
    if at < now:
        yield Reason(Rule.PAST)
    elif at < earliest:
        yield Reason(Rule.NOTICE, after=earliest)


def _window(rules: Rules, host: Host, place: int, at: datetime, now: datetime) -> Iterator[Reason]:
    opens, closes = window_bounds(rules.window, host.hours, now)
    if not opens <= at < closes:
        yield Reason(Rule.WINDOW, place, after=opens, before=closes)


def _closed(hours: HostHours, place: int, at: datetime, length: timedelta) -> Iterator[Reason]:
    ends = next((end for start, end in opened(hours, at, at) if start <= at < end), None)
    if ends is None:
        day = hours.calendar.day_of(at)
        yield Reason(_rule_of(hours, day), place, day=day, spans=hours.spans(day))
    elif at + length > ends:
        yield Reason(Rule.TOO_LONG, place, before=ends)


def _rule_of(hours: HostHours, day: date) -> Rule:
    """Return which rule speaks of a day: the first in the order of `HostHours`."""
    if any(day in dates for dates in hours.away):
        return Rule.AWAY
    if day in hours.overrides:
        return Rule.OVERRIDE
    return Rule.HOLIDAY if day in hours.holidays else Rule.HOURS


def _near(rules: Rules, host: Host, place: int, at: datetime, length: timedelta) -> Iterator[Reason]:
    for busy in host.busy:
        # Between two meetings the longer of both pauses is kept, not their sum.
        ahead = timedelta(minutes=max(rules.buffer_before, busy.buffer_after))
        behind = timedelta(minutes=max(rules.buffer_after, busy.buffer_before))
        if at < busy.end and at + length > busy.start:
            yield Reason(Rule.MEETING, place, busy=busy)
        elif at < busy.end + ahead and at + length + behind > busy.start:
            yield Reason(Rule.PAUSE, place, busy=busy)


def _full(rules: Rules, host: Host, place: int, at: datetime) -> Iterator[Reason]:
    for full in fulls(rules.limits, host):
        if full.start <= at < full.end:
            yield Reason(Rule(full.period), place, after=full.end, before=full.start, limit=full.limit)


def _off_step(rules: Rules, hosts: Sequence[Host], at: datetime, length: timedelta) -> Iterator[Reason]:
    """Tell the steps around an instant that is none; where not all are open there are none to tell."""
    step = timedelta(minutes=rules.slot_interval) if rules.slot_interval else length
    for begin, until, _ in grids(hosts, at, at + LEAST):
        if begin <= at < until:
            first = begin + timedelta(minutes=rules.slot_offset)
            past = (at - first) % step
            if at < first:
                yield Reason(Rule.STEP, after=first)
            elif past:
                yield Reason(Rule.STEP, before=at - past, after=at - past + step)
