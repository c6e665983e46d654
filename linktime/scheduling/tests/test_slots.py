"""When a meeting can begin, case by case."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from linktime.scheduling.slots import Busy, DateRange, Hours, Rolling, Rules, free_slots

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MONDAY = date(2026, 11, 30)


def clock(text):
    return int(text[:2]) * 60 + int(text[3:])


def every_day(*spans):
    return tuple(Hours(day, clock(span[:5]), clock(span[6:])) for day in range(7) for span in spans)


def beginnings(day, *spans, zone="UTC", duration=30, busy=(), now=LONG_AGO, last=None, **rules):
    """The wall-clock times, with offset, at which meetings begin on a day, as people there read them."""
    here = ZoneInfo(zone)
    start = datetime.combine(day, datetime.min.time(), tzinfo=here)
    end = datetime.combine((last or day) + timedelta(days=1), datetime.min.time(), tzinfo=here)
    found = free_slots(
        Rules(zone, every_day(*spans), **rules),
        duration=duration,
        start=start.astimezone(UTC),
        end=end.astimezone(UTC),
        busy=busy,
        now=now,
    )
    assert all(slot.end - slot.start == timedelta(minutes=duration) for slot in found)
    return [f"{slot.start.astimezone(here):%H:%M%z}" for slot in found]


CLOCKS = {
    "London, spring: 01:00 to 02:00 does not exist": (
        ("Europe/London", date(2026, 3, 29), ["00:00-03:00"]),
        "00:00+0000 00:30+0000 02:00+0100 02:30+0100",
    ),
    "London, spring: what begins in the gap moves forward with it": (
        ("Europe/London", date(2026, 3, 29), ["01:30-03:30"]),
        "02:30+0100 03:00+0100",
    ),
    "London, spring: what ends in the gap moves forward with it": (
        ("Europe/London", date(2026, 3, 29), ["00:00-01:30"]),
        "00:00+0000 00:30+0000 02:00+0100",
    ),
    "London, spring: what lies in the gap moves as a whole": (
        ("Europe/London", date(2026, 3, 29), ["01:15-01:45"]),
        "02:15+0100",
    ),
    "London, spring: hours that are the gap itself are not there": (
        ("Europe/London", date(2026, 3, 29), ["01:00-02:00"]),
        "",
    ),
    "London, spring: moved hours that meet others are united with them": (
        ("Europe/London", date(2026, 3, 29), ["01:15-01:45", "02:00-03:00"]),
        "02:00+0100 02:30+0100",
    ),
    "London, autumn: the repeated hour is offered twice": (
        ("Europe/London", date(2026, 10, 25), ["00:30-02:30"]),
        "00:30+0100 01:00+0100 01:30+0100 01:00+0000 01:30+0000 02:00+0000",
    ),
    "London, autumn: what begins in the repeated hour means the first": (
        ("Europe/London", date(2026, 10, 25), ["01:30-02:30"]),
        "01:30+0100 01:00+0000 01:30+0000 02:00+0000",
    ),
    "London, autumn: what ends in the repeated hour means the first": (
        ("Europe/London", date(2026, 10, 25), ["00:30-01:30"]),
        "00:30+0100 01:00+0100",
    ),
    "New York, spring: 02:00 to 03:00 does not exist": (
        ("America/New_York", date(2026, 3, 8), ["01:00-04:00"]),
        "01:00-0500 01:30-0500 03:00-0400 03:30-0400",
    ),
    "New York, autumn: 01:00 to 02:00 is there twice": (
        ("America/New_York", date(2026, 11, 1), ["01:00-02:30"]),
        "01:00-0400 01:30-0400 01:00-0500 01:30-0500 02:00-0500",
    ),
    "Lord Howe, spring: half an hour is missing": (
        ("Australia/Lord_Howe", date(2026, 10, 4), ["01:00-03:30"]),
        "01:00+1030 01:30+1030 02:30+1100 03:00+1100",
    ),
    "Lord Howe, autumn: half an hour is repeated": (
        ("Australia/Lord_Howe", date(2026, 4, 5), ["01:00-02:30"]),
        "01:00+1100 01:30+1100 01:30+1030 02:00+1030",
    ),
    "Beirut: the day begins at 01:00": (
        ("Asia/Beirut", date(2026, 3, 29), ["00:00-02:00"]),
        "01:00+0300 01:30+0300",
    ),
    "Beirut: the last hour of the day is repeated": (
        ("Asia/Beirut", date(2026, 10, 24), ["23:00-24:00"]),
        "23:00+0300 23:30+0300 23:00+0200 23:30+0200",
    ),
    "until midnight": (("UTC", MONDAY, ["23:00-24:00"]), "23:00+0000 23:30+0000"),
    "the day after the clocks went forward is an ordinary one": (
        ("Europe/London", date(2026, 3, 30), ["01:00-02:00"]),
        "01:00+0100 01:30+0100",
    ),
}


@pytest.mark.parametrize("case", CLOCKS)
def test_clocks(case):
    """Hours mean wall-clock time, and slots are real minutes, also when clocks are changed."""
    (zone, day, spans), expected = CLOCKS[case]
    assert beginnings(day, *spans, zone=zone) == expected.split()


def test_touching_and_overlapping_hours_are_one():
    """Hours given in pieces offer what they would in one piece, each time once."""
    whole = beginnings(MONDAY, "09:00-12:00", duration=45)
    assert beginnings(MONDAY, "09:00-10:10", "10:10-12:00", duration=45) == whole
    assert beginnings(MONDAY, "09:00-11:00", "09:30-12:00", "10:00-10:05", duration=45) == whole
    assert whole == ["09:00+0000", "09:45+0000", "10:30+0000", "11:15+0000"]


def test_a_meeting_may_run_over_midnight():
    """Hours until 24:00 and hours from 00:00 are one stretch; the steps begin anew at midnight."""
    assert beginnings(MONDAY, "23:00-24:00", "00:00-01:00", duration=50) == ["00:00+0000", "23:00+0000", "23:50+0000"]
    assert beginnings(MONDAY, "23:00-24:00", duration=50) == ["23:00+0000"]


def test_a_whole_day_can_be_booked():
    """The longest meeting takes 24 hours."""
    assert beginnings(MONDAY, "00:00-24:00", duration=1440) == ["00:00+0000"]
    assert len(beginnings(MONDAY, "00:00-24:00", duration=1440, slot_interval=60)) == 24


def test_slots_need_not_step_by_their_length():
    """A slot interval sets how often meetings begin; they still end within the hours."""
    found = beginnings(MONDAY, "09:00-10:15", duration=60, slot_interval=5)
    assert found == ["09:00+0000", "09:05+0000", "09:10+0000", "09:15+0000"]


def at(text):
    return datetime.combine(MONDAY, datetime.strptime(text, "%H:%M").time(), tzinfo=UTC)  # noqa: DTZ007 - only a time


BUFFERS = {
    "without buffers meetings may touch": (({}, Busy(at("10:00"), at("10:30"))), "09:30 10:30 11:00"),
    "what begins within it is taken": (({}, Busy(at("10:10"), at("10:20"))), "09:30 10:30 11:00"),
    "a pause before keeps the slot after it free": (
        ({"buffer_before": 15}, Busy(at("10:00"), at("10:30"))),
        "09:30 11:00",
    ),
    "a pause after keeps the slot before it free": (
        ({"buffer_after": 15}, Busy(at("10:00"), at("10:30"))),
        "10:30 11:00",
    ),
    "the other meeting's pause before counts as well": (
        ({}, Busy(at("10:00"), at("10:30"), buffer_before=1)),
        "10:30 11:00",
    ),
    "the other meeting's pause after counts as well": (
        ({}, Busy(at("10:00"), at("10:30"), buffer_after=30)),
        "09:30 11:00",
    ),
    "pauses may overlap each other": (
        ({"buffer_before": 30}, Busy(at("10:00"), at("10:30"), buffer_after=30)),
        "09:30 11:00",
    ),
    "a pause may lie outside the hours": (
        ({"buffer_before": 60, "buffer_after": 60}, Busy(at("08:00"), at("08:30"))),
        "09:30 10:00 10:30 11:00",
    ),
}


@pytest.mark.parametrize("case", BUFFERS)
def test_buffers(case):
    """Between two meetings lies the longer of the pauses that either wants."""
    (rules, busy), expected = BUFFERS[case]
    found = beginnings(MONDAY, "09:30-11:30", busy=[busy], **rules)
    assert found == [f"{time}+0000" for time in expected.split()]


def test_minimum_notice_counts_to_the_second():
    """A slot is on offer up to the very second that the notice allows."""
    on_time = at("08:00")
    late = on_time + timedelta(seconds=1)
    assert beginnings(MONDAY, "09:00-10:00", minimum_notice=60, now=on_time) == ["09:00+0000", "09:30+0000"]
    assert beginnings(MONDAY, "09:00-10:00", minimum_notice=60, now=late) == ["09:30+0000"]


def test_nothing_is_offered_in_the_past():
    """Without any notice, a slot can be had until it begins."""
    assert beginnings(MONDAY, "09:00-10:00", now=at("09:00")) == ["09:00+0000", "09:30+0000"]
    assert beginnings(MONDAY, "09:00-10:00", now=at("09:30") + timedelta(microseconds=1)) == []


def test_a_rolling_window_counts_calendar_days_in_the_schedules_zone():
    """Today and the next two days: today is what the host's calendar says."""
    evening = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # 21:00 in Auckland, still Monday there
    later = evening + timedelta(hours=4)  # 01:00 on Tuesday
    week = {"zone": "Pacific/Auckland", "last": MONDAY + timedelta(days=6), "window": Rolling(2)}
    assert len(beginnings(MONDAY, "22:00-22:30", now=evening, **week)) == 3
    assert len(beginnings(MONDAY, "22:00-22:30", now=later, **week)) == 3
    assert len(beginnings(MONDAY, "00:00-00:30", now=evening, **week)) == 2


