from datetime import UTC, datetime, timedelta

import pytest

from linktime.core import when

AT = datetime(2026, 11, 30, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "clock", "day"),
    [
        ("en-GB", "21:05", "Monday, 30 November 2026"),
        ("", "21:05", "Monday, 30 November 2026"),
        ("de", "21:05", "Montag, 30. November 2026"),
        ("de-FR", "21:05", "Montag, 30. November 2026"),
        ("fr-CA", "21 h 05", "lundi 30 novembre 2026"),
        ("es-MX", "9:05 p.m.", "lunes, 30 de noviembre de 2026"),
        ("ar-EG", "9:05 م", "الاثنين، 30 نوفمبر 2026"),
        ("ar-GB", "21:05", "الاثنين، 30 نوفمبر 2026"),
        ("pl", "21:05", "Monday, 30 November 2026"),
        ("en-US", "9:05 PM", "Monday, November 30, 2026"),
        ("en", "9:05 PM", "Monday, November 30, 2026"),
        ("en_US", "9:05 PM", "Monday, November 30, 2026"),
        ("zh-Hant-HK", "9:05 pm", "Monday, 30 November 2026"),
        ("nonsense---", "21:05", "Monday, 30 November 2026"),
    ],
)
def test_the_locale_says_how_times_are_written(locale, clock, day):
    assert when.clock_text(AT, locale=locale) == clock
    assert when.day_text(AT, locale=locale) == day


@pytest.mark.parametrize(("hour", "text"), [(0, "12:00 AM"), (1, "1:00 AM"), (12, "12:00 PM"), (13, "1:00 PM")])
def test_noon_and_midnight_on_twelve_hours(hour, text):
    assert when.clock_text(AT.replace(hour=hour, minute=0), locale="en-US") == text


@pytest.mark.parametrize(
    ("zone", "locale", "text"),
    [
        ("Europe/London", "", "London time"),
        ("America/Argentina/Buenos_Aires", "en-US", "Buenos Aires time"),
        ("Europe/Rome", "de", "Ortszeit Rom"),
        ("Europe/Rome", "es", "hora de Roma"),
        ("Europe/London", "fr", "heure de Londres"),
        ("Europe/Rome", "ar", "توقيت روما"),
        ("UTC", "", "UTC"),
        ("Etc/UTC", "de", "UTC"),
    ],
)
def test_a_zone_is_named_in_words(zone, locale, text):
    assert when.zone_text(zone, locale=locale) == text


@pytest.mark.parametrize(
    ("locale", "first", "short", "days"),
    [
        ("en-GB", "Monday", "Mo", "Monday, 30 November"),
        ("en-US", "Sunday", "Su", "Monday, November 30"),
        ("de", "Montag", "Mo", "Montag, 30. November"),
        ("es", "lunes", "LU", "lunes, 30 de noviembre"),
        ("fr-CA", "dimanche", "di", "lundi 30 novembre"),
        ("ar-EG", "السبت", "سبت", "الاثنين، 30 نوفمبر"),
        ("ar-GB", "الاثنين", "إثنين", "الاثنين، 30 نوفمبر"),
    ],
)
def test_a_week_begins_as_the_region_has_it_and_days_have_a_form_without_year(locale, first, short, days):
    week = when.weekdays(locale)
    assert week[0] == (first, short)
    assert len(set(week)) == 7
    assert when.day_text(AT, locale=locale, year=False) == days


def test_a_month_has_its_year():
    assert [when.month_text(AT, locale=tag) for tag in ("", "es", "ar")] == [
        "November 2026", "noviembre de 2026", "نوفمبر 2026",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "hours", "zone", "text"),
    [
        ("2026-11-30T09:00", 0.5, "Europe/London", "Monday, 30 November 2026, 09:00 – 09:30, London time (UTC+00:00)"),
        ("2026-07-01T09:00", 0.5, "Asia/Kolkata", "Wednesday, 1 July 2026, 14:30 – 15:00, Kolkata time (UTC+05:30)"),
        (
            "2026-07-01T09:00",
            1,
            "America/St_Johns",
            "Wednesday, 1 July 2026, 06:30 – 07:30, St John’s time (UTC−02:30)",
        ),
        (
            "2026-11-30T22:30",
            2,
            "Europe/London",
            "Monday, 30 November 2026, 22:30 – Tuesday, 1 December 2026, 00:30, London time (UTC+00:00)",
        ),
        (
            "2026-10-25T00:30",
            1,
            "Europe/London",
            "Sunday, 25 October 2026, 01:30 – 01:30, London time (UTC+01:00 / UTC+00:00)",
        ),
        (
            "2026-04-04T14:45",
            0.5,
            "Australia/Lord_Howe",
            "Sunday, 5 April 2026, 01:45 – 01:45, Lord Howe Island time (UTC+11:00 / UTC+10:30)",
        ),
    ],
)
def test_a_span_is_written_in_the_readers_zone(start, hours, zone, text):
    """Offsets are those of the day, and both are named where the clocks change in between."""
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert when.span_text(begin, begin + timedelta(hours=hours), zone=zone, locale="en-GB") == text


def test_a_subject_line_has_a_short_form():
    assert when.short_text(AT, locale="de") == "Mo., 30. Nov. 2026, 21:05"
    assert when.short_text(AT, locale="ar-GB") == "الاثنين، 30 نوفمبر 2026، 21:05"
    assert when.short_text(AT, locale="en-US") == "Mon, Nov 30, 2026, 9:05 PM"
