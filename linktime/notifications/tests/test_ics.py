from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from linktime.core.meeting import Answer
from linktime.notifications.ics import calendar_file, method_for, uid
from linktime.notifications.tests.meetings import ADA, GRACE, START, cancelled, meeting, moved
from linktime.notifications.wording import one_line


def entry(booking, method=None, **options):
    calendar = Calendar.from_ical(calendar_file(booking, method or method_for(booking), **options))
    (event,) = calendar.walk("VEVENT")
    return event


def test_a_new_meeting_is_a_request():
    calendar = Calendar.from_ical(calendar_file(meeting(), "REQUEST"))
    event = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert event["UID"] == "Q7hT0aVn3kLw9xYbC2dEfG@127.0.0.1"
    assert event["SEQUENCE"] == 0
    assert (event.start, event.end) == (START, meeting().end)
    assert event["SUMMARY"] == "Intro call: Ada Lovelace and Grace Hopper"
    assert (event["STATUS"], event["LOCATION"]) == ("CONFIRMED", "Room 5, Somerset House")
    assert event["URL"] == meeting().url
    assert event["DESCRIPTION"] == (
        f"About compilers.\nAnd moths.\n\nCompany: US Navy\n\nChange or cancel: {meeting().url}"
    )


def test_every_change_is_to_the_same_entry_and_newer():
    events = [entry(booking) for booking in (meeting(), moved(), cancelled())]
    assert len({event["UID"] for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [event["STATUS"] for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert sorted(event["DTSTAMP"].dt for event in events) == [event["DTSTAMP"].dt for event in events]


def test_a_cancellation_removes_it_and_says_why():
    assert method_for(cancelled()) == "CANCEL"
    event = entry(cancelled())
    assert event["DESCRIPTION"].startswith("Cancelled: No compilers after all")
    assert "Change or cancel" not in event["DESCRIPTION"]


def test_everybody_is_in_it():
    event = entry(meeting(guests=("eve@example.com",)))
    assert event["ORGANIZER"] == "mailto:ada@example.com"
    people = {str(person): (person.params["CN"], person.params["PARTSTAT"]) for person in event["ATTENDEE"]}
    assert people == {
        "mailto:ada@example.com": ("Ada Lovelace", "ACCEPTED"),
        "mailto:grace@example.com": ("Grace Hopper", "ACCEPTED"),
        "mailto:eve@example.com": ("eve@example.com", "NEEDS-ACTION"),
    }


def test_a_downloaded_file_invites_nobody():
    event = entry(meeting(), "PUBLISH")
    assert "ATTENDEE" not in event
    assert event["ORGANIZER"] == "mailto:ada@example.com"


def test_guests_get_no_link():
    content = calendar_file(meeting(), "REQUEST", with_link=False)
    assert b"/b/" not in content


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ],
)
def test_times_are_in_utc_so_that_a_change_of_clocks_moves_nothing(start):
    booking = meeting(start=start)
    assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}".encode() in calendar_file(booking, "REQUEST")
    assert entry(booking).start == start


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("o'brien@example.com", "mailto:o'brien@example.com"),
        ("a+b@example.com", "mailto:a+b@example.com"),
        ("100%@example.com", "mailto:100%25@example.com"),
        ("grace@bücher.example", "mailto:grace@bücher.example"),
    ],
)
def test_odd_addresses_stay_whole(email, address):
    event = entry(meeting(invitee=replace(GRACE, email=email)))
    assert address in [str(person) for person in event["ATTENDEE"]]


@pytest.mark.parametrize(
    "name", ['Grace "Amazing" Hopper', "Hopper; Grace, Dr.: ^n", "غريس هوبر", "王小明 👩‍💻", "x" * 500, "a\\nb"]
)
def test_any_name_comes_back_as_it_was(name):
    event = entry(meeting(invitee=replace(GRACE, name=name)))
    assert name.replace('"', "'") in [person.params["CN"] for person in event["ATTENDEE"]]
    assert event["SUMMARY"] == f"Intro call: Ada Lovelace and {name}"


TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@given(name=TEXT, title=TEXT, notes=TEXT, value=TEXT)
def test_no_text_breaks_the_file(name, title, notes, value):
    """Whatever people type, the file has one entry, its own lines and nobody else's, none over 75 bytes."""
    booking = meeting(
        title=title, notes=notes, location=value, answers=(Answer("Q", value),), hosts=(replace(ADA, name=name),)
    )
    content = calendar_file(booking, "REQUEST")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    event = entry(booking)
    assert event["UID"] == uid(booking)
    assert event["SUMMARY"] == one_line(f"{title}: {name} and Grace Hopper")
    assert len(event["ATTENDEE"]) == 2
