"""What a Meeting is in Attio."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linktime.core.meeting import TOLD, Answer, Change, ChangeKind, Host, Invitee, Meeting, Status
from linktime.crm.providers.attio import convert

START = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
BOOKED = Change(ChangeKind.BOOKED, 1, START - timedelta(days=8), None, None, "")
NAMED = {"name": [{"first_name": "G.", "last_name": "", "full_name": "G."}]}
PHONED = {"phone_numbers": [{"phone_number": "+12025550199"}]}


def meeting(**changes) -> Meeting:
    base = Meeting(
        uid="u1",
        revision=1,
        status=Status.CONFIRMED,
        title="Intro call",
        start=START,
        end=START + HALF_AN_HOUR,
        hosts=(Host("Ada Lovelace", "ada@example.com", "Europe/Berlin"),),
        invitee=Invitee("Grace Hopper", "grace@example.com", "+12025550123", "America/New_York", "en"),
        guests=(),
        notes="",
        answers=(),
        location="",
        url="https://meet.example.com/b/u1",
        history=(BOOKED,),
    )
    return replace(base, **changes)


def moved(revision: int, previous: datetime, reason: str = "") -> Change:
    return Change(ChangeKind.RESCHEDULED, revision, START, previous, previous + HALF_AN_HOUR, reason)


def ended(kind: ChangeKind, revision: int, reason: str = "") -> Change:
    return Change(kind, revision, START, None, None, reason)


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [("Mary Jane Watson", "Mary Jane", "Watson"), ("Cher", "Cher", ""), ("李小龙", "李小龙", ""), ("🙂", "🙂", "")],
)
def test_a_name_has_all_three_parts(full, first, last):
    assert convert.name(full) == {"first_name": first, "last_name": last, "full_name": full}


def test_names_are_cut_by_characters():
    parts = convert.name("é" * 150 + " " + "ü" * 150)
    assert [len(text) for text in parts.values()] == [100, 100, 200]


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ({}, ["name", "phone_numbers"]),
        ({"name": [], "phone_numbers": []}, ["name", "phone_numbers"]),
        ({"name": [{"first_name": "", "last_name": "", "full_name": ""}]}, ["name", "phone_numbers"]),
        (NAMED, ["phone_numbers"]),
        (PHONED, ["name"]),
        (NAMED | PHONED, []),
    ],
)
def test_only_what_is_missing_is_given(there, missing):
    assert list(convert.missing(meeting().invitee, there)) == missing


def test_no_phone_is_no_value():
    invitee = replace(meeting().invitee, phone="")
    assert list(convert.missing(invitee, {})) == ["name"]


def test_a_booking_says_everything_that_was_said():
    booked = meeting(
        notes="Hello\nthere",
        answers=(Answer("Team size", "7"),),
        location="https://x.example",
        guests=("a@b.example",),
    )
    (entry,) = convert.entries(booked, 0)
    assert entry.title == "Booked: Intro call, 1 Dec 2026, 11:00 (Europe/Berlin)"
    assert entry.content == (
        "When: Tuesday, 1 December 2026, 11:00 to 11:30 (Europe/Berlin)\n"
        "With: Ada Lovelace\n"
        "Invitee: Grace Hopper, grace@example.com, +12025550123\n"
        "Guests: a@b.example\n"
        "Where: https://x.example\n"
        "Team size: 7\n"
        "Notes: Hello\nthere\n\n"
        "LinkTime booking: u1 #1"
    )


def test_answers_to_questions_of_one_name_are_all_told():
    """And one that is called like a line of ours takes nothing away."""
    answers = (Answer("Team", "Red"), Answer("Team", "Blue"), Answer("Notes", "Mine"))
    (entry,) = convert.entries(meeting(answers=answers, notes="Hello"), 0)
    lines = entry.content.splitlines()
    assert [line for line in ("Team: Red", "Team: Blue", "Notes: Mine", "Notes: Hello") if line not in lines] == []


def test_each_change_says_the_times_of_its_own_moment():
    """The first booking is not told with the time to which it was moved later."""
    first, second = START - timedelta(days=2), START - timedelta(days=1)
    history = (BOOKED, moved(2, first), moved(3, second, "Train"), ended(ChangeKind.CANCELLED, 4, "ill"))
    entries = convert.entries(meeting(history=history, status=Status.CANCELLED, revision=4), 0)
    assert [entry.title.split(",")[1] for entry in entries] == [
        " 29 Nov 2026",
        " 30 Nov 2026",
        " 1 Dec 2026",
        " 1 Dec 2026",
    ]
    assert entries[2].content.splitlines()[:3] == [
        "From: Monday, 30 November 2026, 11:00 to 11:30 (Europe/Berlin)",
        "To: Tuesday, 1 December 2026, 11:00 to 11:30 (Europe/Berlin)",
        "Reason: Train",
    ]
    assert entries[3].content.splitlines()[:2] == [
        "Cancelled: Tuesday, 1 December 2026, 11:00 to 11:30 (Europe/Berlin)",
        "Reason: ill",
    ]


def test_a_no_show_is_marked():
    history = (BOOKED, ended(ChangeKind.NO_SHOW, 2))
    (entry,) = convert.entries(meeting(history=history, status=Status.NO_SHOW, revision=2), 1)
    assert entry.title.startswith("[No-show] Intro call")
    assert entry.content.startswith("The invitee did not come: Tuesday, 1 December 2026")


def test_every_kind_of_change_has_its_words():
    assert set(convert.MARKS) == TOLD


def test_long_texts_are_cut_and_the_marker_stays():
    (entry,) = convert.entries(meeting(title="T" * 300, notes="n" * 40_000), 0)
    assert (len(entry.title), len(entry.content)) == (255, 20_000)
    assert convert.revision_of(entry.content, "u1") == 1


@pytest.mark.parametrize(
    ("text", "revision"),
    [
        ("LinkTime booking: u1 #12", 12),
        ("x\nLinkTime booking: u1 #2\nand what somebody added", 2),
        ("Notes: LinkTime booking: u1 #9\n\nLinkTime booking: u1 #1", 1),
        ("LinkTime booking: u2 #1", None),
        ("LinkTime booking: u11 #1", None),
        ("", None),
    ],
)
def test_a_note_is_known_by_its_marker(text, revision):
    """What an invitee wrote can't pass for another note: the last marker counts."""
    assert convert.revision_of(text, "u1") == revision


def test_only_addresses_of_the_web_are_linked_to():
    assert convert.web_url("https://app.attio.com/x/person/1") == "https://app.attio.com/x/person/1"
    assert [convert.web_url(text) for text in ("javascript:alert(1)", None, 7)] == ["", "", ""]
