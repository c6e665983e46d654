"""Booking a slot: what is kept, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linktime.bookings.actions import NotBookable, SlotTaken
from linktime.bookings.models import Booking, BookingHost
from linktime.core import events
from linktime.core.errors import Invalid, NotFound
from linktime.scheduling.models import EventType
from tests.people import NOW, give_hosts, make_event_type

from .making import GRACE, HALF_AN_HOUR, MONDAY_NINE, faults, take


def test_a_booking_takes_the_hosts_time(event_type, published):
    """A booking, its host's time and the first step of its history are written and told together."""
    booking = Booking.objects.get(pk=take(event_type).pk)
    assert (booking.start, booking.end) == (MONDAY_NINE, MONDAY_NINE + HALF_AN_HOUR)
    assert (booking.status, booking.revision, booking.title) == ("confirmed", 1, "Intro call")
    assert booking.account == event_type.account
    row = booking.booking_hosts.get()
    assert (row.host, row.active, row.occasion) == (event_type.host, True, booking.occasion)
    assert (row.during.lower, row.during.upper) == (booking.start, booking.end)
    change = booking.changes.get()
    assert (change.kind, change.revision, change.at, change.previous_start) == ("booked", 1, NOW, None)
    assert published == [change]


def test_a_booking_costs_few_queries(event_type, published):
    """The hosts' lock, their places, their absences, what is taken, and three inserts: nothing grows."""
    event_type = EventType.objects.select_related("schedule").get(pk=event_type.pk)
    with CaptureQueriesContext(connection) as queries:
        take(event_type)
    statements = [query["sql"].split()[0] for query in queries]
    assert statements == ["SAVEPOINT", *["SELECT"] * 4, *["INSERT"] * 3, "RELEASE"]


def test_a_subscriber_that_fails_undoes_the_booking(event_type, published, monkeypatch):
    """Telling others is part of the booking: without it there is none."""

    def fail(event):
        raise RuntimeError

    monkeypatch.setitem(events._subscribers, type_of_change(), [fail])
    with pytest.raises(RuntimeError):
        take(event_type)
    assert not Booking.objects.exists()


def type_of_change():
    return next(kind for kind in events._subscribers if kind.__name__ == "BookingChanged")


def test_the_same_invitee_may_book_twice(event_type):
    """Two bookings of one invitee are two meetings."""
    first, second = take(event_type), take(event_type, MONDAY_NINE + HALF_AN_HOUR)
    assert first.uid != second.uid


def test_a_taken_slot_names_the_next_three(event_type):
    """Who comes second is offered what is free next."""
    take(event_type)
    take(event_type, MONDAY_NINE + 2 * HALF_AN_HOUR)
    with pytest.raises(SlotTaken) as caught:
        take(event_type)
    assert [slot.start for slot in caught.value.alternatives] == [
        MONDAY_NINE + step * HALF_AN_HOUR for step in (1, 3, 4)
    ]
    assert caught.value.code == "slot_taken"
    assert Booking.objects.count() == 2


def test_a_host_is_in_one_place_across_event_types_and_accounts(alice, charlie, event_type):
    """A host who works for two accounts has one life."""
    other = make_event_type(charlie)
    give_hosts(other, alice.user)
    take(event_type)
    with pytest.raises(SlotTaken):
        take(other)


def test_the_constraint_is_the_backstop(event_type, monkeypatch):
    """When the check fails to see a booking, the database refuses the second one, and it reads the same."""
    take(event_type)
    monkeypatch.setattr("linktime.bookings.taken.by_host", lambda _, host_ids, **__: {each: [] for each in host_ids})
    with pytest.raises(SlotTaken) as caught:
        take(event_type)
    assert len(caught.value.alternatives) == 3
    assert BookingHost.objects.count() == Booking.objects.count() == 1


def test_the_longer_meeting_can_be_chosen(alice):
    """An event type with several lengths is booked for one of them, by default its first."""
    event_type = make_event_type(alice, durations=[30, 60])
    assert take(event_type).minutes == 30
    assert take(event_type, MONDAY_NINE + HALF_AN_HOUR * 2, duration=60).minutes == 60
    with pytest.raises(Invalid) as caught:
        take(event_type, duration=45)
    assert faults(caught) == {("duration", "not_an_option")}


STARTS = {
    "in_the_past": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    "outside_window": datetime(2027, 11, 29, 9, 0, tzinfo=UTC),
    "not_on_offer": MONDAY_NINE + timedelta(minutes=10),
    "too_soon": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
}


