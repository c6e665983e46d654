"""The slots against the slow reference, which looks at every minute and shares no code with them."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linktime.scheduling.hours import HostHours, Hours
from linktime.scheduling.localtime import DateRange, LocalCalendar, Stay
from linktime.scheduling.rules import BusinessDays, Limits, Rolling, Rules
from linktime.scheduling.slots import Busy, Host, free_slots

from .reference import Reference

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FIRST, LAST = date(2020, 1, 20), date(2035, 12, 20)
CHANGING = [
    *("Europe/London", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll", "Asia/Beirut", "Africa/Cairo"),
    *("America/Scoresbysund", "America/Nuuk", "America/Havana", "Africa/Casablanca", "America/Vancouver"),
    *("America/Winnipeg", "Asia/Gaza", "Atlantic/Azores", "Antarctica/Casey", "Pacific/Chatham"),
]
ZONES = sorted(available_timezones() - {"Factory", "localtime"})
FEW = st.sampled_from([0, 0, 5, 30, 90])
ONE_IN_FOUR, ONE_IN_EIGHT = (st.integers(1, count).map(lambda number: number == 1) for count in (4, 8))


@cache
def changes(zone):
    """The days of a zone on whose noon another offset holds than a day before."""
    here, days = ZoneInfo(zone), (LAST - FIRST).days
    offsets = [datetime.combine(FIRST + n * DAY, datetime.min.time(), here).utcoffset() for n in range(days + 1)]
    return [FIRST + n * DAY for n in range(days) if offsets[n] != offsets[n + 1]]


@st.composite
def places(draw):
    """A zone and a day, half of them such that clocks change there then."""
    zone = draw(st.sampled_from(CHANGING) | st.sampled_from(ZONES))
    return zone, draw(st.sampled_from(changes(zone) or [FIRST]) | st.dates(FIRST, LAST))


def spans(draw, most=3):
    minutes = st.integers(0, 1440)
    pair = st.tuples(minutes, minutes) | st.tuples(st.integers(0, 240), st.integers(0, 240))
    to_midnight = minutes.map(lambda start: (start, 1440))
    whole = st.just((0, 1440))
    drawn = draw(st.lists(pair | to_midnight | whole, min_size=1, max_size=most))
    return [(min(span), max(span)) for span in drawn if span[0] != span[1]]


def drawn_host(draw, zone, day, midnight):
    instants = st.integers(-2 * 86400, 3 * 86400).map(lambda count: midnight + timedelta(seconds=count))
    minutes = st.integers(-2 * 288, 3 * 288).map(lambda count: midnight + 5 * count * MINUTE)
    near = st.integers(-2, 2).map(lambda shift: day + shift * DAY)
    busy = st.tuples(minutes | instants, st.integers(1, 7200), FEW, FEW)
    first, length = draw(near), draw(st.integers(0, 2))
    always = draw(ONE_IN_FOUR)
    often = draw(st.lists(busy, max_size=8))
    return {
        "zone": zone,
        "weekly": {weekday: [(0, 1440)] if always else spans(draw) for weekday in range(7)},
        "overrides": {draw(near): spans(draw) if draw(st.booleans()) else []} if draw(ONE_IN_FOUR) else {},
        "holidays": {draw(near)} if draw(ONE_IN_EIGHT) else set(),
        "away": [(draw(near),) * 2] if draw(ONE_IN_EIGHT) else [],
        "stays": [(first, first + length * DAY, draw(st.sampled_from(CHANGING)))] if draw(ONE_IN_FOUR) else [],
        "busy": [(at, at + timedelta(seconds=length), *pauses) for at, length, *pauses in often],
        "meetings": draw(st.lists(st.integers(-9, 3).map(lambda shift: midnight + shift * DAY), max_size=4)),
    }


@st.composite
def situations(draw):
    zone, day = draw(places())
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    edges = draw(st.lists(st.integers(-2 * 1440, 3 * 1440), min_size=2, max_size=2).map(sorted))
    moments = st.integers(-4 * 86400, 86400).map(lambda count: midnight + timedelta(seconds=count))
    hosts = [drawn_host(draw, zone, day, midnight)]
    if draw(ONE_IN_FOUR):
        hosts.append(drawn_host(draw, draw(st.sampled_from(CHANGING)), day, midnight))
    ahead = st.tuples(st.sampled_from(["rolling", "business_days"]), st.integers(0, 5))
    window = ahead | st.just(("range", day, day + DAY))
    caps = st.none() | st.integers(1, 3)
    rules = {
        "slot_interval": draw(st.none() | st.integers(15, 180)),
        "slot_offset": draw(FEW),
        "buffer_before": draw(FEW),
        "buffer_after": draw(FEW),
        "minimum_notice": draw(st.sampled_from([0, 0, 1, 60, 1440])),
        "window": draw(window) if draw(ONE_IN_FOUR) else None,
        "limits": {period: draw(caps) for period in ("day", "week", "month")} if draw(ONE_IN_FOUR) else {},
    }
    rules["limits"] = dict.fromkeys(("day", "week", "month")) | rules["limits"]
    asked = {
        "duration": draw(st.sampled_from([15, 30, 45, 50, 60, 240, 1440])),
        "start": midnight + edges[0] * MINUTE,
        "end": midnight + edges[1] * MINUTE,
        "now": draw(moments),
    }
    return day, rules, hosts, asked


def window_of(window):
    match window:
        case ("rolling", days):
            return Rolling(days)
        case ("business_days", days):
            return BusinessDays(days)
        case ("range", first, last):
            return DateRange(first, last)
    return None


def host_of(host):
    stays = tuple(Stay(DateRange(first, last), zone) for first, last, zone in host["stays"])
    return Host(
        HostHours(
            LocalCalendar(host["zone"], stays),
            weekly=tuple(Hours(day, *span) for day, spans in host["weekly"].items() for span in spans),
            overrides=host["overrides"],
            holidays=frozenset(host["holidays"]),
            away=tuple(DateRange(*dates) for dates in host["away"]),
        ),
        busy=[Busy(*busy) for busy in host["busy"]],
        meetings=host["meetings"],
    )


def agrees(situation):
    day, rules, hosts, asked = situation
    expected = Reference(rules, hosts, day).slots(**asked)
    fast = Rules(**rules | {"window": window_of(rules["window"]), "limits": Limits(**rules["limits"])})
    found = free_slots(fast, [host_of(host) for host in hosts], **asked)
    assert [slot.start for slot in found] == expected
    assert all(slot.end - slot.start == asked["duration"] * MINUTE for slot in found)


CALM = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=60, derandomize=True, **CALM)
@given(situations())
def test_every_minute_agrees(situation):
    """Whatever the zone, the hours and what is taken, the slots are those that a look at every minute finds."""
    agrees(situation)


@pytest.mark.long
@settings(max_examples=20_000, **CALM)
@given(situations())
def test_every_minute_agrees_20_000_times(situation):
    """The same, at length and with other situations each time."""
    agrees(situation)
