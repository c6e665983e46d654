"""A host notes that the invitee did not come."""

from datetime import timedelta

import pytest

from linktime.bookings.actions import (
    AlreadyCancelled,
    AlreadyNoShow,
    AlreadyOver,
    NotBegun,
    cancel,
    mark_no_show,
    reschedule,
)
from linktime.bookings.models import Booking
from tests.people import NOW

from .making import take


@pytest.fixture
def booking(event_type, published):
    return take(event_type)


def test_a_no_show_is_a_change_of_the_booking(booking):
    missed = mark_no_show(booking, reason="no answer", now=booking.start + timedelta(minutes=10))
    assert (missed.status, missed.revision) == (Booking.Status.NO_SHOW, 2)
    change = missed.changes.latest("revision")
    assert (change.kind, change.reason) == ("no_show", "no answer")
    assert missed.booking_hosts.get().active


def test_nobody_misses_a_meeting_that_has_not_begun(booking):
    with pytest.raises(NotBegun):
        mark_no_show(booking, reason="", now=booking.start - timedelta(seconds=1))


def test_a_cancelled_booking_is_no_no_show(booking):
    cancel(booking, reason="", now=NOW)
    with pytest.raises(AlreadyCancelled):
        mark_no_show(booking, reason="", now=booking.end)


def test_a_no_show_stays_as_it_is(booking):
    mark_no_show(booking, reason="", now=booking.start)
    with pytest.raises(AlreadyNoShow):
        mark_no_show(booking, reason="", now=booking.end)
    with pytest.raises(AlreadyNoShow):
        cancel(booking, reason="", now=booking.start)
    with pytest.raises((AlreadyNoShow, AlreadyOver)):
        reschedule(booking, start=booking.start + timedelta(days=1), reason="", now=booking.start)
