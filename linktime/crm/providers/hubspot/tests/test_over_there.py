"""People at work in HubSpot: edits, deletions, merges."""

from linktime.bookings import actions
from linktime.crm.models import SyncAttempt
from linktime.crm.providers.hubspot.tests.shown import calls_of, meetings_of, only, record_of


def synced(connected, email="grace@example.com"):
    booking = connected.book(email)
    connected.drain()
    return booking


def test_what_people_write_in_a_meeting_stays(connected, emulator):
    """Title, body, location and all else are theirs once the meeting is there; it still takes one call."""
    booking = synced(connected)
    theirs = {"hs_meeting_title": "Call", "hs_meeting_body": "<p>Bring slides</p>", "hs_meeting_location": "Room 4"}
    emulator.update(only(emulator.state()["meetings"])["id"], **theirs, hubspot_owner_id="77")
    connected.move(booking)
    assert calls_of(emulator, connected.drain) == 1
    connected.cancel(booking)
    connected.drain()
    shown = only(emulator.state()["meetings"])["properties"]
    assert {name: shown[name] for name in theirs} == theirs
    assert (shown["hubspot_owner_id"], shown["hs_meeting_outcome"]) == ("77", "CANCELED")


def test_notes_that_people_added_outlive_a_cancellation(connected, emulator):
    booking = synced(connected)
    emulator.update(only(emulator.state()["meetings"])["id"], hs_internal_meeting_notes="Wants a discount")
    connected.cancel(booking)
    connected.drain()
    assert only(emulator.state()["meetings"])["properties"]["hs_internal_meeting_notes"] == "Wants a discount"


def test_a_meeting_deleted_there_is_made_anew_by_a_reschedule(connected, emulator):
    booking = synced(connected)
    gone = only(emulator.state()["meetings"])["id"]
    emulator.delete(gone)
    connected.move(booking)
    connected.drain()
    meeting = only(emulator.state()["meetings"])
    assert meeting["id"] != gone
    assert record_of(booking).meeting_id == meeting["id"]
    assert len(emulator.state()["contacts"]) == 1
    assert SyncAttempt.objects.latest("id").note == "The meeting was deleted in HubSpot. It was made anew."


def test_a_meeting_deleted_there_rests_after_a_cancellation(connected, emulator):
    booking = synced(connected)
    emulator.delete(only(emulator.state()["meetings"])["id"])
    connected.cancel(booking)
    connected.drain()
    assert emulator.state()["meetings"] == []
    assert record_of(booking).state == "skipped"


def test_a_meeting_deleted_there_rests_after_a_no_show(connected, emulator):
    booking = synced(connected)
    emulator.delete(only(emulator.state()["meetings"])["id"])
    actions.mark_no_show(booking, reason="", now=booking.start)
    connected.drain(lambda: booking.start)
    assert emulator.state()["meetings"] == []


def test_a_deleted_meeting_among_others_is_found_whatever_hubspot_answers(connected, emulator):
    """An answer for each, or 404 for the whole batch: the others move all the same."""
    emulator.settings(missing_in_batch="404")
    bookings = [synced(connected, f"invitee{n}@example.com") for n in range(5)]
    emulator.delete(record_of(bookings[2]).meeting_id)
    for booking in bookings:
        connected.move(booking)
    connected.drain()
    assert {record_of(booking).state for booking in bookings} == {"synced"}
    assert {one["properties"]["hs_meeting_outcome"] for one in emulator.state()["meetings"]} == {"RESCHEDULED"}


def test_a_deleted_contact_is_made_again_for_the_next_booking(connected, emulator):
    synced(connected)
    emulator.delete(only(emulator.state()["contacts"])["id"])
    booking = synced(connected)
    contact = only(emulator.state()["contacts"])
    assert meetings_of(emulator, contact["id"]) == [record_of(booking).meeting_id]


def test_a_contact_deleted_between_its_upsert_and_the_meeting_is_made_again_once(connected, emulator):
    invalid = {"message": "One or more associations are invalid", "errors": [{"code": "INVALID_OBJECT_IDS"}]}
    emulator.fault({"kind": "status", "status": 400, "body": invalid}, path="meetings/batch/create$", times=1)
    booking = connected.book("grace@example.com")
    assert calls_of(emulator, connected.drain) == 4
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["meetings"]) == 1


def test_a_merged_contacts_bookings_go_on_with_the_winner(connected, emulator):
    booking = synced(connected)
    loser = only(emulator.state()["contacts"])["id"]
    winner = emulator.create("contacts", lastname="Hopper", email="grace@navy.example")
    emulator.merge(winner, loser)
    connected.move(booking)
    connected.book("grace@example.com")
    connected.drain()
    assert only(emulator.state()["contacts"])["id"] == winner
    assert len(meetings_of(emulator, winner)) == 2


def test_a_last_name_that_a_rule_refuses_does_not_stop_the_meeting(connected, emulator):
    rule = {"object": "contacts", "property": "lastname", "pattern": "^$", "message": "Ask marketing first"}
    emulator.settings(validation_rules=[rule])
    booking = synced(connected)
    assert record_of(booking).state == "synced"
    assert "Ask marketing first" in SyncAttempt.objects.get().note
