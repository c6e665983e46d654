"""What an organisation can take: who goes first, who waits, and whose fault it is."""

from datetime import timedelta

import pytest

from linktime.core.clock import now
from linktime.crm import actions, engine, registry, tasks
from linktime.crm.models import Organisation, SyncAttempt, SyncRecord
from linktime.crm.testing.looking import record_of, states
from tests import jobs
from tests.emulated import calls_of
from tests.installation import Installation

BROKEN = {"kind": "status", "status": 500, "body": [{"errorCode": "UNKNOWN_EXCEPTION", "message": "m"}]}
BUSY = {"kind": "status", "status": 503, "body": "busy"}


def organisation():
    return Organisation.objects.get()


@pytest.fixture
def one_at_a_time(monkeypatch):
    """A batch of one, so that the order of pushes can be seen."""
    provider = registry.provider("salesforce")
    from dataclasses import replace

    monkeypatch.setattr(type(provider), "manifest", replace(provider.manifest, batch=1))


def order():
    return [attempt.record.booking.invitee_email.split("@")[0] for attempt in SyncAttempt.objects.order_by("id")]


def drain_for(place, minutes, *, every=20):
    """Drain again and again while time goes by."""
    for seconds in range(0, minutes * 60, every):
        place.drain(lambda: now() + timedelta(seconds=seconds))  # noqa: B023 - used before the next one


def test_a_booking_that_breaks_the_crm_fails_alone(connected, emulator):
    """The others go on, new ones too, and after some minutes it is shown as failed with what the CRM said."""
    poison = connected.book("poison@example.com")
    others = [connected.book(f"invitee{n}@example.com") for n in range(4)]
    emulator.fault(BROKEN, path="/composite", body="poison@")
    drain_for(connected, 1, every=10)
    assert states(others) == ["synced"] * 4
    drain_for(connected, 30, every=60)
    assert states([poison]) == ["failed"]
    assert record_of(poison).error_message
    late = connected.book("late@example.com")
    connected.drain()
    assert states([late]) == ["synced"]


def test_an_outage_counts_against_no_booking(connected, emulator):
    """However long it lasts, nothing fails, and few calls are made; then everything is there at once."""
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(3)]
    emulator.fault(BUSY, path="/composite")
    calls = calls_of(emulator, lambda: drain_for(connected, 20))
    assert states(bookings) == ["pending"] * 3
    assert calls < 50
    assert all(record_of(booking).tries <= 1 for booking in bookings)
    emulator.clear_faults()
    connected.drain(lambda: now() + timedelta(hours=3))
    assert states(bookings) == ["synced"] * 3
    assert organisation().failures == 0


def test_after_five_failures_one_booking_at_a_time_is_tried(connected, emulator):
    """A good probe ends it, and makes everything due that waited."""
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(5)]
    Organisation.objects.update(failures=5)
    SyncRecord.objects.filter(booking=bookings[4]).update(due_at=now() + timedelta(hours=1), tries=3)
    emulator.fault({"kind": "delay", "seconds": 0}, path="/composite")
    pushed = []
    provider = type(registry.provider("salesforce"))
    original = provider.push

    def push(self, session, pushes):
        pushed.append(len(pushes))
        return original(self, session, pushes)

    from unittest import mock

    with mock.patch.object(provider, "push", push):
        connected.drain()
    assert pushed == [1, 4]
    assert states(bookings) == ["synced"] * 5


def test_a_booking_is_an_occasion_to_ask_again_after_a_long_outage(connected, emulator):
    connected.book("first@example.com")
    Organisation.objects.update(failures=60, retry_at=now() + timedelta(hours=1))
    connected.drain()
    assert emulator.state()["events"] == []
    connected.book("second@example.com")
    connected.drain()
    assert len(emulator.state()["events"]) == 2


