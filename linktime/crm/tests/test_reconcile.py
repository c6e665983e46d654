"""The nightly comparison: when it runs, what it leaves alone, what ends it, and what a person can do about it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection as database

from linktime.connections.models import Connection
from linktime.core import clock
from linktime.core.clock import now
from linktime.crm import actions, reconcile, registry, upkeep
from linktime.crm.lease import Lease
from linktime.crm.models import Drift, Organisation, Reconciliation, SyncRecord
from linktime.crm.testing.comparing import bring_back, compare, drifts
from tests import jobs


@pytest.fixture
def bookings(connected):
    made = [connected.book(f"invitee{n}@example.com", f"Invitee N{n}") for n in range(3)]
    connected.drain()
    return made


def delete_event(emulator, booking):
    emulator.delete(SyncRecord.objects.get(booking=booking).meeting_id)


def fresh(drift):
    return SyncRecord.objects.select_related("drift").get(pk=drift.record_id)


@pytest.mark.parametrize(
    ("zone", "spread", "night"),
    [
        ("UTC", 0, "2026-11-24T01:00:00+00:00"),
        ("UTC", 90, "2026-11-24T02:30:00+00:00"),
        ("UTC", 240, "2026-11-24T01:00:00+00:00"),
        ("America/New_York", 0, "2026-11-24T06:00:00+00:00"),
        ("Asia/Tokyo", 0, "2026-11-23T16:00:00+00:00"),
    ],
)
def test_a_night_is_between_one_and_five_where_somebody_connected(zone, spread, night):
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert reconcile.next_night(monday, ZoneInfo(zone), spread).astimezone(UTC).isoformat() == night


def test_this_night_is_not_over_before_its_moment():
    early = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    assert reconcile.next_night(early, ZoneInfo("UTC"), 0) == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_every_connection_has_its_time_of_the_night(connected):
    upkeep.plan_nights(0)
    planned = Reconciliation.objects.get()
    assert timedelta() < planned.due_at - now() < timedelta(hours=24)
    local = planned.due_at.astimezone(ZoneInfo(connected.host.user.time_zone))
    assert 1 <= local.hour < 5
    upkeep.plan_nights(0)
    assert Reconciliation.objects.get().due_at == planned.due_at


@pytest.mark.django_db(transaction=True)
def test_a_comparison_is_done_by_a_worker_when_it_is_due(connected, bookings, emulator, monkeypatch):
    monkeypatch.setattr(upkeep, "others_wait", lambda *_: False)
    delete_event(emulator, bookings[1])
    upkeep.go_on(0)
    assert jobs.waiting("upkeep.compare") == []
    upkeep.compare_now(connected.connection, now())
    assert jobs.work("upkeep.compare") == 1
    assert [drift.record.booking for drift in drifts()] == [bookings[1]]
    done = Reconciliation.objects.get()
    assert done.due_at > now()
    assert done.compared_at is not None
    upkeep.go_on(0)
    assert jobs.waiting("upkeep.compare") == []


@pytest.mark.parametrize(
    "organisation",
    [{"retry_at": 60}, {"live_from": 60}, {"background_from": 60}],
    ids=lambda columns: next(iter(columns)),
)
def test_it_waits_while_the_organisation_takes_no_background_work(connected, bookings, organisation):
    upkeep.compare_now(connected.connection, now())
    Organisation.objects.update(**{name: now() + timedelta(seconds=after) for name, after in organisation.items()})
    upkeep.go_on(0)
    assert jobs.waiting("upkeep.compare") == []
    Organisation.objects.update(**dict.fromkeys(organisation, now()))
    upkeep.go_on(0)
    assert len(jobs.waiting("upkeep.compare")) == 1


@pytest.mark.parametrize("state", ["paused", "needs_reconnect", "disconnected"])
def test_what_does_not_work_is_not_compared(connected, bookings, state):
    upkeep.compare_now(connected.connection, now())
    Connection.objects.update(state=state)
    upkeep.go_on(0)
    upkeep.plan_nights(0)
    assert jobs.waiting("upkeep.compare") == []


def test_only_recent_bookings_are_compared(connected, bookings):
    """Those synced in the last 30 days, or that begin in the next."""
    old, starting, changed = bookings
    month = timedelta(days=31)
    SyncRecord.objects.filter(booking__in=(old, starting)).update(synced_at=now() - month)
    type(old).objects.filter(pk=old.pk).update(start=now() - month, end=now() - month)
    found = reconcile.recent(connected.connection, now())
    assert {record.booking_id for record in found} == {starting.pk, changed.pk}


def test_what_is_not_synced_is_not_compared(connected, bookings):
    for booking, state in zip(bookings, ("pending", "failed", "skipped"), strict=True):
        SyncRecord.objects.filter(booking=booking).update(state=state)
    assert not reconcile.recent(connected.connection, now()).exists()


def test_many_old_bookings_cost_nothing(connected, bookings):
    """Neither half of the question reads a whole table."""
    with database.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = reconcile.recent(connected.connection, now()).filter(pk__gt=0).order_by("pk")[:200].explain()
    assert "Seq Scan" not in plan


def test_it_goes_on_where_it_stopped(connected, bookings, emulator, monkeypatch):
    monkeypatch.setattr(reconcile, "PAGE", 1)
    for booking in bookings:
        delete_event(emulator, booking)
    calls = emulator.api_calls()
    first = compare(connected, give_way=lambda: True)
    assert (len(drifts()), emulator.api_calls() - calls, first.compared_at) == (1, 1, None)
    second = compare(connected)
    assert (len(drifts()), emulator.api_calls() - calls) == (3, 3)
    assert (second.reached, second.compared_at is not None) == (0, True)


def test_a_booking_does_not_wait_for_it(connected, bookings, emulator, monkeypatch):
    """As soon as something is due, the comparison ends and wakes its drain."""
    monkeypatch.setattr(reconcile, "PAGE", 1)
    reconcile.plan(connected.connection, now())
    provider = type(registry.provider("salesforce"))
    original = provider.read_back

    def read_back(self, session, pushes):
        connected.book("live@example.com")
        return original(self, session, pushes)

    monkeypatch.setattr(provider, "read_back", read_back)
    upkeep.compare(reconciliation_id=Reconciliation.objects.get().pk)
    assert Reconciliation.objects.get().reached == SyncRecord.objects.get(booking=bookings[0]).pk
    assert len(jobs.waiting("tasks.drain")) == 1


def test_what_one_answer_told_is_kept_whoever_waits(connected, bookings, emulator):
    """A busy installation compares all the same."""
    calls = emulator.api_calls()
    compare(connected, give_way=lambda: True)
    assert Reconciliation.objects.get().reached == max(SyncRecord.objects.values_list("pk", flat=True))
    assert emulator.api_calls() - calls == 1


def test_it_leaves_an_organisation_that_is_drained(connected, bookings, emulator):
    reconcile.plan(connected.connection, now())
    calls = emulator.api_calls()
    with Lease.take(Organisation.objects.get().pk):
        upkeep.compare(reconciliation_id=Reconciliation.objects.get().pk)
    assert emulator.api_calls() == calls


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "drop"}, "answer_lost"),
        ({"kind": "status", "status": 503, "body": "busy"}, "HTTP_503"),
        ({"kind": "status", "status": 200, "body": {"totalSize": 0, "done": True}}, "unreadable"),
    ],
)
def test_a_look_up_that_failed_is_an_error_and_finds_nothing_deleted(connected, bookings, emulator, fault, code):
    emulator.fault(fault, path="/queryAll")
    failed = compare(connected)
    assert drifts() == []
    assert (failed.error_code, failed.compared_at) == (code, None)
    assert timedelta(minutes=10) < failed.due_at - now() < timedelta(minutes=20)
    emulator.clear_faults()
    assert compare(connected).error_code == ""


def test_what_only_a_person_can_mend_waits_for_the_next_night(connected, bookings, emulator):
    emulator.settings(hidden_fields=["Event.Description"])
    failed = compare(connected)
    assert (failed.error_code, drifts()) == ("INVALID_FIELD", [])
    assert failed.due_at - now() > timedelta(hours=1) or 1 <= failed.due_at.hour < 5


def test_a_dead_grant_is_told_once(connected, bookings, emulator):
    emulator.revoke()
    assert compare(connected).error_code == "invalid_grant"
    connected.connection.refresh_from_db()
    assert connected.connection.state == Connection.State.NEEDS_RECONNECT


def test_a_fault_of_ours_ends_it_for_the_night(connected, bookings, monkeypatch):
    monkeypatch.setattr(type(registry.provider("salesforce")), "read_back", lambda *_: 1 / 0)
    assert compare(connected).error_code == "internal"


def test_a_budget_that_is_nearly_used_ends_it(connected, bookings, emulator, monkeypatch):
    monkeypatch.setattr(reconcile, "PAGE", 1)
    emulator.settings(daily_limit=1000, calls_of_others=850)
    calls = emulator.api_calls()
    stopped = compare(connected)
    assert emulator.api_calls() - calls == 1
    assert stopped.due_at > now()
    assert Organisation.objects.get().background_from > now()
    assert Organisation.objects.get().live_from is None


def test_what_was_synced_since_has_drifted_no_more(connected, bookings, emulator):
    delete_event(emulator, bookings[0])
    compare(connected)
    assert len(drifts()) == 1
    connected.move(bookings[0])
    assert drifts() == []
    connected.drain()
    assert drifts() == []
    compare(connected)
    assert not Drift.objects.exists()


def test_what_was_put_right_over_there_has_drifted_no_more(connected, bookings, emulator):
    event = SyncRecord.objects.get(booking=bookings[0]).meeting_id
    emulator.update(event, Subject="Lunch")
    compare(connected)
    emulator.update(event, Subject="Intro call with Invitee N0")
    compare(connected)
    assert not Drift.objects.exists()


def test_what_has_changed_since_is_not_brought_back(connected, bookings, emulator):
    delete_event(emulator, bookings[0])
    compare(connected)
    (drift,) = drifts()
    connected.move(bookings[0])
    with pytest.raises(reconcile.NothingToBringBack):
        reconcile.bring_back(fresh(drift), now())
    connected.drain()
    with pytest.raises(reconcile.NothingToBringBack):
        reconcile.bring_back(fresh(drift), now())
    assert len(emulator.state()["events"]) == 3


def test_it_is_brought_back_once(connected, bookings, emulator):
    delete_event(emulator, bookings[0])
    compare(connected)
    (drift,) = drifts()
    as_two_people_see_it = fresh(drift), fresh(drift)
    reconcile.bring_back(as_two_people_see_it[0], now())
    with pytest.raises(reconcile.NothingToBringBack):
        reconcile.bring_back(as_two_people_see_it[1], now())
    connected.drain()
    assert len(emulator.state()["events"]) == 3
    assert drifts() == []


def test_what_people_wrote_is_not_brought_back(connected, bookings, emulator):
    emulator.update(SyncRecord.objects.get(booking=bookings[0]).meeting_id, Subject="Lunch")
    compare(connected)
    (drift,) = drifts()
    with pytest.raises(reconcile.NothingToBringBack):
        reconcile.bring_back(fresh(drift), now())


def test_bringing_back_survives_an_answer_that_is_lost(connected, bookings, emulator):
    """The ordinary look-up finds what arrived: never twice."""
    delete_event(emulator, bookings[0])
    compare(connected)
    (drift,) = drifts()
    emulator.fault({"kind": "commit_then_drop"}, path="/composite", times=1)
    bring_back(connected, drift)
    connected.drain(lambda: now() + timedelta(minutes=2))
    assert len(emulator.state()["events"]) == 3
    assert SyncRecord.objects.get(booking=bookings[0]).state == "synced"


def test_it_goes_before_all_else(connected, bookings, emulator):
    delete_event(emulator, bookings[0])
    compare(connected)
    (drift,) = drifts()
    reconcile.bring_back(fresh(drift), clock.now())
    assert SyncRecord.objects.get(booking=bookings[0]).urgency == SyncRecord.Urgency.PERSON
    assert len(jobs.waiting("tasks.drain")) <= 1
    assert actions.organisation_of(connected.connection).records.filter(state="pending").count() == 1
