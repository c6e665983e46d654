"""An invitee is erased: sync forgets them, the CRM keeps what it shows, and nothing is made anew there."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from linktime.bookings import erasure
from linktime.bookings.models import Booking
from linktime.connections.models import Connection
from linktime.core.clock import now
from linktime.crm import actions, engine
from linktime.crm.erasure import contacts_of
from linktime.crm.models import Organisation, SyncAttempt, SyncRecord
from linktime.crm.testing.looking import record_of
from tests.installation import wait_until
from tests.rows import columns_with

EMAIL = "grace@example.com"


def erase(place, *bookings) -> None:
    """Erase them when their meetings are over."""
    Booking.objects.filter(pk__in=[booking.pk for booking in bookings]).update(end=now() - timedelta(minutes=1))
    erasure.erase_invitee(place.host.account, EMAIL, now())


@pytest.fixture
def erased(connected):
    """A booking that Salesforce shows, of an invitee who was erased then."""
    booking = connected.book(EMAIL, notes="my cat is ill", phone="+442071234567")
    connected.drain()
    erase(connected, booking)
    return booking


def test_sync_keeps_nothing_of_them_but_ids(erased, emulator):
    record = record_of(erased)
    assert (record.state, record.remote, record.attempt, record.due_at) == ("skipped", {}, None, None)
    assert (record.shown_revision, record.wanted_revision) == (1, 1)
    assert record.meeting_id == emulator.state()["events"][0]["Id"]
    assert columns_with("grace", "cat is ill", "2071234567") == {}


def test_what_the_crm_shows_stays(erased, emulator):
    state = emulator.state()
    assert [contact["Email"] for contact in state["contacts"]] == [EMAIL]
    assert len(state["events"]) == 1


def test_nothing_is_made_anew_whatever_is_pressed(erased, connected, emulator, later):
    """Not even when somebody deletes the contact there, as they should."""
    state = emulator.state()
    emulator.delete(state["events"][0]["Id"])
    emulator.delete(state["contacts"][0]["Id"])
    actions.retry_record(record_of(erased), now())
    actions.retry_failed(Connection.objects.get(), now())
    connected.connect()
    calls = len(emulator.requests())
    connected.drain(later(hours=1))
    assert emulator.state()["contacts"] == emulator.state()["events"] == []
    assert len(emulator.requests()) == calls
    assert record_of(erased).state == "skipped"


def test_a_change_that_the_crm_does_not_show_is_dropped(connected, emulator):
    booking = connected.book(EMAIL)
    connected.drain()
    connected.cancel(booking)
    erase(connected, booking)
    connected.drain()
    assert record_of(booking).state == "skipped"
    assert not emulator.state()["events"][0]["Subject"].startswith("[Cancelled]")


def test_what_a_crm_said_of_them_is_forgotten(connected, emulator):
    refusal = [{"errorCode": "INVALID_EMAIL_ADDRESS", "message": "she is of no fixed address"}]
    emulator.fault({"kind": "status", "status": 400, "body": refusal}, path="/composite$")
    booking = connected.book(EMAIL)
    connected.drain()
    told = columns_with("no fixed address")
    assert {"crm_syncattempt.error_message", "crm_syncattempt.exchanges", "crm_syncrecord.error_message"} == set(told)
    erase(connected, booking)
    assert columns_with("no fixed address", "grace") == {}
    attempt = SyncAttempt.objects.get()
    assert (attempt.error_code, attempt.outcome) == ("INVALID_EMAIL_ADDRESS", "failed")


def test_others_go_on(erased, connected, emulator):
    connected.book("ada@example.com", "Ada Lovelace")
    connected.drain()
    assert {contact["Email"] for contact in emulator.state()["contacts"]} == {EMAIL, "ada@example.com"}


def test_a_new_booking_of_somebody_erased_is_synced_like_any(erased, connected, emulator):
    connected.book(EMAIL)
    connected.drain()
    assert len(emulator.state()["contacts"]) == 1
    assert len(emulator.state()["events"]) == 2


def test_the_way_to_the_contacts_is_told_before(connected, emulator):
    first, second = connected.book(EMAIL), connected.book(EMAIL)
    connected.drain()
    (contact,) = contacts_of([first.pk, second.pk])
    assert contact.label == "Salesforce"
    assert emulator.state()["contacts"][0]["Id"] in contact.url


@pytest.mark.django_db(transaction=True)
def test_a_drain_under_way_does_not_write_them_down_again(connected, emulator):
    """It has the booking in its hands, and its answer is still on its way."""
    emulator.settings(latency_ms=1500)
    booking = connected.book(EMAIL)
    organisation = Organisation.objects.get()

    def drain() -> None:
        engine.drain(organisation.pk, now, lambda: False)
        connection.close()

    worker = threading.Thread(target=drain)
    worker.start()
    wait_until(lambda: emulator.in_flight()["count"], 10, "the request is on its way")
    erase(connected, booking)
    worker.join()
    assert columns_with("grace") == {}
    record = SyncRecord.objects.get()
    assert (record.state, record.remote, record.due_at) == ("skipped", {}, None)
    other = connected.book("ada@example.com", "Ada")
    emulator.settings(latency_ms=0)
    Organisation.objects.update(lease_until=now())  # that worker could not give its lease back; 20 s later it is over
    connected.drain()
    assert record_of(other).state == "synced"
