from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from linktime.core.meeting import Answer
from linktime.notifications.ics import calendar_file, method_for, uid
from linktime.notifications.tests.meetings import ADA, GRACE, START, cancelled, meeting, moved
from linktime.notifications.wording import one_line

SENDER = "noreply@meet.example.com"


def file_of(booking, method, zone="Europe/London", **options):
    return calendar_file(booking, method, organizer=SENDER, zone=zone, **options)


def entry(booking, method=None, **options):
    calendar = Calendar.from_ical(file_of(booking, method or method_for(booking), **options))
    (event,) = calendar.walk("VEVENT")
    return event


def test_a_new_meeting_is_a_request():
    calendar = Calendar.from_ical(file_of(meeting(), "REQUEST"))
    event = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert event["UID"] == uid(meeting())
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
    assert event["ORGANIZER"] == f"mailto:{SENDER}"
    assert event["ORGANIZER"].params["CN"] == "Ada Lovelace"
    people = {str(person): (person.params["CN"], person.params["PARTSTAT"]) for person in event["ATTENDEE"]}
    assert people == {
        "mailto:ada@example.com": ("Ada Lovelace", "ACCEPTED"),
        "mailto:grace@example.com": ("Grace Hopper", "ACCEPTED"),
        "mailto:eve@example.com": ("eve@example.com", "NEEDS-ACTION"),
    }


def test_a_downloaded_file_invites_nobody():
    event = entry(meeting(), "PUBLISH")
    assert "ATTENDEE" not in event
    assert event["ORGANIZER"] == f"mailto:{SENDER}"


def test_guests_get_no_link():
    content = file_of(meeting(), "REQUEST", with_link=False)
    assert b"/b/" not in content


def test_the_uid_gives_nothing_away_and_never_changes():
    """Whoever knows a booking's own uid may cancel it; guests and all who see a calendar see the entry's."""
    assert uid(meeting()) == "c27207a8-74cd-5d50-9fcc-cadefc8aaadc"
    content = file_of(meeting(guests=("eve@example.com",)), "REQUEST", with_link=False)
    assert meeting().uid.encode() not in content.replace(b"\r\n ", b"")


def test_the_organizer_stays_when_the_host_changes():
    """Calendars refuse a change that comes from another organizer."""
    bob = replace(ADA, name="Bob Babbage", email="bob@example.com")
    assert entry(meeting())["ORGANIZER"] == entry(moved(hosts=(bob,)))["ORGANIZER"]


def test_nobody_is_asked_whether_they_come_who_has_said_so():
    asked = {str(person): person.params["RSVP"] for person in entry(meeting(guests=("eve@example.com",)))["ATTENDEE"]}
    assert asked == {
        "mailto:ada@example.com": "FALSE",
        "mailto:grace@example.com": "FALSE",
        "mailto:eve@example.com": "TRUE",
    }


def test_times_are_in_the_readers_zone():
    content = file_of(meeting(), "REQUEST", zone="America/New_York").decode()
    assert "DTSTART;TZID=America/New_York:20261130T040000" in content
    assert content.count("BEGIN:VTIMEZONE") == 1
    assert "DTSTART:20261130T090000Z" in file_of(meeting(), "REQUEST", zone="UTC").decode()


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ],
)
def test_a_change_of_clocks_moves_nothing(start):
    """The second turn of a repeated hour can only be told in UTC."""
    event = entry(meeting(start=start))
    assert (event.start.astimezone(UTC), event.end.astimezone(UTC)) == (start, start + timedelta(minutes=30))


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
    content = file_of(booking, "REQUEST")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    event = entry(booking)
    assert event["UID"] == uid(booking)
    assert event["SUMMARY"] == one_line(f"{title}: {name} and Grace Hopper")
    assert len(event["ATTENDEE"]) == 2
