"""Forgetting an invitee: nothing says any more who it was, and the meeting stays."""

from datetime import timedelta

import pytest

from linktime.bookings import actions, erasure
from linktime.bookings.events import BookingsErased, InviteeErased
from linktime.bookings.models import Booking, BookingChange
from linktime.bookings.tasks import forget_invitees
from linktime.core import events
from linktime.core.errors import Invalid
from tests.people import NOW, make_event_type
from tests.rows import columns_with

LATER = NOW + timedelta(days=30)
GRACE = {
    "name": "Grace Hopper",
    "email": "Grace.O'Brien@Example.com",
    "phone": "+442071234567",
    "time_zone": "America/New_York",
    "locale": "en-GB",
    "notes": "my cat is ill",
}
EMAIL = "grace.o'brien@example.com"
TRACES = ("grace", "hopper", "brien", "2071234567", "cat is ill", "changed my mind", "america/new_york")


@pytest.fixture
def told(monkeypatch):
    """The events of erasing, and nobody reacting to them."""
    seen = []
    for kind in (BookingsErased, InviteeErased):
        monkeypatch.setitem(events._subscribers, kind, [seen.append])
    return seen


@pytest.fixture
def book(event_type):
    def book(day=24, hour=10, guests=(), account=None, **details):
        start = NOW.replace(day=day, hour=hour)
        grace = actions.InviteeDetails(**GRACE | details)
        kind = account or event_type
        return actions.book(
            kind, start=start, duration=None, invitee=grace, guests=list(guests), answers={}, now=NOW
        )  # fmt: skip

    return book


def test_nothing_says_any_more_who_it_was(book, alice):
    booking = book(guests=["guest@example.com"])
    actions.cancel(booking, reason="I changed my mind", now=NOW)
    assert columns_with("brien", "cat is ill", "changed my mind")
    known = erasure.erase_invitee(alice.account, EMAIL, LATER)
    assert (known.bookings, known.guest_of) == ((booking.pk,), 0)
    assert columns_with(*TRACES, "guest@example.com") == {}
    kept = Booking.objects.get()
    assert (kept.invitee_name, kept.erased_at, kept.uid) == ("Erased invitee", LATER, booking.uid)
    assert (kept.title, kept.start, kept.status, kept.revision) == ("Intro call", booking.start, "cancelled", 2)


def test_whoever_keeps_more_of_it_is_told(book, alice, told):
    booking = book()
    erasure.erase_invitee(alice.account, GRACE["email"], LATER)
    assert told == [BookingsErased(ids=(booking.pk,), at=LATER), InviteeErased(account=alice.account, email=EMAIL)]


def test_a_phone_number_in_the_place_is_erased_too(book, alice, event_type):
    event_type.location = {"kind": "phone", "value": ""}
    event_type.save()
    assert "2071234567" in book().location
    erasure.erase_invitee(alice.account, EMAIL, LATER)
    assert columns_with("2071234567") == {}


def test_a_meeting_that_lies_ahead_is_cancelled_first(book, alice):
    booking = book()
    with pytest.raises(erasure.StillAhead, match="A meeting with this invitee lies ahead") as refused:
        erasure.erase_invitee(alice.account, EMAIL, NOW)
    assert refused.value.code == "meeting_ahead"
    assert Booking.objects.get().invitee_email == GRACE["email"]
    actions.cancel(booking, reason="", now=NOW)
    assert erasure.erase_invitee(alice.account, EMAIL, NOW).bookings == (booking.pk,)


def test_everybody_else_stays(book, alice, charlie):
    other = book(hour=11, email="ada@example.com", name="Ada Lovelace")
    strangers = book(account=make_event_type(charlie))
    mine = book()
    assert erasure.erase_invitee(alice.account, EMAIL, LATER).bookings == (mine.pk,)
    kept = Booking.objects.filter(erased_at=None).order_by("pk")
    assert [booking.pk for booking in kept] == [other.pk, strangers.pk]
    assert {booking.invitee_phone for booking in kept} == {GRACE["phone"]}


def test_a_guest_is_taken_out_of_others_bookings(book, alice):
    other = book(email="ada@example.com", name="Ada", guests=["x@example.com", "GRACE.o'brien@example.com"])
    assert erasure.look(alice.account, EMAIL, NOW) == erasure.Known(EMAIL, (), 0, 1)
    assert erasure.erase_invitee(alice.account, EMAIL, NOW).guest_of == 1
    other.refresh_from_db()
    assert (other.guests, other.invitee_name, other.erased_at) == (["x@example.com"], "Ada", None)


def test_a_look_says_what_is_known(book, alice):
    booking, second = book(), book(hour=11)
    actions.cancel(booking, reason="", now=NOW)
    known = erasure.look(alice.account, EMAIL, NOW)
    assert (sorted(known.bookings), known.ahead, known.guest_of) == ([booking.pk, second.pk], 1, 0)
    assert erasure.look(alice.account, "nobody@example.com", NOW).nothing


def test_erasing_twice_finds_nothing_the_second_time(book, alice):
    book()
    erasure.erase_invitee(alice.account, EMAIL, LATER)
    assert erasure.erase_invitee(alice.account, EMAIL, LATER).nothing


@pytest.mark.parametrize("email", ["", "grace", "a@b@c", "grace@example.com\n"[:5]])
def test_what_is_no_address_is_told_at_its_field(alice, email):
    with pytest.raises(Invalid) as refused:
        erasure.look(alice.account, email, NOW)
    assert refused.value.faults[0].field == "email"


def test_old_meetings_forget_their_invitees_by_themselves(book, settings, monkeypatch):
    monkeypatch.setattr(erasure, "AT_ONCE", 2)
    old = [book(day=24, hour=hour) for hour in (9, 10, 11)]
    young = book(day=30)
    assert erasure.erase_old(7, NOW.replace(day=30)) == 0
    assert erasure.erase_old(7, old[-1].end + timedelta(days=7, seconds=1)) == 3
    assert list(Booking.objects.filter(erased_at=None)) == [young]
    assert BookingChange.objects.count() == 4


@pytest.mark.parametrize(("days", "left"), [(0, 1), (7, 0)])
def test_only_an_operator_who_wants_it_has_them_forgotten(book, settings, monkeypatch, days, left):
    book()
    monkeypatch.setattr("linktime.bookings.tasks.clock.now", lambda: NOW + timedelta(days=400))
    settings.INVITEE_RETENTION_DAYS = days
    forget_invitees.func(0)
    assert Booking.objects.filter(erased_at=None).count() == left