def test_a_fixed_window_includes_both_its_days():
    """Slots are on offer from the first date to the last."""
    window = DateRange(MONDAY + timedelta(days=1), MONDAY + timedelta(days=2))
    assert len(beginnings(MONDAY, "09:00-09:30", last=MONDAY + timedelta(days=6), window=window)) == 2


def test_the_question_asked_does_not_change_the_answer():
    """A short range offers just what a long one does there."""
    hours = ["09:05-12:00", "22:10-24:00", "00:00-03:00"]
    long = beginnings(MONDAY, *hours, duration=35, last=MONDAY + timedelta(days=1))
    short = beginnings(MONDAY, *hours, duration=35) + beginnings(MONDAY + timedelta(days=1), *hours, duration=35)
    assert long == short


def at_one_instant(zone, wall, *hours, duration):
    """Ask for the one instant alone, as a booking does."""
    instant = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    end = instant + timedelta(minutes=1)
    return free_slots(Rules(zone, hours), duration=duration, start=instant, end=end, busy=(), now=LONG_AGO)


def test_a_single_instant_is_answered_as_in_a_month():
    """A meeting that runs into the next day, or the one after it on a short day, is on offer by itself, too."""
    nights = every_day("00:00-01:00", "23:00-24:00")
    assert len(at_one_instant("UTC", "2026-11-30 23:50", *nights, duration=50)) == 1
    weekend = (Hours(5, clock("23:30"), clock("24:00")), Hours(6, 0, clock("24:00")), Hours(0, 0, clock("01:00")))
    saturday_night = "2026-03-28 23:30"  # London's Sunday then has 23 hours, and 24 of them end on Monday
    assert len(at_one_instant("Europe/London", saturday_night, *weekend, duration=1440)) == 1


def test_hours_that_are_moved_over_midnight():
    """In Scoresbysund the last hour of 28 March 2026 is skipped; hours until 23:30 end on the next day, at 00:30."""
    saturday = Hours(5, clock("22:00"), clock("23:30"))
    assert len(at_one_instant("America/Scoresbysund", "2026-03-29 00:00", saturday, duration=30)) == 1


def test_an_empty_range_offers_nothing():
    """A range that ends before it begins is empty."""
    assert beginnings(MONDAY, "09:00-17:00", last=MONDAY - timedelta(days=5)) == []
