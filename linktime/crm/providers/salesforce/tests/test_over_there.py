"""People and rules at work in Salesforce: edits, deletions, several contacts, duplicate and validation rules."""

from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.crm.testing.looking import only, record_of
from tests.emulated import calls_of

PHONE = "+12025550123"
ROLLED_BACK = [{"errorCode": "PROCESSING_HALTED", "message": "The transaction was rolled back."}]
LACKING = [{"errorCode": "PROCESSING_HALTED", "message": "Invalid reference specified. No value for contact found"}]
NOBODY_FOUND = {
    "compositeResponse": [
        {"referenceId": name, "httpStatusCode": status, "httpHeaders": {}, "body": body}
        for name, status, body in (
            ("contact", 200, {"totalSize": 0, "done": True, "records": []}),
            ("update", 400, LACKING),
            ("event", 400, ROLLED_BACK),
            ("stamp", 400, ROLLED_BACK),
        )
    ]
}


def synced(connected, email="grace@example.com"):
    booking = connected.book(email, phone=PHONE)
    connected.drain()
    return booking


def as_people_edit(emulator, record_id, **fields):
    """Edit a minute after LinkTime wrote: the headers that notice have a resolution of one second."""
    emulator.settings(clock_offset_seconds=60)
    emulator.update(record_id, **fields)


def test_an_edited_event_keeps_what_was_written_and_takes_three_calls(connected, emulator):
    booking = synced(connected)
    event = only(emulator.state()["events"])
    as_people_edit(emulator, event["Id"], Subject="Call with the admiral", Description="Bring slides")
    connected.move(booking)
    assert calls_of(emulator, connected.drain) == 3
    moved = only(emulator.state()["events"])
    assert moved["Subject"] == "Call with the admiral"
    assert moved["Description"].startswith("Rescheduled from ")
    assert moved["Description"].endswith("\nBring slides")


def test_an_edited_event_that_rests_afterwards_takes_one_call_again(connected, emulator):
    booking = synced(connected)
    as_people_edit(emulator, only(emulator.state()["events"])["Id"], Description="Bring slides")
    connected.move(booking)
    connected.drain()
    connected.cancel(booking)
    assert calls_of(emulator, connected.drain) == 1
    event = only(emulator.state()["events"])
    assert event["Subject"].startswith("[Cancelled] Intro call")
    assert event["Description"].endswith("\nBring slides")
    assert event["Description"].count("Rescheduled from") == 1


def test_an_event_deleted_there_rests_after_a_cancellation(connected, emulator):
    booking = synced(connected)
    emulator.delete(only(emulator.state()["events"])["Id"], purge=True)
    connected.cancel(booking)
    connected.drain()
    assert emulator.state()["events"] == []
    assert record_of(booking).state == SyncRecord.State.SKIPPED


def test_an_alerting_duplicate_rule_lets_the_contact_pass(connected, emulator):
    emulator.settings(duplicate_rule="alert", duplicate_matching=["email", "fuzzy"])
    emulator.create("Contact", LastName="Hopper", FirstName="Grace", Phone=PHONE, Email="other@example.com")
    booking = synced(connected)
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["contacts"]) == 2


def test_a_blocking_duplicate_rule_fails_the_record_with_its_remedy(connected, emulator):
    """A match that merely looks alike is somebody else."""
    emulator.settings(duplicate_rule="block", duplicate_matching=["email", "fuzzy"])
    emulator.create("Contact", LastName="Hopper", FirstName="Grace", Phone=PHONE, Email="other@example.com")
    record = record_of(synced(connected))
    assert (record.state, record.error_code) == ("failed", "DUPLICATES_DETECTED")
    assert len(emulator.state()["contacts"]) == 1
    assert emulator.state()["events"] == []


def test_a_blocked_contact_with_the_invitees_email_is_used(connected, emulator):
    """The rule may see a Contact that our query does not."""
    emulator.settings(duplicate_rule="block")
    known = emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    emulator.fault({"kind": "status", "status": 200, "body": NOBODY_FOUND}, path="/composite$", times=1)
    record = record_of(synced(connected))
    assert (record.state, record.contact_id) == ("synced", known)
    assert len(emulator.state()["events"]) == 1


def test_a_rule_that_refuses_the_contacts_update_does_not_stop_the_event(connected, emulator):
    """The Event is logged all the same, and the refusal is shown."""
    emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    rule = {"object": "Contact", "field": "FirstName", "kind": "forbidden", "message": "Ask marketing first"}
    emulator.settings(validation_rules=[rule])
    booking = synced(connected)
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["events"]) == 1
    assert "Ask marketing first" in SyncAttempt.objects.get(record=record_of(booking)).note


def test_a_rule_against_the_event_fails_that_record_alone(connected, emulator):
    """The others go on, and the failed one gets a new chance with its next change."""
    rule = {"object": "Event", "field": "Location", "kind": "required", "message": "Say where"}
    emulator.settings(validation_rules=[rule])
    failed = synced(connected)
    assert emulator.state()["contacts"] == []
    record = record_of(failed)
    assert (record.state, record.error_code) == ("failed", "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    assert (record.error_message, record.attempt, record.due_at) == ("Say where", None, None)
    emulator.settings(validation_rules=[])
    connected.move(failed)
    connected.drain()
    assert record_of(failed).state == "synced"
    assert len(emulator.state()["events"]) == 1


def test_a_field_that_is_hidden_fails_with_its_name(connected, emulator):
    emulator.settings(hidden_fields=["Event.Description"])
    record = record_of(synced(connected))
    assert (record.state, record.error_code) == ("failed", "INVALID_FIELD")
    assert "Description" in record.error_message
    assert emulator.state()["contacts"] == []


def test_of_several_contacts_the_most_active_is_used_then_the_oldest(connected, emulator):
    oldest = emulator.create("Contact", LastName="One", Email="grace@example.com")
    emulator.settings(clock_offset_seconds=2)  # of the same second, the order of ids decides
    active = emulator.create("Contact", LastName="Two", Email="grace@example.com")
    connected.book("grace@example.com")
    connected.drain()
    assert only(emulator.state()["events"])["WhoId"] == oldest
    emulator.create("Event", Subject="Lunch", WhoId=active, StartDateTime="2027-06-01T10:00:00Z", DurationInMinutes=30)
    connected.book("grace@example.com")
    connected.drain()
    assert {event["WhoId"] for event in emulator.state()["events"]} == {oldest, active}
