"""Cancelling a booking."""

from datetime import timedelta

import pytest

from linktime.bookings.actions import AlreadyCancelled, AlreadyOver, cancel, reschedule
from linktime.bookings.models import Booking
from linktime.core.errors import Invalid
from tests.people import NOW

from .making import MONDAY_NINE, faults, take


def test_a_cancelled_booking_frees_its_time(event_type, published):
    """It stays as history, with its reason, and somebody else can have the slot."""
    booking = take(event_type)
    assert cancel(booking, reason="Ill", now=NOW).cancelled
    booking.refresh_from_db()
    assert (booking.status, booking.revision) == ("cancelled", 2)
    assert not booking.booking_hosts.get().active
    change = booking.changes.last()
    assert (change.kind, change.revision, change.reason, change.start) == ("cancelled", 2, "Ill", MONDAY_NINE)
    assert take(event_type).uid != booking.uid
    assert [told.kind for told in published] == ["booked", "cancelled", "booked"]


def test_it_is_cancelled_once(event_type, published):
    """A second cancellation changes nothing and says so."""
    booking = take(event_type)
    cancel(booking, reason="", now=NOW)
    with pytest.raises(AlreadyCancelled) as caught:
        cancel(booking, reason="again", now=NOW)
    assert caught.value.code == "already_cancelled"
    assert [told.kind for told in published] == ["booked", "cancelled"]


def test_a_meeting_that_has_ended_stays(event_type):
    """A meeting can be cancelled until it ends."""
    booking = take(event_type)
    with pytest.raises(AlreadyOver):
        cancel(booking, reason="", now=booking.end)
    assert cancel(booking, reason="", now=booking.end - timedelta(seconds=1)).cancelled


def test_a_cancellation_wins_over_a_move_just_made(event_type):
    """Who wants no meeting wants none at the new time either."""
    booking = take(event_type)
    reschedule(Booking.objects.get(pk=booking.pk), start=MONDAY_NINE + timedelta(hours=1), reason="", now=NOW)
    assert cancel(booking, reason="", now=NOW).revision == 3


def test_a_reason_that_cannot_be_kept(event_type):
    """A reason has a length, like any text."""
    booking = take(event_type)
    with pytest.raises(Invalid) as caught:
        cancel(booking, reason="x" * 2001, now=NOW)
    assert faults(caught) == {("reason", "too_long")}
    assert not Booking.objects.get(pk=booking.pk).cancelled
