"""A backlog goes in hundreds, and one bad record spoils no other."""

from math import ceil

import pytest

from linktime.crm.models import SyncRecord
from linktime.crm.testing.looking import record_of
from tests.emulated import calls_of

CONFLICT = {"status": "error", "category": "CONFLICT", "message": "Contact already exists. Existing ID: 101"}
BROKEN = {"kind": "status", "status": 500, "body": "oops"}
RULE = {"object": "meetings", "property": "hs_meeting_title", "pattern": "^(?!.*Bad)", "message": "No bad meetings"}


def book_many(connected, count, first=0):
    return [connected.book(f"invitee{n}@example.com", f"Invitee N{n}") for n in range(first, first + count)]


def states(bookings):
    return [record_of(booking).state for booking in bookings]


@pytest.mark.parametrize("count", [40, pytest.param(1_000, marks=pytest.mark.long)])
def test_up_to_a_hundred_new_invitees_take_three_calls_and_known_ones_two(connected, emulator, count):
    """A thousand waiting bookings of new invitees: 30 calls, of known ones: 20."""
    batches = ceil(count / 100)
    book_many(connected, count)
    assert calls_of(emulator, connected.drain) <= 3 * batches
    book_many(connected, count)
    assert calls_of(emulator, connected.drain) <= 2 * batches
    assert set(SyncRecord.objects.values_list("state", flat=True)) == {"synced"}
    state = emulator.state()
    assert len(state["contacts"]) == count
    assert len(state["meetings"]) == 2 * count
    assert {one["properties"]["lastname"] for one in state["contacts"]} == {f"N{n}" for n in range(count)}


def test_changes_of_many_are_one_call(connected, emulator):
    bookings = book_many(connected, 30)
    connected.drain()
    for booking in bookings:
        connected.move(booking)
    assert calls_of(emulator, connected.drain) == 1
    assert {one["properties"]["hs_meeting_outcome"] for one in emulator.state()["meetings"]} == {"RESCHEDULED"}


def test_a_bad_contact_among_good_ones_fails_alone(connected, emulator):
    emulator.settings(validation_rules=[RULE | {"object": "contacts", "property": "firstname"}])
    bookings = [*book_many(connected, 5), connected.book("bad@example.com", "Bad Apple"), *book_many(connected, 5, 5)]
    assert calls_of(emulator, connected.drain) == 3
    assert states(bookings) == ["synced"] * 5 + ["failed"] + ["synced"] * 5
    record = record_of(bookings[5])
    assert (record.error_code, record.error_message) == ("PROPERTY_VALIDATION_RULE", "No bad meetings")
    assert record.attempt is None


def test_an_email_that_hubspot_refuses_fails_with_its_code(connected, emulator):
    good, bad = connected.book("good@example.com"), connected.book("grace@münchen.example")
    connected.drain()
    assert states([good, bad]) == ["synced", "failed"]
    assert record_of(bad).error_code == "INVALID_EMAIL"


def test_a_conflict_that_fails_the_whole_batch_is_halved_down_to_one(connected, emulator):
    bookings = book_many(connected, 8)
    fault = {"kind": "status", "status": 409, "body": CONFLICT}
    emulator.fault(fault, path="upsert$", body="invitee5@")
    connected.drain()
    assert states(bookings) == ["synced"] * 5 + ["failed"] + ["synced"] * 2
    assert record_of(bookings[5]).error_code == "CONFLICT"


def test_a_change_that_breaks_hubspot_stops_nobody_else(connected, emulator):
    bookings = book_many(connected, 8)
    connected.drain()
    for booking in bookings:
        connected.move(booking)
    emulator.fault(BROKEN, path="meetings/batch/update$", body=f'"{record_of(bookings[3]).meeting_id}"')
    connected.drain()
    assert states(bookings) == ["synced"] * 3 + ["pending"] + ["synced"] * 4


def test_a_create_that_breaks_hubspot_stops_nobody_else_for_long(connected, emulator, later):
    """Nobody can say what became of the batch: it is looked up, and what is not there is created one by one."""
    bookings = book_many(connected, 8)
    emulator.fault(BROKEN, path="meetings/batch/create$", body="Invitee N3")
    connected.drain()
    assert set(states(bookings)) == {"pending"}
    for seconds in (65, 70):
        connected.drain(later(seconds=seconds))
    assert states(bookings) == ["synced"] * 3 + ["pending"] + ["synced"] * 4
    assert len(emulator.state()["meetings"]) == 7


def test_a_contact_that_breaks_hubspot_stops_nobody_else_for_long(connected, emulator, later):
    bookings = book_many(connected, 8)
    emulator.fault(BROKEN, path="contacts/batch/upsert$", body="invitee3@")
    connected.drain()
    connected.drain(later(seconds=65))
    assert states(bookings) == ["synced"] * 3 + ["pending"] + ["synced"] * 4
    assert {one["properties"]["lastname"] for one in emulator.state()["contacts"]} == {
        f"N{n}" for n in range(8) if n != 3
    }


def test_a_fault_of_ours_after_a_create_went_out_creates_nothing_twice(connected, emulator, monkeypatch):
    """Whose fault it is can't be tried out any more: what has no answer is looked up instead, and taken over."""
    from linktime.crm.providers.hubspot import create

    original = create._outcome

    def broken(entry, contact, row):
        if entry.email == "invitee1@example.com":
            raise ZeroDivisionError
        return original(entry, contact, row)

    monkeypatch.setattr(create, "_outcome", broken)
    bookings = book_many(connected, 4)
    connected.drain()
    assert states(bookings) == ["synced"] * 4
    assert len(emulator.state()["meetings"]) == 4