@pytest.mark.parametrize("code", STARTS)
def test_a_start_that_nobody_offers(alice, code):
    """A time outside the rules is a fault of the request, and says which rule."""
    event_type = make_event_type(alice, minimum_notice=120)
    with pytest.raises(Invalid) as caught:
        take(event_type, STARTS[code])
    assert faults(caught) == {("start", code)}


@pytest.mark.parametrize("start", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_the_calendar_are_refused(event_type, start):
    """The first and the last instant there are end in a fault, not in an overflow."""
    with pytest.raises(Invalid):
        take(event_type, start)


def test_seconds_are_not_rounded(event_type):
    """A start a moment off the grid is not on offer."""
    with pytest.raises(Invalid):
        take(event_type, MONDAY_NINE + timedelta(seconds=1))


def test_a_time_in_the_dst_gap_is_not_on_offer(alice):
    """29 March 2026 01:30 does not exist in London; the instant is 02:30, after the hours."""
    event_type = make_event_type(alice)
    event_type.schedule.weekly = [{"days": ["sun"], "start": "00:00", "end": "01:00"}]
    event_type.schedule.save()
    now = datetime(2026, 3, 20, tzinfo=UTC)
    take(event_type, datetime(2026, 3, 29, 0, 30, tzinfo=UTC), now=now)
    with pytest.raises(Invalid):
        take(event_type, datetime(2026, 3, 29, 1, 30, tzinfo=UTC), now=now)


def test_every_fault_is_told_at_once(event_type):
    """Nothing is kept of a request with faults, and nobody has to send it twice to hear them all."""
    wrong = replace(GRACE, name="", email="not an address", phone="12", time_zone="Mars/Olympus", locale="???")
    with pytest.raises(Invalid) as caught:
        take(event_type, NOW - HALF_AN_HOUR, invitee=wrong, guests=["grace@", "ok@example.com"], answers={"x": 1})
    assert faults(caught) == {
        ("invitee.name", "required"),
        ("invitee.email", "invalid_email"),
        ("invitee.phone", "invalid_phone"),
        ("invitee.time_zone", "unknown_time_zone"),
        ("invitee.locale", "invalid_locale"),
        ("guests.0", "invalid_email"),
        ("answers.x", "unknown_field"),
        ("start", "in_the_past"),
    }
    assert not Booking.objects.exists()


def test_an_inactive_event_type_takes_no_bookings(alice):
    """Somebody with an old link hears that it is switched off."""
    with pytest.raises(NotBookable):
        take(make_event_type(alice, active=False))


def test_the_event_type_is_read_again_under_the_lock(event_type, bob):
    """What the host has changed since the page was drawn counts."""
    stale = EventType.objects.select_related("schedule").get(pk=event_type.pk)
    EventType.objects.update(minimum_notice=30 * 24 * 60)
    with pytest.raises(Invalid):
        take(stale)
    EventType.objects.update(minimum_notice=0)
    give_hosts(event_type, bob.user)
    assert take(stale).booking_hosts.get().host == bob.user
    Booking.objects.all().delete()
    EventType.objects.update(active=False)
    with pytest.raises(NotBookable):
        take(stale)
    EventType.objects.all().delete()
    with pytest.raises(NotFound):
        take(stale)


def test_title_and_place_are_those_of_the_time_of_booking(alice):
    """What the host changes later does not rewrite what was agreed."""
    event_type = make_event_type(alice, location={"kind": "in_person", "value": "12 St James's Square"})
    booking = take(event_type)
    EventType.objects.update(title="Other", location={})
    booking.refresh_from_db()
    assert (booking.title, booking.location) == ("Intro call", "12 St James's Square")


def test_a_phone_call_needs_a_number(alice):
    """Who is to be called says where."""
    event_type = make_event_type(alice, location={"kind": "phone", "value": ""})
    with pytest.raises(Invalid) as caught:
        take(event_type)
    assert faults(caught) == {("invitee.phone", "required")}
    booking = take(event_type, invitee=replace(GRACE, phone="(202) 555-0123"))
    assert (booking.invitee_phone, booking.location) == ("+12025550123", "Phone call: +12025550123")


def test_a_phone_call_to_the_hosts_number(alice):
    """Where the host gives a number, the invitee calls it and need not have one."""
    event_type = make_event_type(alice, location={"kind": "phone", "value": "+44 20 7946 0958"})
    assert take(event_type).location == "Phone call: +44 20 7946 0958"
