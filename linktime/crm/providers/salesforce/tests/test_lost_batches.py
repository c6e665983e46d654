"""A batch whose answer was lost is found again with a few queries, and what did not arrive is made once."""

import pytest

from linktime.crm.models import Organisation, SyncAttempt, SyncRecord
from linktime.crm.providers.salesforce.tests.many import book_many, who_of
from linktime.crm.testing.looking import record_of, states
from tests.emulated import calls_of

HALF_A_MINUTE = {"seconds": 35}
A_MINUTE = {"seconds": 65}
A_QUARTER = {"minutes": 17}
LOST, DROPPED = {"kind": "commit_then_drop"}, {"kind": "drop"}
CONTACTS, EVENTS = '"made"', '"logged"'
BROKEN = {"kind": "status", "status": 500, "body": "oops"}


def lose(emulator, action, what, **more):
    emulator.fault(action, path="/composite$", body=what, **{"times": 1, **more})


def counts(emulator):
    state = emulator.state()
    return len(state["contacts"]), len(state["events"])


def test_contacts_that_arrived_are_found_and_their_events_made_at_once(connected, emulator, later):
    """No Event had been sent: there is nothing to wait for."""
    lose(emulator, LOST, CONTACTS)
    bookings = book_many(connected, 10)
    connected.drain()
    assert record_of(bookings[0]).error_code == "answer_lost"
    assert Organisation.objects.get().failures == 1  # one answer was lost, not ten
    assert counts(emulator) == (10, 0)
    assert calls_of(emulator, lambda: connected.drain(later(**HALF_A_MINUTE))) == 3
    assert states(bookings) == ["synced"] * 10
    assert counts(emulator) == (10, 10)


def test_contacts_that_did_not_arrive_are_made_again_only_when_they_no_longer_can(connected, emulator, later):
    lose(emulator, DROPPED, CONTACTS)
    bookings = book_many(connected, 10)
    connected.drain()
    connected.drain(later(**HALF_A_MINUTE))
    assert counts(emulator) == (0, 0)
    assert all(record_of(booking).attempt for booking in bookings)
    connected.drain(later(**A_MINUTE))
    assert states(bookings) == ["synced"] * 10
    assert counts(emulator) == (10, 10)


def test_a_single_contact_that_may_still_arrive_is_waited_for(connected, emulator, later):
    """Though one booking alone goes another way."""
    lose(emulator, DROPPED, CONTACTS)
    bookings = book_many(connected, 3)
    connected.drain()
    SyncRecord.objects.filter(booking__in=bookings[1:]).update(due_at=None)
    connected.drain(later(**HALF_A_MINUTE))
    assert counts(emulator) == (0, 0)
    assert record_of(bookings[0]).attempt is not None


def test_events_that_arrived_are_adopted_with_two_queries(connected, emulator, later):
    lose(emulator, LOST, EVENTS)
    bookings = book_many(connected, 60)
    connected.drain()
    assert counts(emulator) == (60, 60)
    assert calls_of(emulator, lambda: connected.drain(later(**HALF_A_MINUTE))) == 2
    assert states(bookings) == ["synced"] * 60
    assert counts(emulator) == (60, 60)
    assert who_of(emulator) == {f"Intro call with Invitee N{n}": f"invitee{n}@example.com" for n in range(60)}
    events = {row["Id"]: row["Subject"] for row in emulator.state()["events"]}
    assert [events[record_of(booking).meeting_id][-3:] for booking in bookings[40:43]] == ["N40", "N41", "N42"]
    assert not SyncRecord.objects.filter(doubt__isnull=False).exists()


def test_an_adopted_event_that_nobody_touched_moves_with_one_call(connected, emulator, later):
    lose(emulator, LOST, EVENTS)
    bookings = book_many(connected, 5)
    connected.drain()
    connected.drain(later(**HALF_A_MINUTE))
    connected.move(bookings[3])
    assert calls_of(emulator, lambda: connected.drain(later(**HALF_A_MINUTE))) == 1


