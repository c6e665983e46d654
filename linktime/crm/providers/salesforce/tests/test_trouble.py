"""Salesforce is busy, down, or lets us in no more while a backlog is under way."""

import pytest

from linktime.connections.models import Connection
from linktime.crm.models import Organisation, SyncRecord
from linktime.crm.providers.salesforce.tests.many import between_calls, book_many
from linktime.crm.testing.looking import record_of, states

BROKEN = {"kind": "status", "status": 500, "body": "oops"}
BUSY = {"kind": "status", "status": 503, "body": "busy"}
LIMIT = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
REFUSED = [{"errorCode": "JSON_PARSER_ERROR", "message": "Unexpected character"}]


def sent(emulator, act):
    """Return how many requests were sent, answered by a fault or not."""
    before = len(emulator.requests())
    act()
    return len(emulator.requests()) - before


def counts(emulator):
    state = emulator.state()
    return len(state["contacts"]), len(state["events"])


STEPS = ["Email%20IN", '"made"', '"logged"']
TROUBLE = [
    BUSY,
    BROKEN,
    {"kind": "status", "status": 200, "body": '{"compositeResponse": ['},
    {"kind": "status", "status": 200, "body": {"compositeResponse": []}},
    {"kind": "status", "status": 403, "body": LIMIT},
    {"kind": "status", "status": 400, "body": [{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "m"}]},
    {"kind": "status", "status": 400, "body": REFUSED},
    {"kind": "drop"},
    {"kind": "commit_then_drop"},
]
EVERY_TROUBLE = [  # at one step each, at all of them with `--long`
    pytest.param(what, action, marks=[] if (step + number) % len(STEPS) == 0 else pytest.mark.long)
    for step, what in enumerate(STEPS)
    for number, action in enumerate(TROUBLE)
]


@pytest.mark.parametrize(("what", "action"), EVERY_TROUBLE)
def test_trouble_at_any_step_delays_and_neither_loses_nor_doubles(connected, emulator, later, what, action):
    emulator.fault(action, path="/composite$", body=what, times=1)
    bookings = book_many(connected, 4)
    for minutes in (0, 2, 20):
        connected.drain(later(minutes=minutes))
    assert states(bookings) == ["synced"] * 4
    assert counts(emulator) == (4, 4)


def test_what_was_known_when_trouble_came_is_kept(connected, emulator, groups_of_ten, later):
    """Another call of the same moment, and the groups before."""
    bookings = book_many(connected, 35)
    emulator.fault(BUSY, path="/composite$", body='(?s)"made".*invitee1[0-9]@', times=1)
    connected.drain()
    assert states(bookings) == ["synced"] * 10 + ["pending"] * 25
    assert counts(emulator) == (10, 10)
    connected.drain(later(minutes=2))
    assert states(bookings) == ["synced"] * 35
    assert counts(emulator) == (35, 35)


@pytest.mark.parametrize("skip", [0, 1, 2])
def test_an_organisation_in_trouble_is_left_alone(connected, emulator, skip):
    """The others keep their place and their tries."""
    emulator.fault(BUSY, path="/composite$", skip=skip)
    bookings = book_many(connected, 5)
    assert sent(emulator, connected.drain) == skip + 1
    assert [record_of(booking).tries for booking in bookings[1:]] == [0, 0, 0, 0]
    assert Organisation.objects.get().retry_at is not None


def test_a_limit_met_on_the_way_leaves_nothing_in_doubt(connected, emulator, later):
    """Contacts are there, Events were refused: next time they are found, and nothing has to be waited for."""
    emulator.fault({"kind": "status", "status": 403, "body": LIMIT}, path="/composite$", body='"logged"', times=1)
    bookings = book_many(connected, 5)
    connected.drain()
    assert counts(emulator) == (5, 0)
    assert [record_of(booking).attempt for booking in bookings] == [None] * 5
    connected.drain(later(minutes=20))
    assert states(bookings) == ["synced"] * 5
    assert counts(emulator) == (5, 5)