@pytest.mark.parametrize(("used", "live", "retried"), [(790, True, True), (940, True, True), (960, False, True)])
def test_the_day_s_budget_stops_all_but_a_person_s_own_retry(connected, emulator, used, live, retried):
    """At 95 % a booking waits for room; the one somebody asks for goes all the same."""
    emulator.settings(daily_limit=1000, calls_of_others=used)
    connected.book("first@example.com")
    connected.drain()
    second = connected.book("second@example.com")
    connected.drain()
    assert (record_of(second).state == "synced") is live
    actions.retry_record(record_of(second), now())
    connected.drain()
    assert (record_of(second).state == "synced") is retried


def test_background_work_stops_at_80_percent_and_goes_on_when_there_is_room(connected, emulator):
    emulator.settings(daily_limit=1000, calls_of_others=850)
    connected.book("first@example.com")
    connected.drain()
    old = connected.book("old@example.com")
    SyncRecord.objects.filter(booking=old).update(urgency=SyncRecord.Urgency.BACKGROUND)
    connected.drain()
    assert states([old]) == ["pending"]
    emulator.settings(calls_of_others=100)
    connected.drain(lambda: now() + timedelta(minutes=16))
    assert states([old]) == ["synced"]


@pytest.mark.usefixtures("one_at_a_time")
def test_who_waits_for_it_goes_first_then_live_bookings_then_old_ones(connected):
    urgencies = {
        "old": SyncRecord.Urgency.BACKGROUND,
        "live": SyncRecord.Urgency.LIVE,
        "asked": SyncRecord.Urgency.PERSON,
    }
    for name, urgency in urgencies.items():
        booking = connected.book(f"{name}@example.com")
        SyncRecord.objects.filter(booking=booking).update(urgency=urgency)
    connected.drain()
    assert order() == ["asked", "live", "old"]


@pytest.mark.usefixtures("one_at_a_time")
def test_the_accounts_of_an_organisation_take_turns(connected, charlie, emulator):
    """A backlog of one does not keep the other waiting."""
    for n in range(3):
        connected.book(f"a{n}@example.com")
    other = Installation(charlie, emulator)
    other.connect()
    for n in range(3):
        other.book(f"c{n}@example.com")
    connected.drain()
    assert order() == ["a0", "c0", "a1", "c1", "a2", "c2"]


@pytest.mark.usefixtures("one_at_a_time")
def test_a_drain_that_gave_way_is_woken_again(connected, monkeypatch):
    monkeypatch.setattr(tasks, "others_wait", lambda *_queues: True)
    for n in range(2):
        connected.book(f"invitee{n}@example.com")
    tasks.drain(organisation_id=organisation().pk)
    assert len(jobs.waiting("tasks.drain")) == 1
    jobs.work("tasks.drain")
    assert jobs.waiting("tasks.drain") == []


@pytest.mark.usefixtures("one_at_a_time")
def test_a_drain_gives_way_after_each_batch_when_others_wait(connected):
    bookings = [connected.book(f"invitee{n}@example.com") for n in range(3)]
    engine.drain(organisation().pk, now, lambda: True)
    assert states(bookings) == ["synced", "pending", "pending"]
    engine.drain(organisation().pk, now, lambda: False)
    assert states(bookings) == ["synced"] * 3


def test_what_failed_for_the_same_reason_gets_a_new_chance_when_it_is_mended(connected, emulator):
    """Retrying one of them shows that somebody has changed the rule over there."""
    rule = {"object": "Contact", "field": "Phone", "kind": "required", "message": "We want a phone number."}
    emulator.settings(validation_rules=[rule])
    bookings = [connected.book(f"invitee{n}@example.com", f"Invitee N{n}") for n in range(3)]
    connected.drain()
    assert states(bookings) == ["failed"] * 3
    emulator.settings(validation_rules=[])
    actions.retry_record(record_of(bookings[1]), now())
    connected.drain()
    assert states(bookings) == ["synced"] * 3
