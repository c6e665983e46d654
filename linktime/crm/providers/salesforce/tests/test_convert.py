"""What a Meeting is in Salesforce."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linktime.core.meeting import Answer, Change, ChangeKind, Host, Invitee, Meeting, Status
from linktime.crm.providers.salesforce import convert, soql

START = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
BOOKED = Change(ChangeKind.BOOKED, 1, START - timedelta(days=8), None, None, "")


def meeting(**changes) -> Meeting:
    invitee = Invitee("Grace Hopper", "grace@example.com", "+12025550123", "America/New_York", "en")
    base = Meeting(
        uid="u1",
        revision=1,
        status=Status.CONFIRMED,
        title="Intro call",
        start=START,
        end=START + timedelta(minutes=30),
        hosts=(Host("Ada Lovelace", "ada@example.com", "Europe/Berlin"),),
        invitee=invitee,
        guests=(),
        notes="",
        answers=(),
        location="",
        url="https://meet.example.com/b/u1",
        history=(BOOKED,),
    )
    return replace(base, **changes)


def moved(revision: int, previous: datetime) -> Change:
    return Change(ChangeKind.RESCHEDULED, revision, START, previous, previous + timedelta(minutes=30), "")


def cancelled(revision: int) -> Change:
    return Change(ChangeKind.CANCELLED, revision, START, None, None, "ill")


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("Mary Jane Watson", "Mary Jane", "Watson"),
        ("Dr. Anna van der Berg", "Anna", "van der Berg"),
        ("Cher", "", "Cher"),
        ("  Grace   Hopper ", "Grace", "Hopper"),
        ("李小龙", "", "李小龙"),
        ("Dr.", "", "Dr."),
        ("Łukasz Żółć", "Łukasz", "Żółć"),
        ("🙂", "", "🙂"),
    ],
)
def test_names_are_split_as_people_use_them(full, first, last):
    assert convert.names(full) == (first, last)


def test_names_are_cut_by_characters():
    first, last = convert.names("é" * 50 + " " + "ü" * 90)
    assert (len(first), len(last)) == (40, 80)


def test_a_contact_update_never_holds_a_last_name():
    assert convert.contact_update(convert.new_contact(meeting())) == {"FirstName": "Grace", "Phone": "+12025550123"}
    assert "LastName" in convert.new_contact(meeting())


def test_an_event_says_what_when_and_where():
    event = convert.new_event(meeting(notes="Hello", answers=(Answer("Team size", "7"),), location="https://x.example"))
    assert event == {
        "Subject": "Intro call with Grace Hopper",
        "Description": "Hello\nTeam size: 7",
        "StartDateTime": "2026-12-01T10:00:00Z",
        "EndDateTime": "2026-12-01T10:30:00Z",
        "Location": "https://x.example",
    }


def test_without_notes_the_description_says_where_it_comes_from():
    assert convert.description(meeting()) == "Booked via LinkTime"


def test_each_earlier_time_is_a_line_in_the_hosts_zone():
    history = (BOOKED, moved(2, START - timedelta(days=1)), moved(3, START + timedelta(days=1)))
    lines = convert.description(meeting(history=history)).split("\n")
    assert lines == [
        "Rescheduled from Wednesday, 2 December 2026, 11:00 (Europe/Berlin)",
        "Rescheduled from Monday, 30 November 2026, 11:00 (Europe/Berlin)",
        "Booked via LinkTime",
    ]


def test_texts_keep_salesforces_lengths():
    long = meeting(title="T" * 300, notes="n" * 40_000, location="l" * 300)
    event = convert.new_event(long)
    assert (len(event["Subject"]), len(event["Description"]), len(event["Location"])) == (255, 32_000, 255)


def test_a_cancellation_marks_the_subject_once():
    gone = meeting(status=Status.CANCELLED, history=(BOOKED, cancelled(2)))
    assert convert.subject(gone) == "[Cancelled] Intro call with Grace Hopper"
    edited = convert.event_update(gone, {"Subject": "[Cancelled] VIP", "Description": "x"}, {"Subject": "Old"})
    assert edited["Subject"] == "[Cancelled] VIP"


def test_what_a_person_wrote_stays_and_our_line_is_added_once():
    """Merging into an edited text gives the same text when it is repeated."""
    first = convert.written(meeting(), convert.new_event(meeting()), stamp="s")
    move = meeting(history=(BOOKED, moved(2, START - timedelta(days=1))))
    theirs = {"Subject": "Call with the admiral", "Description": "Bring the slides\r\nand coffee"}
    once = convert.event_update(move, theirs, first)
    assert once["Subject"] == "Call with the admiral"
    assert once["Description"].endswith("Bring the slides\r\nand coffee")
    assert once["Description"].startswith("Rescheduled from Monday, 30 November 2026, 11:00")
    assert convert.event_update(move, once, first) == once


def test_an_edited_text_stays_theirs_when_nobody_edits_it_again():
    """What we added to is not taken for our own text by the next change."""
    first = convert.written(meeting(), convert.new_event(meeting()), stamp="s")
    move = meeting(history=(BOOKED, moved(2, START - timedelta(days=1))))
    fields = convert.event_update(move, {"Subject": "VIP", "Description": "Slides"}, first)
    remembered = convert.written(move, fields, stamp="t")
    again = meeting(history=(*move.history, moved(3, START + timedelta(days=1))))
    lines = convert.event_update(again, remembered, remembered)["Description"].split("\n")
    assert [line[:16] for line in lines] == ["Rescheduled from", "Rescheduled from", "Slides"]
    assert convert.event_update(again, remembered, remembered)["Subject"] == "VIP"


def test_moving_there_and_back_and_there_again_leaves_three_lines():
    there, back = START - timedelta(days=1), START
    history = (BOOKED, moved(2, back), moved(3, there), moved(4, back))
    theirs = {"Subject": "VIP", "Description": "Slides"}
    merged = convert.event_update(meeting(history=history), theirs, {"Subject": "a", "Description": "b"})
    assert merged["Description"].count("Rescheduled from") == 3


def test_values_are_escaped_for_soql():
    assert soql.quoted("o'brien@example.com") == r"'o\'brien@example.com'"
    assert soql.quoted('a\\b"c\n') == r"""'a\\b\"c\n'"""
