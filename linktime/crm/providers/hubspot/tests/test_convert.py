"""A meeting as HubSpot's properties."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linktime.core.meeting import Answer, Change, ChangeKind, Host, Invitee, Meeting, Status
from linktime.crm.providers.hubspot import convert

START = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HOST = Host("Ada", "ada@example.com", "Europe/Berlin")
INVITEE = Invitee("Grace Hopper", "grace@example.com", "+12025550123", "Europe/Berlin", "en")
BOOKED = Change(ChangeKind.BOOKED, 1, START, None, None, "")
MEETING = Meeting(
    uid="u1",
    revision=1,
    status=Status.CONFIRMED,
    title="Intro call",
    start=START,
    end=START + timedelta(minutes=30),
    hosts=(HOST,),
    invitee=INVITEE,
    guests=(),
    notes="",
    answers=(),
    location="",
    url="https://linktime.example/b/u1",
    history=(BOOKED,),
)


def named(name):
    return replace(MEETING, invitee=replace(INVITEE, name=name))


def moved(meeting, revision=2):
    earlier = meeting.start
    change = Change(ChangeKind.RESCHEDULED, revision, START, earlier, meeting.end, "")
    later = {"start": earlier + timedelta(days=1), "end": meeting.end + timedelta(days=1)}
    return replace(meeting, revision=revision, history=(*meeting.history, change), **later)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Mary Jane Watson", "Mary Jane", "Watson"),
        ("Dr. Anna van der Berg", "Anna", "van der Berg"),
        ("Cher", None, "Cher"),
    ],
)
def test_names(name, first, last):
    assert convert.contact(named(name)).get("firstname") == first
    assert convert.last_name(named(name)) == last


def test_a_contact_gets_only_what_was_given():
    assert convert.contact(MEETING) == {"firstname": "Grace", "phone": "+12025550123"}
    assert convert.contact(replace(MEETING, invitee=replace(INVITEE, phone=""))) == {"firstname": "Grace"}


def test_a_new_meeting():
    assert convert.properties(MEETING) == {
        "hs_timestamp": "2026-11-30T09:00:00Z",
        "hs_meeting_start_time": "2026-11-30T09:00:00Z",
        "hs_meeting_end_time": "2026-11-30T09:30:00Z",
        "hs_meeting_title": "Intro call with Grace Hopper",
        "hs_meeting_body": "<p>Booked via LinkTime</p>",
        "hs_meeting_external_url": "https://linktime.example/b/u1",
        "hs_meeting_outcome": "SCHEDULED",
        "hs_internal_meeting_notes": "LinkTime booking u1",
    }


def test_notes_and_answers_are_escaped_in_the_body():
    meeting = replace(MEETING, notes="a < b\nc", answers=(Answer("Size", "5 & up"),))
    assert convert.body(meeting) == "<p>a &lt; b<br>c<br>Size: 5 &amp; up</p>"


def test_earlier_times_stand_in_the_notes_in_the_hosts_zone():
    notes = convert.notes(moved(moved(MEETING), 3)).split("\n")
    assert notes == [
        "Rescheduled from Tuesday, 1 December 2026, 10:00 (Europe/Berlin)",
        "Rescheduled from Monday, 30 November 2026, 10:00 (Europe/Berlin)",
        "LinkTime booking u1",
    ]


@pytest.mark.parametrize(
    ("meeting", "outcome"),
    [
        (MEETING, "SCHEDULED"),
        (moved(MEETING), "RESCHEDULED"),
        (replace(moved(MEETING), status=Status.CANCELLED), "CANCELED"),
        (replace(MEETING, status=Status.NO_SHOW), "NO_SHOW"),
    ],
)
def test_outcomes(meeting, outcome):
    assert convert.outcome(meeting) == outcome


def test_a_change_names_only_what_changed():
    written = convert.kept(MEETING)
    assert convert.changes(MEETING, written) == {}
    cancelled = replace(MEETING, revision=2, status=Status.CANCELLED)
    assert convert.changes(cancelled, written) == {"hs_meeting_outcome": "CANCELED"}
    assert "hs_meeting_title" not in convert.changes(moved(MEETING), written)


def test_texts_are_cut_by_characters():
    long = "ä" * 70_000
    assert convert.contact(named(f"{long} X"))["firstname"] == "ä" * 65_536
    assert len(convert.properties(replace(MEETING, title=long))["hs_meeting_title"]) == 65_536
    assert len(convert.properties(replace(MEETING, location=long))["hs_meeting_location"]) == 65_536


def test_a_body_is_cut_between_characters_and_stays_html():
    body = convert.body(replace(MEETING, notes="&" * 70_000))
    assert len(body) <= 65_536
    assert body.startswith("<p>&amp;")
    assert body.endswith("&amp;</p>")
