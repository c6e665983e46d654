from dataclasses import replace
from datetime import timedelta

import pytest

from linktime.core.meeting import ChangeKind, Status
from linktime.notifications.tests.meetings import ADA, BOOKED_AT, GRACE, START, cancelled, change, meeting, moved
from linktime.notifications.wording import as_of, one_line, recipients, superseded, wording


def words(booking, key="invitee"):
    return wording(booking, next(somebody for somebody in recipients(booking) if somebody.key == key))


def facts(booking, key="invitee"):
    return {row.label: row.value for row in words(booking, key).rows}


@pytest.mark.parametrize(
    ("booking", "key", "subject"),
    [
        (meeting(), "invitee", "Confirmed: Intro call with Ada Lovelace on Mon, Nov 30, 2026, 4:00 AM"),
        (meeting(), "host-0", "New: Intro call with Grace Hopper on Mon, 30 Nov 2026, 09:00"),
        (moved(), "invitee", "Moved: Intro call with Ada Lovelace to Tue, Dec 1, 2026, 4:00 AM"),
        (moved(), "host-0", "Moved: Intro call with Grace Hopper to Tue, 1 Dec 2026, 09:00"),
        (cancelled(), "invitee", "Cancelled: Intro call with Ada Lovelace on Tue, Dec 1, 2026, 4:00 AM"),
        (cancelled(), "host-0", "Cancelled: Intro call with Grace Hopper on Tue, 1 Dec 2026, 09:00"),
    ],
)
def test_the_subject_says_what_happened_in_the_readers_time(booking, key, subject):
    assert words(booking, key).subject == subject


def test_a_confirmation_has_all_that_one_needs():
    assert facts(meeting()) == {
        "What": "Intro call",
        "When": "Monday, November 30, 2026, 4:00 AM – 4:30 AM, New York time (UTC−05:00)",
        "With": "Ada Lovelace",
        "Where": "Room 5, Somerset House",
        "Notes": "About compilers.\nAnd moths.",
        "Company": "US Navy",
    }


def test_the_host_sees_who_comes_and_how_to_reach_them():
    told = facts(meeting(), "host-0")
    assert told["With"] == "Grace Hopper <grace@example.com>"
    assert told["Phone"] == "+12025550123"
    assert told["When"] == "Monday, 30 November 2026, 09:00 – 09:30, London time (UTC+00:00)"
    assert told["For the invitee"] == "Monday, 30 November 2026, 04:00 – 04:30, New York time (UTC−05:00)"


def test_a_move_names_the_previous_time():
    told = facts(moved())
    assert told["When"].startswith("Tuesday, December 1, 2026, 4:00 AM")
    assert told["Before"].startswith("Monday, November 30, 2026, 4:00 AM")
    assert told["Reason"] == "A moth"


def test_a_cancellation_gives_the_reason_and_strikes_the_time_out():
    assert facts(cancelled())["Reason"] == "No compilers after all"
    assert [row.label for row in words(cancelled()).rows if row.crossed_out] == ["When"]


def test_everybody_gets_mail_once():
    """A guest who is the host too, or is named twice, is one reader."""
    bob = replace(ADA, name="Bob", email="bob@example.com")
    booking = meeting(hosts=(ADA, bob), guests=("ADA@example.com", "eve@example.com", "Eve@example.com"))
    assert [somebody.key for somebody in recipients(booking)] == ["invitee", "host-0", "host-1", "guest-1"]


def test_guests_come_along_but_change_nothing():
    booking = meeting(guests=("eve@example.com",))
    assert words(booking, "guest-0").link == ""
    assert facts(booking, "guest-0")["With"] == "Ada Lovelace, Grace Hopper"
    assert words(booking).link == booking.url


def test_a_meeting_as_it_was():
    """Each mail can tell what was true at its revision, whatever happened since."""
    now = cancelled()
    assert as_of(now, 1) == meeting()
    assert as_of(now, 2) == moved()
    assert as_of(now, 3) == now


def test_two_moves_in_a_row_keep_their_times_apart():
    third = START + timedelta(days=5)
    second = START + timedelta(days=1)
    history = (*moved().history, change(ChangeKind.RESCHEDULED, 3, previous=second))
    now = meeting(revision=3, start=third, history=history)
    assert [as_of(now, revision).start for revision in (1, 2, 3)] == [START, second, third]
    assert as_of(now, 2).status == Status.CONFIRMED


@pytest.mark.parametrize(
    ("booking", "revision", "seconds_late", "silent"),
    [
        (meeting(), 1, 86_400, False),  # however late, it is the news
        (moved(), 1, 59, False),  # booked and moved at once: a mail for each
        (moved(), 1, 61, True),  # the mail server was away: the newer mail tells all
        (moved(), 2, 86_400, False),
        (cancelled(), 2, 3600, True),
    ],
)
def test_late_mail_about_old_news_stays_unsent(booking, revision, seconds_late, silent):
    written = BOOKED_AT + timedelta(minutes=revision - 1)
    assert superseded(booking, revision, now=written + timedelta(seconds=seconds_late)) is silent


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Grace\r\nBcc: everybody@example.com", "Grace Bcc: everybody@example.com"),
        ("  a\u2028b\x00c\x85d  ", "a b c d"),
        ("غريس هوبر", "غريس هوبر"),
    ],
)
def test_a_header_is_one_line(text, line):
    assert one_line(text) == line


def test_a_name_that_brings_a_header_along_stays_a_name():
    booking = meeting(invitee=replace(GRACE, name="Grace\nBcc: everybody@example.com"))
    assert "\n" not in words(booking, "host-0").subject
