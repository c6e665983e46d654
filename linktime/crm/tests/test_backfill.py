"""Bookings made before a connection reach its CRM, once, behind live ones; and can be stopped."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from linktime.core.clock import now
from linktime.core.errors import Invalid
from linktime.crm import backfill, claim, upkeep
from linktime.crm.lease import Lease
from linktime.crm.models import Backfill, Organisation, SyncAttempt, SyncRecord
from tests import jobs

YEAR = timedelta(days=365)


@pytest.fixture
def earlier(installation):
    """Bookings of a time when nothing was connected: one as it was made, one moved, one cancelled."""
    made, moved, cancelled = (installation.book(f"invitee{n}@example.com", f"Invitee N{n}") for n in range(3))
    installation.move(moved)
    installation.cancel(cancelled)
    installation.connect()
    return [made, moved, cancelled]


def begin(place, **times):
    values = {"since": now() - YEAR, "until": now() + YEAR} | times
    return backfill.begin(place.connection, user=None, now=now(), **values)


def filled(place, **times):
    begun = begin(place, **times)
    while backfill.fill(begun, now()):
        pass
    begun.refresh_from_db()
    return begun


def progress(begun):
    found = backfill.progress(begun, now())
    return found.total, found.synced, found.failed, found.waiting


def test_bookings_made_before_the_connection_are_brought_as_they_are_now(installation, earlier, emulator):
    begun = filled(installation)
    assert progress(begun) == (3, 0, 0, 3)
    assert {record.urgency for record in SyncRecord.objects.all()} == {SyncRecord.Urgency.BACKGROUND}
    installation.drain()
    subjects = sorted(event["Subject"] for event in emulator.state()["events"])
    assert subjects == [
        "Intro call with Invitee N0",
        "Intro call with Invitee N1",
        "[Cancelled] Intro call with Invitee N2",
    ]
    assert progress(begun) == (3, 3, 0, 0)
    assert not backfill.progress(begun, now()).running


def test_a_second_backfill_makes_nothing_twice(installation, earlier, emulator):
    live = installation.book("live@example.com")
    filled(installation)
    installation.drain()
    calls = emulator.api_calls()
    again = filled(installation)
    assert progress(again) == (0, 0, 0, 0)
    installation.drain()
    assert emulator.api_calls() == calls
    assert len(emulator.state()["events"]) == 4
    assert SyncRecord.objects.get(booking=live).backfill is None


def test_only_the_bookings_of_that_time_are_brought(installation, earlier):
    made, moved, cancelled = earlier
    for booking in earlier:
        booking.refresh_from_db()
    filled(installation, since=made.start, until=moved.start)
    assert {record.booking_id for record in SyncRecord.objects.all()} == {made.pk, cancelled.pk}


def test_an_end_before_the_start_is_refused(installation, earlier):
    with pytest.raises(Invalid) as refused:
        begin(installation, since=now(), until=now() - YEAR)
    assert refused.value.faults[0].field == "to"


def test_bookings_of_others_are_left(installation, earlier, charlie, emulator):
    from tests.installation import Installation

    other = Installation(charlie, emulator)
    other.book("stranger@example.com")
    filled(installation)
    assert SyncRecord.objects.count() == 3


def test_it_goes_bit_by_bit_the_latest_first(installation, earlier, monkeypatch):
    """Also where many begin at the same moment."""
    monkeypatch.setattr(backfill, "AT_A_TIME", 2)
    begun = begin(installation)
    assert backfill.fill(begun, now())
    starts = sorted(booking.start for booking in type(earlier[0]).objects.all())
    assert [record.booking.start for record in SyncRecord.objects.order_by("id")] == starts[:0:-1]
    assert backfill.fill(begun, now())
    assert not backfill.fill(begun, now())
    begun.refresh_from_db()
    assert (begun.state, begun.total) == ("filled", 3)


def test_many_bookings_take_few_queries(installation, earlier, django_assert_max_num_queries):
    begun = begin(installation)
    with django_assert_max_num_queries(16):
        backfill.fill(begun, now())


def test_live_bookings_pass_a_backfill(installation, earlier, emulator):
    filled(installation)
    live = installation.book("live@example.com")
    installation.drain()
    first = SyncAttempt.objects.order_by("id").first()
    assert first.record.booking == live


def test_a_change_of_a_booking_that_is_being_brought_is_not_lost(installation, earlier, emulator):
    filled(installation)
    installation.move(earlier[0])
    record = SyncRecord.objects.get(booking=earlier[0])
    assert (record.wanted_revision, record.urgency) == (2, SyncRecord.Urgency.LIVE)
    installation.drain()
    assert SyncRecord.objects.get(booking=earlier[0]).shown_revision == 2


def test_only_one_is_looking_for_bookings_at_a_time(installation, earlier):
    begun = begin(installation)
    with pytest.raises(backfill.UnderWay):
        begin(installation)
    backfill.fill(begun, now())
    backfill.fill(begun, now())
    begin(installation)


def test_what_was_not_begun_is_forgotten_when_it_is_stopped(installation, earlier, emulator, monkeypatch):
    """What has arrived stays, and a later backfill brings the rest."""
    begun = filled(installation)
    rows = SyncRecord.objects.filter(booking__in=earlier[1:])
    rows.update(due_at=now() + timedelta(hours=1))
    installation.drain()
    assert backfill.stop(begun)
    begun.refresh_from_db()
    with pytest.raises(backfill.UnderWay):
        begin(installation)
    assert backfill.forget(begun)
    begun.refresh_from_db()
    assert (begun.state, progress(begun)) == ("stopped", (1, 1, 0, 0))
    assert not backfill.stop(begun)
    filled(installation)
    installation.drain()
    assert len(emulator.state()["events"]) == 3


def test_nothing_is_forgotten_while_a_drain_may_have_it_in_hand(installation, earlier, emulator):
    begun = filled(installation)
    with Lease.take(Organisation.objects.get().pk):
        backfill.stop(begun)
        begun.refresh_from_db()
        assert not backfill.forget(begun)
        assert SyncRecord.objects.count() == 3
    assert backfill.forget(begun)
    assert SyncRecord.objects.count() == 0


def test_a_drain_that_began_later_is_not_waited_for(installation, earlier):
    """It can't have taken what is not due."""
    begun = filled(installation)
    backfill.stop(begun)
    begun.refresh_from_db()
    with Lease.take(Organisation.objects.get().pk):
        assert backfill.forget(begun)
    assert SyncRecord.objects.count() == 0


