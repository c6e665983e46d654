"""People at work in HubSpot: edits, deletions, merges."""

from linktime.crm.models import SyncAttempt
from linktime.crm.testing.looking import only, record_of
from tests.emulated import calls_of


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


def test_a_meeting_deleted_there_rests_after_a_cancellation(connected, emulator):
    booking = synced(connected)
    emulator.delete(only(emulator.state()["meetings"])["id"])
    connected.cancel(booking)
    connected.drain()
    assert emulator.state()["meetings"] == []
    assert record_of(booking).state == "skipped"


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


def test_a_contact_deleted_between_its_upsert_and_the_meeting_is_made_again_once(connected, emulator):
    invalid = {"message": "One or more associations are invalid", "errors": [{"code": "INVALID_OBJECT_IDS"}]}
    emulator.fault({"kind": "status", "status": 400, "body": invalid}, path="meetings/batch/create$", times=1)
    booking = connected.book("grace@example.com")
    assert calls_of(emulator, connected.drain) == 4
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["meetings"]) == 1


def test_a_last_name_that_a_rule_refuses_does_not_stop_the_meeting(connected, emulator):
    rule = {"object": "contacts", "property": "lastname", "pattern": "^$", "message": "Ask marketing first"}
    emulator.settings(validation_rules=[rule])
    booking = synced(connected)
    assert record_of(booking).state == "synced"
    assert "Ask marketing first" in SyncAttempt.objects.get().note