def test_events_that_did_not_arrive_are_made_again_only_when_they_no_longer_can(connected, emulator, later):
    lose(emulator, DROPPED, EVENTS)
    bookings = book_many(connected, 30)
    connected.drain()
    assert calls_of(emulator, lambda: connected.drain(later(**HALF_A_MINUTE))) == 2
    assert counts(emulator) == (30, 0)
    assert calls_of(emulator, lambda: connected.drain(later(**A_MINUTE))) <= 40
    assert states(bookings) == ["synced"] * 30
    assert counts(emulator) == (30, 30)


def test_bookings_that_changed_meanwhile_are_found_by_what_was_sent(connected, emulator, later):
    lose(emulator, LOST, EVENTS)
    bookings = book_many(connected, 6)
    connected.drain()
    connected.move(bookings[1])
    connected.cancel(bookings[1])
    connected.move(bookings[4])
    assert calls_of(emulator, lambda: connected.drain(later(**HALF_A_MINUTE))) == 3
    subjects = {row["Id"]: row["Subject"] for row in emulator.state()["events"]}
    assert subjects[record_of(bookings[1]).meeting_id].startswith("[Cancelled] ")
    assert [record_of(booking).shown_revision for booking in bookings] == [1, 3, 1, 1, 2, 1]
    assert len(subjects) == 6


def test_one_event_is_never_adopted_by_two(connected, emulator, later):
    """Two bookings of one invitee at the same time of two hosts look the same over there; one of them arrived."""
    lose(emulator, DROPPED, EVENTS)
    bookings = [connected.book("grace@example.com") for _ in range(3)]
    connected.drain()
    contact = emulator.state()["contacts"][0]["Id"]
    sent = record_of(bookings[0]).attempt["values"]
    for booking in bookings:
        record = record_of(booking)
        record.attempt["values"] |= {"StartDateTime": sent["StartDateTime"]}
        record.save()
    fields = {name: sent[name] for name in ("Subject", "Description", "StartDateTime")}
    made = emulator.create("Event", WhoId=contact, DurationInMinutes=30, **fields)
    connected.drain(later(**A_MINUTE))
    owners = [record_of(booking).meeting_id for booking in bookings]
    assert owners.count(made) == 1
    assert len(set(owners)) == 3 == len(emulator.state()["events"])


@pytest.mark.parametrize("resource", ["query", "queryAll"])
def test_a_look_up_that_fails_is_no_not_found(connected, emulator, later, resource):
    """However long ago the creates were sent: what could not be looked up is not created."""
    lose(emulator, LOST, EVENTS)
    bookings = book_many(connected, 4)
    connected.drain()
    refused = {"kind": "status", "status": 400, "body": [{"errorCode": "X", "message": "m"}]}
    emulator.fault(refused, path=f"/{resource}$")
    connected.drain(later(**A_MINUTE))
    assert states(bookings) == ["failed"] * 4
    assert all(record_of(booking).attempt for booking in bookings)
    assert counts(emulator) == (4, 4)


@pytest.mark.parametrize("resource", ["query", "queryAll"])
def test_a_look_up_that_one_booking_spoils_finds_the_others(connected, emulator, later, resource, monkeypatch):
    """The question is halved until its value stands alone."""
    from linktime.crm.providers.salesforce import soql

    lose(emulator, LOST, EVENTS)
    bookings = book_many(connected, 8)
    connected.drain()
    ids = {row["Email"]: row["Id"] for row in emulator.state()["contacts"]}
    email, quoted = "invitee3@example.com", soql.quoted
    spoilt = {"query": email, "queryAll": ids[email]}
    monkeypatch.setattr(soql, "quoted", lambda text: "broken'" if text == spoilt[resource] else quoted(text))
    connected.drain(later(**A_MINUTE))
    assert states(bookings) == ["synced"] * 3 + ["failed"] + ["synced"] * 4
    assert record_of(bookings[3]).attempt is not None
    assert counts(emulator) == (8, 8)


def test_a_lost_update_of_known_contacts_costs_nothing(connected, emulator, later):
    """A change may be sent twice."""
    for number in range(3):
        emulator.create("Contact", LastName="Known", Email=f"invitee{number}@example.com")
    lose(emulator, LOST, '"updated"')
    bookings = book_many(connected, 3)
    connected.drain()
    assert {record_of(booking).attempt is None for booking in bookings} == {True}
    connected.drain(later(**HALF_A_MINUTE))
    assert states(bookings) == ["synced"] * 3
    assert counts(emulator) == (3, 3)