def test_a_session_that_ends_with_two_calls_under_way_is_renewed_once(connected, emulator, monkeypatch, groups_of_ten):
    bookings = book_many(connected, 25)
    between_calls(monkeypatch, 2, lambda: emulator.settings(clock_offset_seconds=7300))
    connected.drain()
    assert set(states(bookings)) == {"synced"}
    assert counts(emulator) == (25, 25)
    assert [row["path"] for row in emulator.requests()].count("/salesforce/services/oauth2/token") == 1


def test_a_grant_revoked_on_the_way_waits_for_a_person(connected, emulator, monkeypatch):
    bookings = book_many(connected, 5)
    between_calls(monkeypatch, 2, emulator.revoke)
    connected.drain()
    assert Connection.objects.get().state == Connection.State.NEEDS_RECONNECT
    assert states(bookings) == ["pending"] * 5
    connected.connect()
    connected.drain()
    assert states(bookings) == ["synced"] * 5
    assert counts(emulator) == (5, 5)


def test_a_drain_that_was_taken_over_sends_nothing_more_and_the_next_one_finds_it_all(
    connected, emulator, monkeypatch, later
):
    from linktime.crm.lease import Lease
    from linktime.crm.providers.salesforce.flights import Flights
    from linktime.crm.tests.test_lease import run_out

    organisation, land, landed = Organisation.objects.get(), Flights.land, []

    def taken_over(self):
        answers = land(self)
        landed.append(answers)
        if len(landed) == 2:
            run_out(organisation)
            Lease.take(organisation.pk)
        return answers

    bookings = book_many(connected, 5)
    monkeypatch.setattr(Flights, "land", taken_over)
    connected.drain()
    assert counts(emulator) == (5, 0)
    assert {record_of(booking).shown_revision for booking in bookings} == {0}
    monkeypatch.undo()
    run_out(organisation)
    connected.drain(later(seconds=35))
    assert states(bookings) == ["synced"] * 5
    assert counts(emulator) == (5, 5)


def test_a_booking_whose_every_call_breaks_salesforce_fails_alone(connected, emulator, later):
    """Whichever call bears its email."""
    bookings = book_many(connected, 40)
    emulator.fault(BROKEN, path="/composite$", body="invitee13(@|%40)")
    for minutes in (0, 1, 3, 5, 7):
        connected.drain(later(minutes=minutes))
    assert states(bookings) == ["synced"] * 13 + ["pending"] + ["synced"] * 26
    assert counts(emulator) == (39, 39)


def test_a_booking_whose_every_call_is_refused_fails_alone(connected, emulator):
    bookings = book_many(connected, 40)
    emulator.fault({"kind": "status", "status": 400, "body": REFUSED}, path="/composite$", body="Invitee N13")
    assert sent(emulator, connected.drain) <= 40
    assert states(bookings) == ["synced"] * 13 + ["failed"] + ["synced"] * 26
    assert record_of(bookings[13]).error_code == "JSON_PARSER_ERROR"


@pytest.mark.parametrize(("status", "body", "state"), [(500, "oops", "pending"), (400, REFUSED, "failed")])
def test_a_service_that_fails_at_everything_is_not_asked_for_each(connected, emulator, status, body, state):
    bookings = book_many(connected, 40)
    emulator.fault({"kind": "status", "status": status, "body": body}, path="/composite$")
    assert sent(emulator, connected.drain) <= 12
    assert set(states(bookings)) == {state}
    assert {record_of(booking).attempt for booking in bookings} == {None}


def test_whatever_a_question_answers_is_followed_below_the_apis_address_only(connected, emulator):
    """The token goes nowhere else."""
    body = {"totalSize": 9, "done": False, "records": [], "nextRecordsUrl": "/services/oauth2/userinfo"}
    answer = {"referenceId": "ask0_0", "httpStatusCode": 200, "httpHeaders": {}, "body": body}
    emulator.fault({"kind": "status", "status": 200, "body": {"compositeResponse": [answer]}}, path="/composite$")
    bookings = book_many(connected, 4)
    connected.drain()
    assert {row["path"] for row in emulator.requests()} == {"/salesforce/services/data/v66.0/composite"}
    assert states(bookings) == ["pending"] * 4
    assert SyncRecord.objects.filter(error_code="unreadable").count() == 1
