"""Times as somebody reads them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from linktime.web.reading import Reading, relative

INSTANT = datetime(2026, 11, 30, 14, 5, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("locale", "hours", "clock"),
    [("en-US", "", "9:05 AM"), ("de", "", "09:05"), ("en-US", "24", "09:05"), ("de", "12", "9:05 AM"),
     ("ar", "", "9:05 ص"), ("ar", "24", "09:05")],
)  # fmt: skip
def test_the_clock_is_the_locales_unless_chosen(locale, hours, clock):
    assert Reading(NEW_YORK, locale, hours).clock(INSTANT) == clock


def test_days_are_those_of_the_zone():
    late = datetime(2026, 12, 1, 3, tzinfo=UTC)
    assert Reading(NEW_YORK, "en-GB").day(late) == "Monday, 30 November"
    assert Reading(NEW_YORK, "en-US").day(date(2026, 11, 30)) == "Monday, November 30"
    assert Reading(NEW_YORK, "en-US").full_date(late) == "Monday, November 30, 2026"


def test_the_zone_is_named_in_words_with_its_offset():
    assert Reading(NEW_YORK).zone_text(INSTANT) == "New York time (UTC−05:00)"
    assert Reading(ZoneInfo("UTC")).zone_text(INSTANT) == "UTC"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "just now"), (-59, "just now"), (-60, "1 minute ago"), (30, "in a moment"), (7200, "in 2 hours"),
     (-86_400 * 3, "3 days ago"), (86_400 * 40, "in 1 month"), (-86_400 * 800, "2 years ago")],
)  # fmt: skip
def test_distances_in_words(seconds, words):
    assert relative(INSTANT + timedelta(seconds=seconds), INSTANT) == words
