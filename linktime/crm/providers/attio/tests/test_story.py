"""What each change of a booking looks like in Attio, and how many calls it takes."""

import pytest

from linktime.crm.models import SyncAttempt
from linktime.crm.providers.attio.tests.shown import texts, titles
from linktime.crm.testing.looking import only, record_of
from tests.emulated import calls_of


def test_a_new_invitee_takes_three_calls(connected, emulator):
    """The first booking of an unknown email makes a person, fills in what is known, and adds a note."""
    booking = connected.book("grace@example.com", "Mary Jane Watson", phone="+12025550123", notes="Hello")
    assert calls_of(emulator, connected.drain) == 3
    person, note = only(emulator.state()["people"]), only(emulator.state()["notes"])
    name = only(person["values"]["name"])
    assert (name["first_name"], name["last_name"], name["full_name"]) == ("Mary Jane", "Watson", "Mary Jane Watson")
    assert texts(person, "email_addresses", "email_address") == ["grace@example.com"]
    assert texts(person, "phone_numbers", "phone_number") == ["+12025550123"]
    assert note["parent_record_id"] == person["id"]["record_id"]
    assert note["title"].startswith("Booked: Intro call, ")
    assert "Notes: Hello" in note["content_plaintext"]
    assert note["content_plaintext"].endswith(f"LinkTime booking: {booking.uid} #1")
    record = record_of(booking)
    assert (record.state, record.contact_id, record.meeting_id) == (
        "synced",
        person["id"]["record_id"],
        note["id"]["note_id"],
    )
    assert (record.attempt, record.shown_revision) == (None, 1)


def test_only_what_is_missing_is_added(connected, emulator):
    emulator.create("people", name="Hopper, G.", email_addresses=["grace@example.com"])
    connected.book("grace@example.com", "Grace Hopper", phone="+12025550123")
    assert calls_of(emulator, connected.drain) == 3
    person = only(emulator.state()["people"])
    assert texts(person, "name", "full_name") == ["G. Hopper"]
    assert texts(person, "phone_numbers", "phone_number") == ["+12025550123"]


def test_moving_takes_one_call(connected, emulator):
    """A new note with the previous and the new time; the first one stays as it is."""
    booking = connected.book("grace@example.com")
    connected.drain()
    first = only(emulator.state()["notes"])
    connected.move(booking)
    assert calls_of(emulator, connected.drain) == 1
    kept, second = emulator.state()["notes"]
    assert kept == first
    assert second["title"].startswith("[Rescheduled] Intro call, ")
    lines = second["content_plaintext"].splitlines()
    assert [line.split()[0] for line in lines if line] == ["From:", "To:", "LinkTime"]
    assert lines[0].split(": ", 1)[1] == first["content_plaintext"].splitlines()[0].split(": ", 1)[1]
    assert record_of(booking).meeting_id == first["id"]["note_id"]


def test_cancelling_takes_one_call_and_says_why(connected, emulator):
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.cancel(booking)
    assert calls_of(emulator, connected.drain) == 1
    note = emulator.state()["notes"][-1]
    assert note["title"].startswith("[Cancelled] Intro call, ")
    assert "Reason: ill" in note["content_plaintext"]
    assert len(emulator.state()["notes"]) == 2


def test_a_burst_of_changes_is_a_note_each_in_order(connected, emulator):
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.move(booking)
    connected.move(booking)
    connected.cancel(booking)
    assert calls_of(emulator, connected.drain) == 3
    notes = emulator.state()["notes"]
    assert [title.split()[0] for title in titles(emulator)] == [
        "Booked:",
        "[Rescheduled]",
        "[Rescheduled]",
        "[Cancelled]",
    ]
    first, second = (note["content_plaintext"].splitlines() for note in notes[1:3])
    assert first[1].removeprefix("To: ") == second[0].removeprefix("From: ")
    assert record_of(booking).shown_revision == 4


def test_every_attempt_is_logged_with_its_own_calls(connected):
    """Though several went side by side."""
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(4)]
    connected.drain()
    connected.move(bookings[0])
    connected.drain()
    rows = SyncAttempt.objects.order_by("id").values_list("action", "revision", "calls", "outcome")
    assert list(rows) == [("create", 1, 3, "done")] * 4 + [("update", 2, 1, "done")]


def test_the_record_links_to_the_persons_page(connected, emulator):
    from linktime.crm import registry
    from linktime.crm.claim import remote_of

    booking = connected.book("grace@example.com")
    connected.drain()
    person = only(emulator.state()["people"])
    url = registry.provider("attio").contact_url("", remote_of(record_of(booking)))
    assert url == person["web_url"]
    assert url.startswith(emulator.url)


@pytest.mark.parametrize("phone", ["+11234567890"])
def test_a_phone_that_attio_refuses_is_left_out_and_noted(connected, emulator, phone):
    booking = connected.book("grace@example.com", phone=phone)
    connected.drain()
    person = only(emulator.state()["people"])
    assert (texts(person, "phone_numbers", "phone_number"), texts(person, "name", "full_name")) == (
        [],
        ["Grace Hopper"],
    )
    assert record_of(booking).state == "synced"
    assert "phone number was left out" in SyncAttempt.objects.get().note
    assert phone in only(emulator.state()["notes"])["content_plaintext"]
