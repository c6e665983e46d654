"""Why a time is not on offer: rule by rule, and never at odds with the slots."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linktime.scheduling.explain import Rule, explain, instants
from linktime.scheduling.localtime import ONE_DAY, DateRange
from linktime.scheduling.rules import BusinessDays, Limits, Rolling, Rules
from linktime.scheduling.slots import Busy, free_slots

from .test_slots_reference import CALM, MINUTE, host_of, situations, window_of
from .test_slots_table import MONDAY, at, host, on

SUNDAY = MONDAY - timedelta(days=1)
NOW = on(SUNDAY, "12:00")


def rules_in_the_way(clock="10:00", *, now=NOW, own=None, **values):
    hosts = [host("UTC", "09:00-17:00", **own or {})]
    return [reason.rule for reason in explain(Rules(**values), hosts, duration=30, at=at(clock), now=now)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, []),
        ({"clock": "08:30"}, [Rule.HOURS]),
        ({"clock": "17:00"}, [Rule.HOURS]),
        ({"clock": "16:45"}, [Rule.TOO_LONG, Rule.STEP]),
        ({"clock": "10:10"}, [Rule.STEP]),
        ({"clock": "09:00", "slot_offset": 15}, [Rule.STEP]),
        ({"now": at("10:01")}, [Rule.PAST]),
        ({"now": at("09:31"), "minimum_notice": 30}, [Rule.NOTICE]),
        ({"now": at("09:30"), "minimum_notice": 30}, []),
        ({"window": Rolling(0)}, [Rule.WINDOW]),
        ({"window": BusinessDays(1)}, []),
        ({"window": DateRange(SUNDAY, SUNDAY)}, [Rule.WINDOW]),
        ({"own": {"away": (DateRange(MONDAY, MONDAY),)}}, [Rule.AWAY]),
        ({"own": {"overrides": {MONDAY: ""}}}, [Rule.OVERRIDE]),
        ({"own": {"overrides": {MONDAY: "12:00-13:00"}}}, [Rule.OVERRIDE]),
        ({"own": {"holidays": frozenset({MONDAY})}}, [Rule.HOLIDAY]),
        ({"own": {"busy": [Busy(at("10:15"), at("11:00"))]}}, [Rule.MEETING]),
        ({"own": {"busy": [Busy(at("10:30"), at("11:00"))]}}, []),
        ({"own": {"busy": [Busy(at("10:30"), at("11:00"), buffer_before=5)]}}, [Rule.PAUSE]),
        ({"own": {"busy": [Busy(at("09:00"), at("09:50"))]}, "buffer_before": 15}, [Rule.PAUSE]),
        ({"own": {"meetings": [at("15:00")]}, "limits": Limits(day=1, week=1, month=2)}, [Rule.DAY, Rule.WEEK]),
        ({"own": {"meetings": [at("15:00")]}, "limits": Limits(month=1)}, [Rule.MONTH]),
    ],
)  # fmt: skip
def test_each_rule_is_told(asked, expected):
    assert rules_in_the_way(**asked) == expected


def test_everything_in_the_way_is_told_and_whose_it_is():
    other = host("Europe/Paris", "12:00-13:00", busy=[Busy(at("10:00"), at("10:30"))])
    mine = host("UTC", "09:00-17:00")
    found = explain(Rules(minimum_notice=1440), [mine, other], duration=30, at=at("10:00"), now=NOW)
    assert [(reason.rule, reason.host) for reason in found] == [
        (Rule.NOTICE, None), (Rule.HOURS, 1), (Rule.MEETING, 1),
    ]  # fmt: skip
    assert found[0].after == NOW + timedelta(days=1)
    assert found[1].spans == [(720, 780)]
    assert found[2].busy.start == at("10:00")


def test_a_time_between_two_steps_names_both():
    (reason,) = explain(Rules(), [host("UTC", "09:00-17:00")], duration=30, at=at("10:10"), now=NOW)
    assert (reason.before, reason.after) == (at("10:00"), at("10:30"))


@pytest.mark.parametrize(
    ("wall", "zone", "count"),
    [
        ("2026-03-29T01:30", "Europe/London", 0),
        ("2026-10-25T01:30", "Europe/London", 2),
        ("2026-04-05T01:45", "Australia/Lord_Howe", 2),
        ("2026-06-01T09:00", "Asia/Kolkata", 1),
    ],
)
def test_clocks_show_a_time_once_twice_or_never(wall, zone, count):
    assert len(instants(datetime.fromisoformat(wall), zone)) == count


def agrees(data):
    day, values, hosts, asked = data.draw(situations())
    start, end = asked.pop("start"), asked.pop("end")
    rules = Rules(**values | {"window": window_of(values["window"]), "limits": Limits(**values["limits"])})
    own = [host_of(each) for each in hosts]
    listed = {slot.start for slot in free_slots(rules, own, start=start, end=end, **asked)}
    length = asked["duration"] * MINUTE
    edges = {edge for each in own for busy in each.busy for edge in (busy.end, busy.start - length)}
    edges |= {each.hours.calendar.midnight(day + shift * ONE_DAY) for each in own for shift in (0, 1, 2)}
    near = {slot + shift * MINUTE for slot in sorted(listed)[:8] for shift in (-1, 0, 1, 15)}
    minutes = data.draw(st.lists(st.integers(0, 5 * 1440), max_size=12))
    for instant in edges | near | {start + count * MINUTE for count in minutes}:
        if start <= instant < end:
            reasons = explain(rules, own, at=instant, **asked)
            assert (not reasons) == (instant in listed), (instant, reasons)


@settings(max_examples=60, derandomize=True, **CALM)
@given(st.data())
def test_nothing_is_in_the_way_exactly_when_the_slots_list_it(data):
    agrees(data)


@pytest.mark.long
@settings(max_examples=10_000, **CALM)
@given(st.data())
def test_nothing_is_in_the_way_exactly_when_the_slots_list_it_10_000_times(data):
    """The same, at length and with other situations each time."""
    agrees(data)
