"""A duplicate rule takes an invitee for somebody else: saved anyway, the match used, or somebody asked."""

import pytest

from linktime.connections.models import Connection
from linktime.core.clock import now
from linktime.crm import actions, options
from linktime.crm.models import SyncAttempt
from linktime.crm.testing.looking import only, record_of

PHONE = "+12025550123"


@pytest.fixture(params=[1, 4], ids=["alone", "in a batch"])
def others(request):
    """How many bookings go at a time."""
    return request.param - 1


@pytest.fixture
def book(connected, emulator, others):
    """Let Grace book whom the rule takes for another Hopper, and others beside her; gives her booking."""

    def booked(rule, choice=None):
        emulator.settings(duplicate_rule=rule, duplicate_matching=["email", "fuzzy"])
        known = emulator.create("Contact", LastName="Hopper", FirstName="Grace", Phone=PHONE, Email="other@example.com")
        if choice:
            options.choose(Connection.objects.get(), {"duplicates": choice})
        for n in range(others):
            connected.book(f"invitee{n}@example.com", f"Invitee N{n}")
        booking = connected.book("grace@example.com", phone=PHONE)
        connected.drain()
        assert len(emulator.state()["events"]) == others + (record_of(booking).state == "synced")
        return booking, known

    return booked


def event_of(emulator, booking):
    return only([row for row in emulator.state()["events"] if row["Id"] == record_of(booking).meeting_id])


def test_by_itself_an_alert_is_passed(book, emulator, others):
    booking, known = book("alert")
    assert record_of(booking).state == "synced"
    assert event_of(emulator, booking)["WhoId"] != known
    assert len(emulator.state()["contacts"]) == others + 2


def test_by_itself_a_block_fails(book, emulator, others):
    booking, _ = book("block")
    assert (record_of(booking).state, record_of(booking).error_code) == ("failed", "DUPLICATES_DETECTED")
    assert len(emulator.state()["contacts"]) == others + 1


@pytest.mark.parametrize("rule", ["alert", "block"])
def test_the_match_is_used_where_that_was_chosen_and_left_as_it_is(book, emulator, others, rule):
    booking, known = book(rule, "match")
    assert event_of(emulator, booking)["WhoId"] == known
    assert len(emulator.state()["contacts"]) == others + 1
    match = only([row for row in emulator.state()["contacts"] if row["Id"] == known])
    assert match["Email"] == "other@example.com"
    assert "has another email" in SyncAttempt.objects.get(record=record_of(booking)).note


@pytest.mark.parametrize("rule", ["alert", "block"])
def test_somebody_is_asked_where_that_was_chosen(book, rule):
    booking, _ = book(rule, "ask")
    record = record_of(booking)
    assert (record.state, record.error_code) == ("failed", "DUPLICATES_DETECTED")
    assert [one.choice.action for one in options.decisions(record)] == ["Save anyway", "Use the match"]


@pytest.mark.parametrize("case", [("alert", "save", 2), ("alert", "match", 1), ("block", "match", 1)])
def test_what_somebody_decides_holds_for_that_booking(book, connected, emulator, case):
    rule, decision, contacts = case
    booking, known = book(rule, "ask")
    others = len(emulator.state()["contacts"]) - 1
    actions.retry_record(record_of(booking), now(), {"duplicates": decision})
    connected.drain()
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["contacts"]) == others + contacts
    assert (event_of(emulator, booking)["WhoId"] == known) is (decision == "match")
    assert options.chosen(Connection.objects.get()) == {"duplicates": "ask"}


def test_saving_anyway_does_not_pass_a_block(book, connected):
    booking, _ = book("block", "ask")
    actions.retry_record(record_of(booking), now(), {"duplicates": "save"})
    connected.drain()
    assert record_of(booking).state == "failed"


def test_a_decision_for_one_holds_beside_others_who_ask(connected, emulator):
    """In one collection with those who wait for an answer: the alert is passed for that booking alone."""
    emulator.settings(duplicate_rule="alert", duplicate_matching=["email", "fuzzy"])
    names = ("Hopper", "Turing", "Johnson", "Perlman")
    for name in names:
        emulator.create("Contact", LastName=name, FirstName="Grace", Phone=PHONE, Email=f"{name}@example.com")
    options.choose(Connection.objects.get(), {"duplicates": "ask"})
    bookings = [connected.book(f"grace.{name}@example.org", f"Grace {name}", phone=PHONE) for name in names]
    connected.drain()
    assert [record_of(booking).state for booking in bookings] == ["failed"] * 4
    actions.retry_failed(Connection.objects.get(), now())
    actions.retry_record(record_of(bookings[0]), now(), {"duplicates": "save"})
    actions.retry_record(record_of(bookings[1]), now(), {"duplicates": "match"})
    connected.drain()
    assert [record_of(booking).state for booking in bookings] == ["synced", "synced", "failed", "failed"]
    assert len(emulator.state()["contacts"]) == 5


def test_what_is_no_choice_is_refused(connected):
    from linktime.core.errors import Invalid

    connection = Connection.objects.get()
    for wrong in ({"duplicates": "merge"}, {"colour": "red"}):
        with pytest.raises(Invalid):
            options.choose(connection, wrong)
    connection.options = {"duplicates": "gone", "old": "x"}
    assert options.chosen(connection) == {"duplicates": "save"}
