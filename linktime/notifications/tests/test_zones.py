"""The time zone that a calendar file brings along says what the pinned tzdata says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Timezone

from linktime.notifications.zones import time_zone

ZONES = [
    "Europe/London", "America/New_York", "America/Vancouver", "Asia/Kolkata", "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Antarctica/Troll", "Asia/Beirut", "Europe/Dublin", "America/St_Johns", "Pacific/Apia", "Etc/GMT+5",
]  # fmt: skip


def offset_by(component, instant):
    """The offset that a program reads from the file (RFC 5545 3.6.5): that of the last onset before the instant."""
    onsets = [(part["DTSTART"].dt - part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td) for part in component.subcomponents]
    return max(onset for onset in onsets if onset[0] <= instant.replace(tzinfo=None))[1]


@pytest.mark.parametrize("name", ZONES)
@given(minutes=st.integers(0, 60 * 24 * 365 * 9), shift=st.integers(-180 * 24 * 60, 180 * 24 * 60))
def test_it_agrees_with_tzdata_around_the_meeting(name, minutes, shift):
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    instant = start + timedelta(minutes=shift)
    component = Timezone.from_ical(time_zone(name, start, start + timedelta(hours=1)).to_ical())
    assert offset_by(component, instant) == instant.astimezone(ZoneInfo(name)).utcoffset()


def test_the_clocks_change_at_the_right_second():
    start = datetime(2027, 1, 1, tzinfo=UTC)
    onsets = {
        part["DTSTART"].dt.isoformat(): part.name
        for part in time_zone("Europe/London", start, start + timedelta(hours=1)).subcomponents
    }
    assert onsets["2026-10-25T02:00:00"] == "STANDARD"
    assert onsets["2027-03-28T01:00:00"] == "DAYLIGHT"
