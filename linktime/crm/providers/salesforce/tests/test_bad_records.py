"""One bad record never holds up its batch: each is refused, locked or blocked by itself."""

import pytest

from linktime.crm.models import SyncAttempt
from linktime.crm.providers.salesforce.tests.many import between_calls, book_many, who_of
from linktime.crm.testing.looking import only, record_of, states
from tests.emulated import calls_of

PHONE = "+12025550123"
NO_APPLES = {"object": "Contact", "field": "LastName", "kind": "regex", "pattern": "^(?!Apple)", "message": "No apples"}
NO_BAD_EVENTS = {"object": "Event", "field": "Subject", "kind": "regex", "pattern": "^(?!.*Bad)", "message": "No bad"}
NO_FIRST_NAME = {"object": "Contact", "field": "FirstName", "kind": "forbidden", "message": "Ask marketing first"}


def with_a_bad_one(connected, name="Bad Apple"):
    return [*book_many(connected, 5), connected.book("bad@example.com", name), *book_many(connected, 5, 5)]


def test_a_bad_contact_among_good_ones_fails_alone(connected, emulator):
    emulator.settings(validation_rules=[NO_APPLES])
    bookings = with_a_bad_one(connected)
    assert calls_of(emulator, connected.drain) == 3
    assert states(bookings) == ["synced"] * 5 + ["failed"] + ["synced"] * 5
    record = record_of(bookings[5])
    assert (record.error_code, record.error_message) == ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "No apples")
    assert (record.attempt, len(emulator.state()["contacts"])) == (None, 10)


def test_a_bad_event_among_good_ones_fails_alone_and_its_contact_is_not_made_twice(connected, emulator):
    emulator.settings(validation_rules=[NO_BAD_EVENTS])
    bookings = with_a_bad_one(connected)
    assert calls_of(emulator, connected.drain) == 3
    assert states(bookings) == ["synced"] * 5 + ["failed"] + ["synced"] * 5
    assert (record_of(bookings[5]).error_message, record_of(bookings[5]).attempt) == ("No bad", None)
    emulator.settings(validation_rules=[])
    connected.move(bookings[5])
    connected.drain()
    assert states(bookings) == ["synced"] * 11
    state = emulator.state()
    assert (len(state["contacts"]), len(state["events"])) == (11, 11)


def test_an_email_that_salesforce_refuses_fails_with_its_code(connected, emulator):
    emulator.settings(international_emails=False)
    bookings = [*book_many(connected, 3), connected.book("grace@münchen.example")]
    connected.drain()
    assert states(bookings) == ["synced"] * 3 + ["failed"]
    assert record_of(bookings[3]).error_code == "INVALID_EMAIL_ADDRESS"


def test_an_update_that_a_rule_refuses_leaves_a_note_and_the_event(connected, emulator):
    known = emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    emulator.create("Contact", LastName="Sarkisian", Email="cher@example.com")
    emulator.settings(validation_rules=[NO_FIRST_NAME])
    bookings = [connected.book("grace@example.com"), *(connected.book("cher@example.com", "Cher") for _ in range(3))]
    connected.drain()
    assert states(bookings) == ["synced"] * 4
    assert record_of(bookings[0]).contact_id == known
    assert "Ask marketing first" in SyncAttempt.objects.get(record=record_of(bookings[0])).note
    assert set(SyncAttempt.objects.exclude(record=record_of(bookings[0])).values_list("note", flat=True)) == {""}


def test_of_an_invitees_two_bookings_one_that_spoils_the_contact_does_not_stop_the_other(connected, emulator):
    """One by one, the first makes the Contact, and the second's update is refused with a note."""
    emulator.settings(validation_rules=[NO_FIRST_NAME])
    first, second = connected.book("grace@example.com", "Cher"), connected.book("grace@example.com", "Grace Hopper")
    third = connected.book("ada@example.com", "Lovelace")
    connected.drain()
    assert states([first, second, third]) == ["synced"] * 3
    assert len(emulator.state()["contacts"]) == 2
    assert "Ask marketing first" in SyncAttempt.objects.get(record=record_of(second)).note


def test_an_alerting_duplicate_rule_lets_contacts_pass(connected, emulator):
    emulator.settings(duplicate_rule="alert", duplicate_matching=["email", "fuzzy"])
    emulator.create("Contact", LastName="Hopper", FirstName="Grace", Phone=PHONE, Email="other@example.com")
    bookings = [connected.book("grace@example.com", phone=PHONE), *book_many(connected, 3)]
    connected.drain()
    assert states(bookings) == ["synced"] * 4
    assert len(emulator.state()["contacts"]) == 5


def test_a_blocking_duplicate_rule_fails_that_record_alone(connected, emulator):
    """A match that merely looks alike is somebody else."""
    emulator.settings(duplicate_rule="block", duplicate_matching=["email", "fuzzy"])
    emulator.create("Contact", LastName="Hopper", FirstName="Grace", Phone=PHONE, Email="other@example.com")
    bookings = [connected.book("grace@example.com", phone=PHONE), *book_many(connected, 3)]
    assert calls_of(emulator, connected.drain) == 4
    assert states(bookings) == ["failed"] + ["synced"] * 3
    assert (record_of(bookings[0]).error_code, record_of(bookings[0]).attempt) == ("DUPLICATES_DETECTED", None)
    assert len(emulator.state()["contacts"]) == 4


