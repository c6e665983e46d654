"""People at work in Attio: deletions, merges, edits, and what the workspace's rules say."""

from linktime.crm.models import SyncRecord
from linktime.crm.providers.attio.tests.shown import texts, titles
from linktime.crm.testing.looking import only, record_of


def synced(connected, email="grace@example.com"):
    booking = connected.book(email)
    connected.drain()
    return booking


def person_id(emulator):
    return only(emulator.state()["people"])["id"]["record_id"]


def test_a_person_deleted_there_rests_after_a_cancellation(connected, emulator):
    booking = synced(connected)
    emulator.delete(person_id(emulator))
    connected.cancel(booking)
    connected.drain()
    assert emulator.state()["people"] == []
    assert record_of(booking).state == SyncRecord.State.SKIPPED


def test_a_cancellation_finds_the_winner_of_a_merge(connected, emulator):
    booking = synced(connected)
    loser = person_id(emulator)
    winner = emulator.create("people", name="Hopper, G.", email_addresses=["g@navy.example.com"])
    emulator.merge(winner, loser)
    connected.cancel(booking)
    connected.drain()
    assert [title.split()[0] for title in titles(emulator)] == ["Booked:", "[Cancelled]"]
    assert record_of(booking).state == "synced"


def test_a_note_that_a_person_changed_or_deleted_stays_so(connected, emulator):
    booking = synced(connected)
    emulator.update(record_of(booking).meeting_id, title="VIP", content="Bring slides")
    connected.move(booking)
    connected.drain()
    assert titles(emulator)[0] == "VIP"
    emulator.delete(record_of(booking).meeting_id)
    connected.cancel(booking)
    connected.drain()
    assert [title.split()[0] for title in titles(emulator)] == ["[Rescheduled]", "[Cancelled]"]


def test_a_person_who_vanishes_between_two_calls_is_looked_for_again(connected, emulator):
    gone = {"status_code": 404, "type": "invalid_request_error", "code": "not_found", "message": "Record not found."}
    emulator.fault({"kind": "status", "status": 404, "body": gone}, method="POST", path="/v2/notes$", times=1)
    booking = synced(connected)
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["notes"]) == 1


def test_two_people_with_the_email_fail_with_their_remedy(connected, emulator):
    many = {"status_code": 400, "type": "invalid_request_error", "code": "multiple_match_results", "message": "Two."}
    emulator.fault({"kind": "status", "status": 400, "body": many}, method="PUT", times=1)
    record = record_of(synced(connected))
    assert (record.state, record.error_code) == ("failed", "multiple_match_results")


def test_a_person_of_another_email_is_never_touched(connected, emulator):
    emulator.create("people", name="Hopper, Grace", email_addresses=["other@example.com"])
    before = only(emulator.state()["people"])["values"]
    synced(connected)
    other, ours = emulator.state()["people"]
    assert other["values"] == before
    assert texts(ours, "email_addresses", "email_address") == ["grace@example.com"]


def test_an_object_that_is_switched_off_fails_with_its_remedy(connected, emulator):
    emulator.settings(people_enabled=False)
    record = record_of(synced(connected))
    assert (record.state, record.error_code) == ("failed", "not_found")
