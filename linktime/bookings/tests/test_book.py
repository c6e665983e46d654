"""Booking a slot: what is kept, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from linktime.bookings.actions import NotBookable, SlotTaken, book
from linktime.bookings.events import BookingChanged
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.models import Booking
from linktime.core import events
from linktime.core.errors import Invalid, NotFound
from linktime.scheduling.models import EventType
from tests.people import NOW, make_event_type

MONDAY_NINE = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
GRACE = InviteeDetails(name="Grace Hopper", email="grace@example.com", time_zone="America/New_York")


def take(event_type, start=MONDAY_NINE, *, duration=None, invitee=GRACE, guests=(), answers=None, now=NOW):
    return book(
        event_type, start=start, duration=duration, invitee=invitee, guests=guests, answers=answers or {}, now=now
    )


def faults(error):
    return {(fault.field, fault.code) for fault in error.value.faults}


def test_a_booking_takes_the_hosts_time(event_type):
    """A booking, its host's time and the first step of its history are written together."""
    booking = take(event_type)
    booking.refresh_from_db()
    assert (booking.start, booking.end) == (MONDAY_NINE, MONDAY_NINE + timedelta(minutes=30))
    assert (booking.status, booking.revision, booking.title) == ("confirmed", 1, "Intro call")
    assert booking.account == event_type.account
    (row,) = booking.booking_hosts.all()
    assert (row.host, row.active, row.during.lower, row.during.upper) == (
        event_type.host,
        True,
        booking.start,
        booking.end,
    )
    (change,) = booking.changes.all()
    assert (change.kind, change.revision, change.at, change.previous_start) == ("booked", 1, NOW, None)