def nobody_found(emulator):
    """Let the first question find nobody: a duplicate rule may see Contacts that our query does not."""
    answer = {"referenceId": "ask0_0", "httpStatusCode": 200, "httpHeaders": {}}
    body = {"compositeResponse": [answer | {"body": {"totalSize": 0, "done": True, "records": []}}]}
    emulator.fault({"kind": "status", "status": 200, "body": body}, path="/composite$", times=1)


def test_blocked_contacts_with_the_invitees_email_are_used(connected, emulator):
    emulator.settings(duplicate_rule="block")
    known = [emulator.create("Contact", LastName=name, Email=f"{name}@example.com") for name in ("ada", "grace")]
    nobody_found(emulator)
    bookings = [connected.book("Ada@example.com"), connected.book("grace@example.com"), *book_many(connected, 3)]
    assert calls_of(emulator, connected.drain) == 3  # besides the one that the fault answered
    assert states(bookings) == ["synced"] * 5
    assert [record_of(booking).contact_id for booking in bookings[:2]] == known
    assert "duplicate rule" in SyncAttempt.objects.get(record=record_of(bookings[0])).note


def test_a_duplicate_whose_matches_are_not_told_is_tried_alone(connected, emulator, monkeypatch):
    """Its own call tells them."""
    from linktime.crm.providers.salesforce import errors

    emulator.settings(duplicate_rule="block")
    known = emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    nobody_found(emulator)
    matched_ids = errors.matched_ids

    def silent(error):
        monkeypatch.setattr(errors, "matched_ids", matched_ids)
        return []

    monkeypatch.setattr(errors, "matched_ids", silent)
    bookings = [connected.book("grace@example.com"), *book_many(connected, 3)]
    connected.drain()
    assert states(bookings) == ["synced"] * 4
    assert record_of(bookings[0]).contact_id == known


def test_a_contact_that_somebody_is_saving_waits_and_holds_up_nobody(connected, emulator, later):
    known = emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    emulator.settings(locked_records=[known])
    bookings = [connected.book("grace@example.com"), *book_many(connected, 3)]
    connected.drain()
    assert states(bookings) == ["pending"] + ["synced"] * 3
    record = record_of(bookings[0])
    assert (record.error_code, record.attempt) == ("UNABLE_TO_LOCK_ROW", None)
    emulator.settings(locked_records=[])
    connected.drain(later(seconds=35))
    assert states(bookings) == ["synced"] * 4
    assert len(emulator.state()["events"]) == 4


def test_an_update_that_met_a_lock_is_tried_once_more(connected, emulator, monkeypatch):
    """The Event is logged with it: what is not updated now would never be."""
    known = emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    emulator.settings(locked_records=[known])
    between_calls(monkeypatch, 2, lambda: emulator.settings(locked_records=[]))
    bookings = [connected.book("grace@example.com", phone=PHONE), *book_many(connected, 3)]
    assert calls_of(emulator, connected.drain) == 4
    assert states(bookings) == ["synced"] * 4
    (contact,) = [row for row in emulator.state()["contacts"] if row["Id"] == known]
    assert contact["Phone"] == PHONE


def test_a_field_that_is_hidden_fails_all_with_its_name(connected, emulator):
    emulator.settings(hidden_fields=["Event.Description"])
    bookings = book_many(connected, 4)
    connected.drain()
    assert states(bookings) == ["failed"] * 4
    assert record_of(bookings[0]).error_code == "INVALID_FIELD"


def test_a_fault_of_ours_fails_one_record_before_anything_is_sent(connected, emulator, monkeypatch):
    from linktime.crm.providers.salesforce import convert

    original = convert.new_event

    def broken(meeting):
        if meeting.invitee.email == "invitee2@example.com":
            raise ZeroDivisionError
        return original(meeting)

    monkeypatch.setattr(convert, "new_event", broken)
    bookings = book_many(connected, 5)
    assert calls_of(emulator, connected.drain) == 3
    assert states(bookings) == ["synced"] * 2 + ["failed"] + ["synced"] * 2
    assert (record_of(bookings[2]).error_code, record_of(bookings[2]).attempt) == ("internal", None)


def test_a_fault_of_ours_after_a_create_went_out_creates_nothing_twice(connected, emulator, monkeypatch):
    """Whose fault it is can't be tried out any more: what has no answer is looked up instead."""
    from linktime.crm.providers.salesforce import events

    original, broke = events._outcome, []

    def broken(entry, *args):
        if entry.email == "invitee1@example.com" and not broke:
            broke.append(entry)
            raise ZeroDivisionError
        return original(entry, *args)

    monkeypatch.setattr(events, "_outcome", broken)
    bookings = book_many(connected, 4)
    connected.drain()
    assert states(bookings) == ["synced"] * 4
    assert len(who_of(emulator)) == len(emulator.state()["events"]) == 4


@pytest.mark.parametrize("names", [("Bad Apple", "Good Pear"), ("Good Pear", "Bad Apple")])
def test_two_events_of_one_invitee_fail_by_themselves(connected, emulator, names):
    emulator.settings(validation_rules=[NO_BAD_EVENTS])
    bookings = [connected.book("grace@example.com", name) for name in names]
    bookings += book_many(connected, 2)
    connected.drain()
    assert dict(zip(names, states(bookings), strict=False)) == {"Bad Apple": "failed", "Good Pear": "synced"}
    grace = [row for row in emulator.state()["contacts"] if row["Email"] == "grace@example.com"]
    assert only(grace)["LastName"] == names[0].split()[1]
