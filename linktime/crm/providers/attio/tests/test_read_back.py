"""What became of notes in Attio is told, and brought back when somebody asks."""

import pytest

from linktime.crm.models import SyncRecord
from linktime.crm.testing.comparing import bring_back, compare, drifts


@pytest.fixture
def booking(connected):
    """A booking with two notes: booked, rescheduled."""
    booking = connected.book("grace@example.com", "Grace Hopper", notes="Moths")
    connected.drain()
    connected.move(booking)
    connected.drain()
    return booking


def only(rows):
    (row,) = rows
    return row


def titles(emulator):
    return [note["title"].split(",")[0] for note in emulator.state()["notes"]]


def seen(connected, emulator):
    """Compare; it takes few calls, and writes nothing."""
    before, after = emulator.state(), emulator.requests()[-1]["n"]
    compare(connected)
    assert emulator.state() == before
    log = [(row["method"], row["path"].rpartition("/")[2]) for row in emulator.requests(after)]
    assert set(log) <= {("GET", "notes"), ("POST", "query")}
    return drifts(), len(log)


def test_what_stands_as_it_was_left_has_not_drifted(connected, emulator, booking):
    assert seen(connected, emulator) == ([], 1)


def test_a_deleted_note_alone_is_written_anew(connected, emulator, booking):
    first = emulator.state()["notes"][0]["id"]["note_id"]
    emulator.delete(first)
    found, calls = seen(connected, emulator)
    assert (only(found).kind, calls) == ("deleted", 2)
    assert only(found).message == "A note of this booking was deleted in Attio."
    bring_back(connected, only(found))
    assert sorted(titles(emulator)) == ["Booked: Intro call", "[Rescheduled] Intro call"]
    record = SyncRecord.objects.get()
    assert set(record.remote["notes"].values()) == {note["id"]["note_id"] for note in emulator.state()["notes"]}
    assert seen(connected, emulator)[0] == []


def test_when_all_notes_are_gone_all_are_written_anew(connected, emulator, booking):
    for note in emulator.state()["notes"]:
        emulator.delete(note["id"]["note_id"])
    found, _ = seen(connected, emulator)
    bring_back(connected, only(found))
    assert titles(emulator) == ["Booked: Intro call", "[Rescheduled] Intro call"]
    assert len(emulator.state()["people"]) == 1


def test_a_note_that_was_changed_stays_so(connected, emulator, booking):
    emulator.update(emulator.state()["notes"][0]["id"]["note_id"], title="Lunch", content="Bring slides")
    assert seen(connected, emulator)[0] == []


def test_a_deleted_person_is_made_anew_with_the_notes(connected, emulator, booking):
    emulator.delete(only(emulator.state()["people"])["id"]["record_id"])
    found, _ = seen(connected, emulator)
    assert only(found).message == "The person was deleted in Attio, with the notes."
    bring_back(connected, only(found))
    assert titles(emulator) == ["Booked: Intro call", "[Rescheduled] Intro call"]
    assert SyncRecord.objects.get().contact_id == only(emulator.state()["people"])["id"]["record_id"]
    assert seen(connected, emulator)[0] == []


def test_a_merged_person_is_linked_anew_without_a_write(connected, emulator, booking):
    loser = SyncRecord.objects.get().contact_id
    winner = emulator.create("people", email_addresses="hopper@example.com")
    emulator.merge(winner, loser)
    found, _ = seen(connected, emulator)
    assert only(found).kind == "merged"
    before = emulator.state()
    bring_back(connected, only(found))
    assert emulator.state() == before
    record = SyncRecord.objects.get()
    assert (record.contact_id, record.state, record.shown_revision) == (winner, "synced", 2)
    assert seen(connected, emulator) == ([], 1)


def test_bookings_of_one_person_take_one_call(connected, emulator, booking):
    for _ in range(3):
        connected.book("grace@example.com", "Grace Hopper")
    connected.drain()
    assert seen(connected, emulator) == ([], 1)