def test_what_is_on_its_way_arrives(installation, earlier, emulator):
    """A record whose create went out is not forgotten, nor one that a change has just made due."""
    begun = filled(installation)
    sent = {"at": now().isoformat(), "revision": 1, "values": {}}
    SyncRecord.objects.filter(booking=earlier[0]).update(attempt=sent)
    backfill.stop(begun)
    installation.cancel(earlier[1])
    begun.refresh_from_db()
    backfill.forget(begun)
    assert {record.booking_id for record in SyncRecord.objects.all()} == {earlier[0].pk, earlier[1].pk}


def test_stopped_while_it_looks_for_bookings(installation, earlier):
    begun = begin(installation)
    assert backfill.stop(begun)
    assert not backfill.fill(begun, now())
    begun.refresh_from_db()
    backfill.forget(begun)
    assert SyncRecord.objects.count() == 0


def test_it_waits_while_the_crm_is_disconnected(installation, earlier):
    begun = begin(installation)
    type(installation.connection).objects.update(state="disconnected")
    assert not backfill.fill(begun, now())
    upkeep.go_on(0)
    assert jobs.waiting("upkeep.backfill") == []
    installation.connect()
    upkeep.go_on(0)
    assert jobs.work("upkeep.backfill") == 1
    begun.refresh_from_db()
    assert (begun.state, SyncRecord.objects.count()) == ("filled", 3)


def test_a_lost_wake_up_costs_seconds(installation, earlier):
    begun = begin(installation)
    upkeep.go_on(0)
    assert jobs.work("upkeep.backfill") == 1
    begun.refresh_from_db()
    assert begun.state == Backfill.State.FILLED
    backfill.stop(begun)
    upkeep.go_on(0)
    jobs.work("upkeep.backfill")
    begun.refresh_from_db()
    assert begun.state == Backfill.State.STOPPED


def test_a_booking_that_fails_is_counted_as_failed(installation, earlier, emulator):
    rule = {"object": "Event", "field": "Location", "kind": "required", "message": "Say where."}
    emulator.settings(validation_rules=[rule])
    begun = filled(installation)
    installation.drain()
    assert progress(begun) == (3, 0, 3, 0)


def test_the_pace_is_what_was_synced_in_the_last_minute(installation, earlier):
    begun = filled(installation)
    assert backfill.progress(begun, now()).minutes_left is None
    installation.drain()
    found = backfill.progress(begun, begun.started_at + timedelta(seconds=30))
    assert (found.a_minute, found.pace, found.minutes_left) == (3, 6, 0)
    begun.total = 15
    found = backfill.progress(begun, begun.started_at + timedelta(seconds=30))
    assert found.minutes_left == 2
    assert backfill.progress(begun, now() + timedelta(minutes=2)).a_minute == 0


def test_the_budget_of_the_day_stops_a_backfill_first(installation, earlier, emulator):
    emulator.settings(daily_limit=1000, calls_of_others=850)
    installation.book("live@example.com")
    installation.drain()
    filled(installation)
    installation.drain()
    assert SyncRecord.objects.filter(state="pending", backfill__isnull=False).exists()
    assert not claim.more_is_due(Organisation.objects.get().pk, now())
    emulator.settings(calls_of_others=0)
    installation.drain(lambda: now() + timedelta(minutes=16))
    assert not SyncRecord.objects.filter(state="pending").exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_in_the_same_moment_finds_its_record(installation, earlier):
    """It waits until the record is there; else the record would want less than the booking is."""
    begun, found = begin(installation), threading.Event()

    def fill():
        with transaction.atomic():
            backfill.fill(begun, now())
            found.set()
            time.sleep(0.5)
        connection.close()

    filling = threading.Thread(target=fill)
    filling.start()
    assert found.wait(10)
    installation.cancel(earlier[0])
    filling.join()
    assert SyncRecord.objects.get(booking=earlier[0]).wanted_revision == 2