@pytest.mark.parametrize(("what", "body"), [(CONTACTS, "invitee13@"), (EVENTS, "Invitee N13")])
def test_a_create_that_breaks_salesforce_is_found_and_stops_nobody_for_long(connected, emulator, later, what, body):
    """After an answer nothing more arrives: what is not there is created at once, in smaller groups."""
    bookings = book_many(connected, 30)
    emulator.fault(BROKEN, path="/composite$", body=f"(?s){what}.*{body}")
    emulator.fault(BROKEN, path="/composite$", body=f"(?s)sobjects/Contact.*{body}")
    for seconds in (0, 5, 10):
        connected.drain(later(seconds=seconds))
    assert states(bookings) == ["synced"] * 13 + ["pending"] + ["synced"] * 16
    assert counts(emulator)[1] == 29


def test_a_create_whose_answer_never_comes_stops_nobody_for_long(connected, emulator, later):
    """Nobody knows when it is over: each round of smaller groups waits for a minute."""
    bookings = book_many(connected, 30)
    emulator.fault(DROPPED, path="/composite$", body="(?s)(logged|sobjects/Event).*Invitee N13")
    for seconds in range(0, 300, 20):
        connected.drain(later(seconds=seconds))
    assert states(bookings) == ["synced"] * 13 + ["pending"] + ["synced"] * 16
    assert counts(emulator)[1] == 29


def test_events_whose_call_broke_after_they_were_made_are_found_at_once(connected, emulator):
    lose(emulator, BROKEN | {"commit": True}, EVENTS)
    bookings = book_many(connected, 10)
    assert calls_of(emulator, connected.drain) == 5
    assert states(bookings) == ["synced"] * 10
    assert counts(emulator) == (10, 10)


@pytest.mark.parametrize("resource", ["query", "queryAll"])
def test_what_broke_and_can_not_be_looked_up_stays_in_doubt(connected, emulator, later, resource):
    lose(emulator, BROKEN | {"commit": True}, EVENTS)
    emulator.fault({"kind": "status", "status": 503, "body": "busy"}, path=f"/{resource}$", times=1)
    bookings = book_many(connected, 10)
    connected.drain()
    assert all(record_of(booking).attempt for booking in bookings)
    connected.drain(later(**HALF_A_MINUTE))
    assert states(bookings) == ["synced"] * 10
    assert counts(emulator) == (10, 10)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_what_a_gateway_answers_is_no_answer(connected, emulator, later, status):
    """Behind it the work may go on."""
    lose(emulator, {"kind": "status", "status": status, "body": "gateway"}, EVENTS)
    bookings = book_many(connected, 5)
    connected.drain()
    connected.drain(later(**HALF_A_MINUTE))
    assert counts(emulator) == (5, 0)
    connected.drain(later(**A_MINUTE))
    assert states(bookings) == ["synced"] * 5


def test_a_look_up_in_an_outage_counts_as_one_failure(connected, emulator, later):
    lose(emulator, LOST, EVENTS)
    bookings = book_many(connected, 5)
    connected.drain()
    emulator.fault({"kind": "status", "status": 503, "body": "busy"}, path="/query$")
    connected.drain(later(**HALF_A_MINUTE))
    assert Organisation.objects.get().failures == 2
    assert all(record_of(booking).attempt for booking in bookings)


@pytest.mark.parametrize("what", [CONTACTS, EVENTS])
def test_an_answer_that_leaves_records_out_is_no_answer(connected, emulator, what, caplog):
    """What is there is found by asking again."""
    row = {"body": [{"id": "003gL00000000AAQAQ", "success": True, "errors": []}], "httpStatusCode": 200}
    answer = {"compositeResponse": [row | {"referenceId": name} for name in (what.strip('"'), "stamps")]}
    if what == CONTACTS:
        answer["compositeResponse"].pop()
    lose(emulator, {"kind": "status", "status": 200, "body": answer, "commit": True}, what)
    bookings = book_many(connected, 5)
    connected.drain()
    assert states(bookings) == ["synced"] * 5
    assert counts(emulator) == (5, 5)
    assert "fault of ours" not in caplog.text


