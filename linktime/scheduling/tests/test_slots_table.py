"""When a meeting can begin, case by case: each is a sentence about the product."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from linktime.scheduling.hours import HostHours, Hours
from linktime.scheduling.localtime import DateRange, LocalCalendar, Stay
from linktime.scheduling.rules import BusinessDays, Limits, Rolling, Rules
from linktime.scheduling.slots import Busy, Host, free_slots

LONG_AGO = datetime(2009, 1, 1, tzinfo=UTC)
MONDAY = date(2026, 11, 30)
HOST = ("weekly", "overrides", "holidays", "away", "stays", "busy", "meetings")


def minutes(clock):
    return int(clock[:2]) * 60 + int(clock[3:])


def spans(text):
    return [(minutes(span[:5]), minutes(span[6:])) for span in text.split()]


def every_day(text):
    return tuple(Hours(day, *span) for day in range(7) for span in spans(text))


def host(zone, text, *, overrides=None, stays=(), busy=(), meetings=(), **more):
    return Host(
        HostHours(
            LocalCalendar(zone, stays),
            weekly=text if isinstance(text, tuple) else every_day(text),
            overrides={day: spans(hours) for day, hours in (overrides or {}).items()},
            **more,
        ),
        busy=busy,
        meetings=meetings,
    )


def on(day, clock, zone="UTC"):
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def at(clock):
    return on(MONDAY, clock)


def offered(hours="09:00-17:00", day=MONDAY, *, zone="UTC", duration=30, last=None, now=LONG_AGO, more=(), **values):
    """Return the wall-clock times, with offset, at which meetings begin from a day to the last, as people read them."""
    here = ZoneInfo(zone)
    own = {name: values.pop(name) for name in HOST if name in values}
    found = free_slots(
        Rules(**values),
        [host(zone, hours, **own), *more],
        duration=duration,
        start=on(day, "00:00", zone),
        end=on((last or day) + timedelta(days=1), "00:00", zone),
        now=now,
    )
    assert all(slot.end - slot.start == timedelta(minutes=duration) for slot in found)
    days = "%d " if last else ""
    return [f"{slot.start.astimezone(here):{days}%H:%M%z}".removesuffix("+0000") for slot in found]


def case(expected, hours="09:00-17:00", day=MONDAY, **values):
    return expected, hours, day, values


LONDON, NEW_YORK, TOKYO = "Europe/London", "America/New_York", "Asia/Tokyo"
TUESDAY, FRIDAY, SUNDAY = MONDAY + timedelta(1), MONDAY + timedelta(4), MONDAY - timedelta(1)

CLOCKS = {
    "London, spring: 01:00 to 02:00 does not exist": case(
        "00:00 00:30 02:00+0100 02:30+0100", "00:00-03:00", date(2026, 3, 29), zone=LONDON
    ),
    "London, spring: what begins in the gap moves forward with it": case(
        "02:30+0100 03:00+0100", "01:30-03:30", date(2026, 3, 29), zone=LONDON
    ),
    "London, spring: what ends in the gap moves forward with it": case(
        "00:00 00:30 02:00+0100", "00:00-01:30", date(2026, 3, 29), zone=LONDON
    ),
    "London, spring: what lies in the gap moves as a whole": case(
        "02:15+0100", "01:15-01:45", date(2026, 3, 29), zone=LONDON
    ),
    "London, spring: hours that are the gap itself are not there": case(
        "", "01:00-02:00", date(2026, 3, 29), zone=LONDON
    ),
    "London, spring: moved hours that meet others are one with them": case(
        "02:15+0100 02:45+0100 03:15+0100", "01:15-02:30 02:30-03:45", date(2026, 3, 29), zone=LONDON
    ),
    "London, spring: the day after is an ordinary one": case(
        "01:00+0100 01:30+0100", "01:00-02:00", date(2026, 3, 30), zone=LONDON
    ),
    "London, autumn: the repeated hour is offered once per instant": case(
        "00:30+0100 01:00+0100 01:30+0100 01:00 01:30 02:00", "00:30-02:30", date(2026, 10, 25), zone=LONDON
    ),
    "London, autumn: what begins in the repeated hour means the first": case(
        "01:30+0100 01:00 01:30 02:00", "01:30-02:30", date(2026, 10, 25), zone=LONDON
    ),
    "London, autumn: what ends in the repeated hour means the first": case(
        "00:30+0100 01:00+0100", "00:30-01:30", date(2026, 10, 25), zone=LONDON
    ),
    "New York, spring: 02:00 to 03:00 does not exist": case(
        "01:00-0500 01:30-0500 03:00-0400 03:30-0400", "01:00-04:00", date(2026, 3, 8), zone=NEW_YORK
    ),
    "New York, autumn: 01:00 to 02:00 is there twice": case(
        "01:00-0400 01:30-0400 01:00-0500 01:30-0500 02:00-0500", "01:00-02:30", date(2026, 11, 1), zone=NEW_YORK
    ),
    "Lord Howe, spring: half an hour is missing": case(
        "01:00+1030 01:30+1030 02:30+1100 03:00+1100", "01:00-03:30", date(2026, 10, 4), zone="Australia/Lord_Howe"
    ),
    "Lord Howe, autumn: half an hour is repeated": case(
        "01:00+1100 01:30+1100 01:30+1030 02:00+1030", "01:00-02:30", date(2026, 4, 5), zone="Australia/Lord_Howe"
    ),
    "Troll, spring: two hours are missing": case(
        "00:00 00:30 03:00+0200 03:30+0200", "00:00-04:00", date(2026, 3, 29), zone="Antarctica/Troll"
    ),
    "Troll, spring: what begins in the gap moves forward by two hours": case(
        "03:30+0200 04:00+0200", "01:30-04:30", date(2026, 3, 29), zone="Antarctica/Troll"
    ),
    "Troll, autumn: two hours are repeated": case(
        "01:00+0200 02:00+0200 01:00 02:00 03:00", "01:00-04:00", date(2026, 10, 25), zone="Antarctica/Troll",
        duration=60,
    ),
    "Beirut, spring: the day begins at 01:00": case(
        "01:00+0300 01:30+0300", "00:00-02:00", date(2026, 3, 29), zone="Asia/Beirut"
    ),
    "Beirut, spring: hours within the skipped midnight move on": case(
        "01:15+0300", "00:15-00:45", date(2026, 3, 29), zone="Asia/Beirut"
    ),
    "Beirut, spring: until midnight means until the skipped hour": case(
        "23:00+0200 23:30+0200", "23:00-24:00", date(2026, 3, 28), zone="Asia/Beirut"
    ),
    "Beirut, autumn: the last hour of the day is repeated": case(
        "23:00+0300 23:30+0300 23:00+0200 23:30+0200", "23:00-24:00", date(2026, 10, 24), zone="Asia/Beirut"
    ),
    "Cairo, spring: midnight is skipped on a Friday": case(
        "01:00+0300 01:30+0300", "00:00-02:00", date(2026, 4, 24), zone="Africa/Cairo"
    ),
    "Scoresbysund, spring: hours of the skipped last hour lie in the next day": case(
        "00:15-0100", (Hours(5, minutes("23:15"), minutes("23:45")),), date(2026, 3, 29), zone="America/Scoresbysund"
    ),
    "Apia: the Friday that it skipped has no hours": case(
        "", "09:00-10:00", date(2011, 12, 30), zone="Pacific/Apia"
    ),
    "Apia: the hours of the skipped Friday are not those of the Saturday": case(
        "", (Hours(4, 540, 600),), date(2011, 12, 31), zone="Pacific/Apia"
    ),
    "Apia: the Saturday after the skipped day is an ordinary one": case(
        "09:00+1400 09:30+1400", "09:00-10:00", date(2011, 12, 31), zone="Pacific/Apia"
    ),
    "Apia: the evening before the skipped day and the morning after it are one": case(
        "23:00-1000", "23:00-24:00", date(2011, 12, 29), zone="Pacific/Apia", duration=90,
        overrides={date(2011, 12, 31): "00:00-00:30"},
    ),
    "Vancouver keeps summer time from 2026 on": case(
        "09:00-0700", "09:00-09:30", date(2026, 11, 30), zone="America/Vancouver"
    ),
    "Edmonton keeps summer time from 2026 on": case(
        "09:00-0600", "09:00-09:30", date(2026, 12, 1), zone="America/Edmonton"
    ),
    "Winnipeg keeps summer time from 2026 on": case(
        "09:00-0500", "09:00-09:30", date(2027, 1, 4), zone="America/Winnipeg"
    ),
    "Havana has no autumn change in 2026": case(
        "00:00-0400 00:30-0400 01:00-0400", "00:00-01:30", date(2026, 11, 1), zone="America/Havana"
    ),
    "Casablanca is at UTC from 20 September 2026 on": case(
        "09:00", "09:00-09:30", date(2026, 9, 21), zone="Africa/Casablanca"
    ),
    "Kathmandu is 5 hours 45 minutes ahead": case(
        "09:00+0545 09:30+0545", "09:00-10:00", zone="Asia/Kathmandu"
    ),
    "Adelaide's half-hour zone has summer time": case(
        "01:30+0930 03:00+1030 03:30+1030", "01:30-04:00", date(2026, 10, 4), zone="Australia/Adelaide"
    ),
}  # fmt: skip

MIDNIGHT = {
    "until midnight": case("23:00 23:30", "23:00-24:00"),
    "a meeting may run over midnight": case("23:00 23:50", "23:00-24:00 00:00-01:00", FRIDAY, duration=50,
        overrides={FRIDAY: "23:00-24:00"}),
    "steps go on over midnight": case("01 23:00 01 23:50 02 00:40", (Hours(1, 1380, 1440), Hours(2, 0, 90)), TUESDAY,
        duration=50, last=TUESDAY + timedelta(1)),
    "hours until midnight alone end there": case("23:00", "23:00-24:00", duration=50),
    "the morning belongs to the stretch that began the evening before": case(
        "00:30", (Hours(6, 1410, 1440), Hours(0, 0, 90)), duration=60
    ),
    "a whole day can be booked": case("00:00", (Hours(0, 0, 1440),), duration=1440),
    "a whole day within longer hours, by the hour": case(
        " ".join(f"{hour:02}:00" for hour in range(24)), (Hours(0, 0, 1440), Hours(1, 0, 1440)), duration=1440,
        slot_interval=60,
    ),
    "around the clock, steps begin anew on Mondays": case(
        "29 23:30 30 00:00 30 00:50", "00:00-24:00", SUNDAY, duration=50, last=MONDAY,
        busy=[Busy(on(SUNDAY - timedelta(20), "00:00"), on(SUNDAY, "23:11")), Busy(at("01:40"), at("23:59"))],
        overrides={TUESDAY: ""},
    ),
    "around the clock since Wednesday, steps go on over Monday": case(
        "00:10 01:20", "00:00-24:00", duration=70, overrides={MONDAY - timedelta(6): ""},
        busy=[Busy(at("02:30"), at("23:59"))],
    ),
    "a day off ends the night before at midnight": case("23:00", "23:00-24:00 00:00-01:00", FRIDAY, duration=45,
        overrides={FRIDAY: "23:00-24:00", FRIDAY + timedelta(1): ""}),
}  # fmt: skip

DAYS = {
    "several intervals a day": case("09:00 09:30 14:00 14:30", "09:00-10:00 14:00-15:00"),
    "touching intervals are one": case("09:00 09:45 10:30 11:15", "09:00-10:10 10:10-12:00", duration=45),
    "overlapping intervals never give a start twice": case(
        "09:00 09:45 10:30 11:15", "09:00-11:00 09:30-12:00 10:00-10:05", duration=45
    ),
    "an override takes the place of the weekly hours": case("12:00", "09:00-17:00", overrides={MONDAY: "12:00-12:30"}),
    "an override may have several intervals": case(
        "12:00 15:00", overrides={MONDAY: "12:00-12:30 15:00-15:30"}
    ),
    "an override without intervals is a day off": case("", overrides={MONDAY: ""}),
    "an override of another day leaves this one alone": case("09:00", "09:00-09:30", overrides={TUESDAY: ""}),
    "an override opens a day without hours": case("12:00", (), overrides={MONDAY: "12:00-12:30"}),
    "a public holiday is a day off": case("", holidays=frozenset({MONDAY})),
    "an override opens a public holiday": case(
        "12:00", holidays=frozenset({MONDAY}), overrides={MONDAY: "12:00-12:30"}
    ),
    "who is away has no hours": case("", away=(DateRange(SUNDAY, TUESDAY),)),
    "who is away has no hours on overridden days either": case(
        "", away=(DateRange(MONDAY, MONDAY),), overrides={MONDAY: "12:00-12:30"}
    ),
    "who is back has hours": case("09:00", "09:00-09:30", away=(DateRange(SUNDAY - timedelta(5), SUNDAY),)),
    "who travels works by the clocks there": case(
        "00:00 00:30", "09:00-10:00", stays=(Stay(DateRange(MONDAY, FRIDAY), TOKYO),)
    ),
    "who travels works by the clocks at home before": case(
        "29 09:00 30 00:00", "09:00-09:30", SUNDAY, last=MONDAY, stays=(Stay(DateRange(MONDAY, FRIDAY), TOKYO),)
    ),
    "who travels works by the clocks at home afterwards": case(
        "01 14:00 02 09:00", "09:00-09:30", TUESDAY, last=TUESDAY + timedelta(1),
        stays=(Stay(DateRange(MONDAY, TUESDAY), NEW_YORK),),
    ),
    "hours of home and abroad that overlap never give a start twice": case(
        "29 09:00 29 12:00 29 15:00 29 18:00", "09:00-21:00", SUNDAY, duration=180, last=SUNDAY,
        stays=(Stay(DateRange(MONDAY, MONDAY), TOKYO),), overrides={MONDAY: "03:00-06:00"},
    ),
}  # fmt: skip

STEPS = {
    "steps are by default as long as the meeting": case("09:00 09:45", "09:00-10:30", duration=45),
    "a slot interval sets how often meetings begin": case(
        "09:00 09:05 09:10 09:15", "09:00-10:15", duration=60, slot_interval=5
    ),
    "a slot interval longer than the meeting leaves time between": case(
        "09:00 10:00", "09:00-10:30", duration=30, slot_interval=60
    ),
    "an offset moves every step": case("09:10 09:40", "09:00-10:15", slot_offset=10),
    "an offset counts from each interval's start": case(
        "09:10 14:25", "09:00-09:40 14:15-14:55", slot_offset=10
    ),
    "of several durations, the short one fits where the long does not": case("09:00 09:15 09:30", "09:00-09:45",
        duration=15),
    "of several durations, the long one needs its own time": case("", "09:00-09:45", duration=60),
    "meetings end within the hours": case("09:00", "09:00-09:59"),
}  # fmt: skip

BUFFERS = {
    "without buffers meetings may touch": case(
        "09:30 10:30 11:00", "09:30-11:30", busy=[Busy(at("10:00"), at("10:30"))]
    ),
    "what begins within a slot takes it": case(
        "09:30 10:30 11:00", "09:30-11:30", busy=[Busy(at("10:10"), at("10:20"))]
    ),
    "what takes a second takes the slot": case("09:30 10:30", "09:30-11:00", busy=[Busy(at("10:29:59"), at("10:30"))]),
    "what ends a second late takes the next slot too": case(
        "09:30 11:00", "09:30-11:30", busy=[Busy(at("10:00"), at("10:30:01"))]
    ),
    "a buffer before keeps the slot after a meeting free": case(
        "09:30 11:00", "09:30-11:30", buffer_before=15, busy=[Busy(at("10:00"), at("10:30"))]
    ),
    "a buffer after keeps the slot before a meeting free": case(
        "10:30 11:00", "09:30-11:30", buffer_after=15, busy=[Busy(at("10:00"), at("10:30"))]
    ),
    "buffers on both sides": case(
        "11:00", "09:30-11:30", buffer_before=15, buffer_after=15, busy=[Busy(at("10:00"), at("10:30"))]
    ),
    "the other meeting's buffer before counts as well": case(
        "10:30 11:00", "09:30-11:30", busy=[Busy(at("10:00"), at("10:30"), buffer_before=1)]
    ),
    "the other meeting's buffer after counts as well": case(
        "09:30 11:00", "09:30-11:30", busy=[Busy(at("10:00"), at("10:30"), buffer_after=30)]
    ),
    "two buffers may overlap": case(
        "09:30 11:00", "09:30-11:30", buffer_before=30, busy=[Busy(at("10:00"), at("10:30"), buffer_after=30)]
    ),
    "of two buffers the longer is kept": case(
        "09:30 11:30", "09:30-12:00", buffer_before=30, busy=[Busy(at("10:00"), at("10:30"), buffer_after=45)]
    ),
    "a buffer of exactly the time between is enough": case(
        "09:00 10:30", "09:00-11:00", buffer_before=30, busy=[Busy(at("09:30"), at("10:00"))]
    ),
    "a buffer a minute longer than the time between is not": case(
        "09:00", "09:00-11:00", buffer_before=31, busy=[Busy(at("09:30"), at("10:00"))]
    ),
    "a buffer may lie outside the hours": case(
        "09:00", "09:00-09:30", buffer_before=60, buffer_after=60, busy=[Busy(at("07:30"), at("08:00"))]
    ),
    "outside busy times reach in over midnight": case(
        "00:30", "00:00-01:00", busy=[Busy(on(SUNDAY, "22:00"), at("00:10"))]
    ),
}

NOTICE = {
    "notice counts to the second: on time": case(
        "09:00 09:30", "09:00-10:00", minimum_notice=60, now=at("08:00")
    ),
    "notice counts to the second: late": case(
        "09:30", "09:00-10:00", minimum_notice=60, now=at("08:00:01")
    ),
    "without notice a slot can be had until it begins": case("09:00 09:30", "09:00-10:00", now=at("09:00")),
    "nothing is offered in the past": case("09:30", "09:00-10:00", now=at("09:00:01")),
    "notice is real time where the clocks change": case(
        "02:30+0100", "01:00-03:00", date(2026, 3, 29), zone=LONDON, minimum_notice=90,
        now=datetime(2026, 3, 29, 0, 0, tzinfo=UTC), duration=30,
    ),
    "a rolling window is today and so many days": case(
        "30 09:00 01 09:00 02 09:00", "09:00-09:30", last=MONDAY + timedelta(9), window=Rolling(2), now=at("08:00")
    ),
    "a rolling window of no days is today": case(
        "30 09:00", "09:00-09:30", last=MONDAY + timedelta(9), window=Rolling(0), now=at("08:00")
    ),
    "a rolling window counts days in the host's zone, where it is late": case(
        "01 00:00+1300 02 00:00+1300", "00:00-00:30", zone="Pacific/Auckland", last=MONDAY + timedelta(6),
        window=Rolling(2), now=at("08:00"),
    ),
    "a rolling window counts days in the host's zone, where it is tomorrow": case(
        "02 00:00+1300 03 00:00+1300", "00:00-00:30", zone="Pacific/Auckland", last=MONDAY + timedelta(6),
        window=Rolling(2), now=at("12:00"),
    ),
    "a rolling window counts days where the host travels": case(
        "30 23:00", "08:00-08:30", last=MONDAY + timedelta(6), window=Rolling(0), now=at("16:00"),
        stays=(Stay(DateRange(TUESDAY, FRIDAY), TOKYO),),
    ),
    "a window of business days leaves out the weekend": case(
        "03 09:00 04 09:00 05 09:00 06 09:00 07 09:00", "09:00-09:30", last=MONDAY + timedelta(14),
        window=BusinessDays(2), now=on(MONDAY + timedelta(3), "08:00"),
    ),
    "a window of business days leaves out public holidays": case(
        "30 09:00 02 09:00", "09:00-09:30", last=MONDAY + timedelta(14), window=BusinessDays(1), now=at("08:00"),
        holidays=frozenset({TUESDAY}),
    ),
    "a fixed window includes both its days": case(
        "01 09:00 02 09:00", "09:00-09:30", last=MONDAY + timedelta(6),
        window=DateRange(TUESDAY, TUESDAY + timedelta(1)),
    ),
    "a window is about when a meeting begins": case(
        "23:30", "23:30-24:00 00:00-01:00", duration=60, window=DateRange(MONDAY, MONDAY),
        overrides={MONDAY: "23:30-24:00"},
    ),
}  # fmt: skip

LIMITS = {
    "a full day offers nothing": case("", limits=Limits(day=1), meetings=[at("09:00")]),
    "a day below its limit is open": case("09:00", "09:00-09:30", limits=Limits(day=2), meetings=[at("12:00")]),
    "a full day leaves the next one open": case(
        "01 09:00", "09:00-09:30", last=TUESDAY, limits=Limits(day=1), meetings=[at("12:00")]
    ),
    "a full week is over on Monday": case(
        "29 09:00 07 09:00", "09:00-09:30", SUNDAY, last=MONDAY + timedelta(7), limits=Limits(week=2),
        meetings=[at("12:00"), on(FRIDAY, "12:00")],
    ),
    "a full month is over on the first": case(
        "01 09:00", "09:00-09:30", SUNDAY, last=TUESDAY, limits=Limits(month=1),
        meetings=[on(date(2026, 11, 2), "12:00")],
    ),
    "December's limit ends with the year": case(
        "01 09:00", "09:00-09:30", date(2026, 12, 31), last=date(2027, 1, 1), limits=Limits(month=1),
        meetings=[on(date(2026, 12, 1), "12:00")],
    ),
    "days of a limit are those of the host's calendar": case(
        "01 09:00+1300", "09:00-09:30", MONDAY, last=TUESDAY, zone="Pacific/Auckland", limits=Limits(day=1),
        meetings=[on(SUNDAY, "12:00")],
    ),
    "all limits hold": case(
        "", "09:00-09:30", last=TUESDAY, limits=Limits(day=1, week=2, month=3),
        meetings=[at("12:00"), on(TUESDAY, "08:00")],
    ),
}  # fmt: skip

TOGETHER = {
    "all hosts must be open": case(
        "10:00 10:30", "09:00-11:00", more=[host("UTC", "10:00-12:00")]
    ),
    "steps begin where all are open": case(
        "09:45 10:15", "09:00-11:00", more=[host("UTC", "09:45-10:45")]
    ),
    "all hosts must be free": case(
        "09:00 10:30", "09:00-11:00", busy=[Busy(at("09:30"), at("10:00"))],
        more=[host("UTC", "09:00-11:00", busy=[Busy(at("10:00"), at("10:30"))])],
    ),
    "hosts of two zones meet where their days overlap": case(
        "14:00 15:00 16:00", "09:00-17:00", duration=60, more=[host(NEW_YORK, "09:00-17:00")]
    ),
    "one host's full day keeps all from meeting": case(
        "", "09:00-11:00", limits=Limits(day=1), more=[host("UTC", "09:00-11:00", meetings=[at("15:00")])]
    ),
    "one host's window keeps all from meeting": case(
        "", "09:00-09:30", TUESDAY, window=Rolling(1), now=on(SUNDAY, "23:30"), more=[host("UTC", "09:00-11:00")]
    ),
}  # fmt: skip

CASES = CLOCKS | MIDNIGHT | DAYS | STEPS | BUFFERS | NOTICE | LIMITS | TOGETHER


@pytest.mark.parametrize("name", CASES)
def test_offered(name):
    """Of each of these situations, exactly what it says is on offer."""
    expected, hours, day, values = CASES[name]
    found = offered(hours, day, **values)
    assert " ".join(found) == expected


def test_there_are_enough_cases():
    """No case has taken another one's name."""
    tables = (CLOCKS, MIDNIGHT, DAYS, STEPS, BUFFERS, NOTICE, LIMITS, TOGETHER)
    assert len(CASES) == sum(map(len, tables)) >= 60
