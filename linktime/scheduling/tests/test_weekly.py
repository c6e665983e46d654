"""Weekly hours: checked, united, and in one form."""

import pytest

from linktime.core.errors import Invalid
from linktime.scheduling.hours import Hours
from linktime.scheduling.weekly import clean, hours


def entry(days, start, end):
    return {"days": days.split(), "start": start, "end": end}


UNITED = {
    "as it was": ([entry("mon tue wed thu fri", "09:00", "17:00")], [entry("mon tue wed thu fri", "09:00", "17:00")]),
    "nothing": ([], []),
    "the whole day": ([entry("sun", "00:00", "24:00")], [entry("sun", "00:00", "24:00")]),
    "overlapping": (
        [entry("mon tue", "09:00", "12:00"), entry("tue wed", "11:00", "13:00")],
        [entry("mon", "09:00", "12:00"), entry("tue", "09:00", "13:00"), entry("wed", "11:00", "13:00")],
    ),
    "touching": ([entry("mon", "12:00", "17:00"), entry("mon", "09:00", "12:00")], [entry("mon", "09:00", "17:00")]),
    "one within another": (
        [entry("mon", "09:00", "17:00"), entry("mon", "10:00", "11:00")],
        [entry("mon", "09:00", "17:00")],
    ),
    "the same twice": (
        [entry("mon", "09:00", "17:00"), entry("mon", "09:00", "17:00")],
        [entry("mon", "09:00", "17:00")],
    ),
    "days out of order": ([entry("fri mon", "09:00", "17:00")], [entry("mon fri", "09:00", "17:00")]),
    "a break": (
        [entry("mon", "13:00", "17:00"), entry("mon tue", "09:00", "12:00")],
        [entry("mon tue", "09:00", "12:00"), entry("mon", "13:00", "17:00")],
    ),
}


@pytest.mark.parametrize("case", UNITED)
def test_hours_are_kept_in_one_form(case):
    """However hours are written, the same ones are kept alike, and cleaning them again changes nothing."""
    given, kept = UNITED[case]
    assert clean(given) == kept
    assert clean(kept) == kept


REFUSED = {
    "not a list": ("mon", {("", "wrong_type")}),
    "not an object": ([["mon"]], {("0", "wrong_type")}),
    "no days": ([entry("", "09:00", "17:00")], {("0.days", "wrong_length")}),
    "an unknown day": ([entry("mon monday", "09:00", "17:00")], {("0.days.1", "not_an_option")}),
    "a day that is a number": ([{"days": [1], "start": "09:00", "end": "17:00"}], {("0.days.0", "not_an_option")}),
    "the end before the start": ([entry("mon", "17:00", "09:00")], {("0.end", "ends_before_start")}),
    "no time at all": ([entry("mon", "09:00", "09:00")], {("0.end", "ends_before_start")}),
    "a start at 24:00": ([entry("mon", "24:00", "24:00")], {("0.end", "ends_before_start")}),
    "times in another form": (
        [entry("mon", "9:00", "17:00:00"), entry("tue", "24:01", "25:00"), entry("wed", "٠٩:٠٠", "17:60")],
        {(f"{place}.{end}", "invalid_time") for place in range(3) for end in ("start", "end")},
    ),
    "a line break behind": ([entry("mon", "09:00\n", "17:00")], {("0.start", "invalid_time")}),
    "fields left out": (
        [{}],
        {("0.days", "wrong_type"), ("0.start", "invalid_time"), ("0.end", "invalid_time")},
    ),
    "an unknown field": (
        [entry("mon", "09:00", "17:00") | {"until": 1}],
        {("0.until", "unknown_field")},
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_hours_that_are_refused(case):
    """Each fault is named by its place."""
    given, expected = REFUSED[case]
    with pytest.raises(Invalid) as caught:
        clean(given)
    assert {(fault.field, fault.code) for fault in caught.value.faults} == expected


def test_hours_for_slots():
    """Slots get single days, in minutes since midnight."""
    assert hours([entry("mon sun", "09:30", "24:00")]) == (Hours(0, 570, 1440), Hours(6, 570, 1440))