@pytest.mark.parametrize("body", ["POST", pytest.param('"logged"|sobjects/Event', marks=pytest.mark.long)])
def test_an_outage_after_a_lost_batch_does_not_multiply_calls(connected, emulator, later, body):
    """Creates fail and questions are answered: smaller batches are no way out."""
    bookings = book_many(connected, 30)
    emulator.fault(BROKEN, path="/composite$", body=body)
    for minutes in (0, 2, 4, 6, 8):
        before = len(emulator.requests())
        connected.drain(later(minutes=minutes))
        assert len(emulator.requests()) - before <= 24, minutes
    emulator.clear_faults()
    connected.drain(later(minutes=20))
    connected.drain(later(minutes=90))
    assert set(states(bookings)) == {"synced"}
    assert counts(emulator) == (30, 30)


def lose_contacts_and_make_them_again(connected, emulator, later):
    lose(emulator, DROPPED, CONTACTS)
    bookings = book_many(connected, 3)
    connected.drain()
    connected.drain(later(**A_MINUTE))
    assert states(bookings) == ["synced"] * 3
    emulator.settings(clock_offset_seconds=70)
    return bookings, emulator.create("Contact", FirstName="Invitee", LastName="N1", Email="invitee1@example.com")


def test_a_contact_that_arrived_too_late_is_removed_after_a_quarter_of_an_hour(connected, emulator, later):
    bookings, twin = lose_contacts_and_make_them_again(connected, emulator, later)
    connected.drain(later(minutes=10))
    assert counts(emulator) == (4, 3)
    connected.drain(later(**A_QUARTER))
    assert twin not in {row["Id"] for row in emulator.state()["contacts"]}
    assert counts(emulator) == (3, 3)
    assert "1 Contact" in SyncAttempt.objects.get(record=record_of(bookings[1]), action="recheck").note
    assert not SyncRecord.objects.filter(doubt__isnull=False).exists()


@pytest.mark.parametrize("touch", ["edit", "event", "name"])
def test_a_contact_that_somebody_uses_or_made_stays(connected, emulator, later, touch):
    _, twin = lose_contacts_and_make_them_again(connected, emulator, later)
    emulator.settings(clock_offset_seconds=140)
    if touch == "edit":
        emulator.update(twin, Title="Admiral")
    elif touch == "event":
        emulator.create("Event", Subject="x", WhoId=twin, StartDateTime="2027-06-01T10:00:00Z", DurationInMinutes=30)
    else:
        emulator.delete(twin)
        twin = emulator.create("Contact", FirstName="Inga", LastName="N1", Email="invitee1@example.com")
    connected.drain(later(**A_QUARTER))
    assert twin in {row["Id"] for row in emulator.state()["contacts"]}


def test_a_contact_that_was_there_before_ours_stays(connected, emulator, later):
    """A late one comes after: the second create would have found it."""
    bookings, twin = lose_contacts_and_make_them_again(connected, emulator, later)
    record = record_of(bookings[1])
    ours, record.contact_id = record.contact_id, twin
    emulator.delete(record.meeting_id)
    record.save()
    connected.drain(later(**A_QUARTER))
    assert {ours, twin} <= {row["Id"] for row in emulator.state()["contacts"]}


def test_a_part_that_broke_is_looked_up_at_once(connected, emulator):
    """The call was answered, but nobody can say what became of one of its collections."""
    broken = {"body": [{"errorCode": "UNKNOWN_EXCEPTION", "message": "m"}], "httpStatusCode": 500, "httpHeaders": {}}
    answer = {"compositeResponse": [broken | {"referenceId": name} for name in ("logged", "stamps")]}
    lose(emulator, {"kind": "status", "status": 200, "body": answer, "commit": True}, EVENTS)
    bookings = book_many(connected, 5)
    connected.drain()
    assert states(bookings) == ["synced"] * 5
    assert counts(emulator) == (5, 5)
