"""Bookings in the dashboard: lists, sync states, retry."""

import re
from datetime import timedelta

import pytest

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.connections.models import Connection
from linktime.crm.actions import organisation_of
from linktime.crm.models import SyncAttempt, SyncRecord
from tests.people import NOW


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


@pytest.fixture
def connection(alice):
    return Connection.objects.create(
        account=alice.account, service="salesforce", organisation_key="00D1", organisation_name="Engines",
        environment="production", login_url="https://login.salesforce.com", api_url="https://e.my.salesforce.com",
        client_id="key", connected_at=NOW,
    )  # fmt: skip


def book(event_type, hour=10, name="Grace Hopper"):
    start = NOW.replace(day=24, hour=hour)
    grace = InviteeDetails(name, "grace@example.com")
    return actions.book(event_type, start=start, duration=None, invitee=grace, guests=[], answers={}, now=NOW)


def record_of(booking, connection, **values):
    values = {"wanted_revision": 1, "account": booking.account, "organisation": organisation_of(connection)} | values
    record, _ = SyncRecord.objects.update_or_create(booking=booking, connection=connection, defaults=values)
    return record


@pytest.fixture
def booking_in_crm(event_type, connection):
    return lambda **values: record_of(book(event_type), connection, **values)


def test_an_empty_list_says_what_will_be_here(as_alice):
    assert "Nothing booked yet" in as_alice.get("/dashboard/bookings/").content.decode()


def test_bookings_are_sorted_into_their_tabs(as_alice, event_type, monkeypatch):
    book(event_type, 10, "Grace Hopper")
    actions.cancel(book(event_type, 11, "Alan Turing"), reason="", now=NOW)

    def shown(tab):
        page = as_alice.get(f"/dashboard/bookings/?show={tab}").content.decode()
        return [name for name in ("Grace Hopper", "Alan Turing") if name in page]

    assert (shown("upcoming"), shown("past"), shown("cancelled")) == (["Grace Hopper"], [], ["Alan Turing"])
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW + timedelta(days=3))
    assert (shown("upcoming"), shown("past")) == ([], ["Grace Hopper"])


@pytest.mark.parametrize(
    ("values", "words", "polls"),
    [
        ({"state": "pending"}, "On its way to Salesforce", True),
        ({"state": "pending", "error_code": "unreachable"}, "Salesforce is tried again soon", True),
        ({"state": "synced", "meeting_id": "00U1"}, "In Salesforce", False),
        ({"state": "failed"}, "Not in Salesforce", False),
        ({"state": "failed", "shown_revision": 1}, "Out of date in Salesforce", False),
        ({"state": "skipped"}, "Nothing to do in Salesforce", False),
    ],
)
def test_each_booking_shows_its_sync_state(as_alice, booking_in_crm, values, words, polls):
    booking_in_crm(**values)
    page = as_alice.get("/dashboard/bookings/").content.decode()
    assert words in page
    assert ("hx-trigger" in page) is polls


@pytest.mark.parametrize(
    ("values", "connected", "needs"),
    [
        ({"state": "failed"}, "connected", True),
        ({"state": "pending"}, "needs_reconnect", True),
        ({"state": "pending", "error_code": "unreachable"}, "connected", False),
        ({"state": "synced"}, "needs_reconnect", False),
        ({"state": "skipped"}, "connected", False),
    ],
)
def test_bookings_that_need_attention_are_a_list_of_their_own(as_alice, booking_in_crm, values, connected, needs):
    booking_in_crm(**values)
    Connection.objects.update(state=connected)
    page = as_alice.get("/dashboard/bookings/?show=attention").text
    assert ("Grace Hopper" in page) is needs
    assert ("Nothing needs you" in page) is not needs
    assert ('<span class="count">1</span>' in page) is needs


def test_what_waits_for_a_person_is_not_polled(as_alice, event_type, connection):
    record_of(book(event_type), connection)
    Connection.objects.update(state="needs_reconnect")
    page = as_alice.get("/dashboard/bookings/").content.decode()
    assert "Waits for Salesforce to be reconnected" in page
    assert "hx-trigger" not in page


def test_the_link_leads_to_the_record(as_alice, event_type, connection):
    record_of(book(event_type), connection, state="synced", meeting_id="00U1", contact_id="0031")
    assert (
        "https://e.my.salesforce.com/lightning/r/Event/00U1/view"
        in as_alice.get("/dashboard/bookings/").content.decode()
    )


def test_a_failure_is_told_with_its_remedy_and_can_be_retried(as_alice, event_type, connection):
    booking = book(event_type)
    record = record_of(booking, connection, state="failed", due_at=None, error_code="internal")
    SyncAttempt.objects.create(
        record=record, at=NOW, revision=1, action="create", calls=2, ms=310, outcome="failed", error_code="internal"
    )
    page = as_alice.get(f"/dashboard/bookings/{booking.uid}").content.decode()
    for words in ("Not in Salesforce", "2 calls, 0.3 s", "fault of its own", "Press Retry"):
        assert words in page
    address = re.search(r'formaction="([^"]+)"', page)[1]
    assert as_alice.post(address).headers["Location"].startswith(f"/dashboard/bookings/{booking.uid}#")
    record.refresh_from_db()
    assert record.state == SyncRecord.State.PENDING
    assert record.due_at == NOW


def test_each_change_stands_with_its_attempts_in_each_crm(as_alice, event_type, connection):
    booking = book(event_type)
    actions.reschedule(booking, start=booking.start + timedelta(hours=1), reason="", now=NOW)
    actions.cancel(booking, reason="", now=NOW)
    record = record_of(booking, connection, state="pending", shown_revision=2, wanted_revision=3)
    SyncAttempt.objects.create(
        record=record, at=NOW, revision=2, action="create", calls=1, ms=20, outcome="done",
        exchanges=[{"method": "POST", "route": "/composite", "status": 200, "ms": 20}],
    )  # fmt: skip
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", as_alice.get(f"/dashboard/bookings/{booking.uid}").text))
    told = page[page.index("On its way to Salesforce") : page.index("History")]
    cancelled, rescheduled, booked = (told.index(word) for word in ("Cancelled", "Rescheduled", "Booked"))
    assert cancelled < rescheduled < booked
    assert "Nothing has been sent yet" in told[cancelled:rescheduled]
    assert "Event created in Salesforce" in told[rescheduled:booked]
    assert "POST /composite → 200, 20 ms" in told[rescheduled:booked]
    assert "Told together with a later change" in told[booked:]


def test_a_host_marks_a_no_show_once_the_meeting_has_begun(as_alice, event_type, monkeypatch):
    booking = book(event_type)
    address = f"/dashboard/bookings/{booking.uid}"
    assert "Mark as no-show" not in as_alice.get(address).text
    monkeypatch.setattr("linktime.core.clock.now", lambda: booking.start)
    assert "Mark as no-show" in as_alice.get(address).text
    assert "No-show" in as_alice.post(f"{address}/no-show", follow=True).text
    booking.refresh_from_db()
    assert booking.status == "no_show"


def test_the_list_costs_the_same_for_many(as_alice, event_type, connection, django_assert_max_num_queries):
    for hour in range(9, 17):
        record_of(book(event_type, hour), connection)
    as_alice.get("/dashboard/bookings/")
    with django_assert_max_num_queries(10):
        as_alice.get("/dashboard/bookings/")
