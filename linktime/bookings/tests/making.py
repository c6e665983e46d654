"""What the tests of bookings share: a slot, an invitee, and the call."""

from datetime import UTC, datetime, timedelta

from linktime.bookings.actions import book
from linktime.bookings.invitees import InviteeDetails
from tests.people import NOW

MONDAY_NINE = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
GRACE = InviteeDetails(name="Grace Hopper", email="grace@example.com", time_zone="America/New_York")


def take(event_type, start=MONDAY_NINE, *, duration=None, invitee=GRACE, guests=(), answers=None, now=NOW, **more):
    return book(
        event_type,
        start=start,
        duration=duration,
        invitee=invitee,
        guests=guests,
        answers=answers or {},
        now=now,
        **more,
    )


def faults(caught):
    return {(fault.field, fault.code) for fault in caught.value.faults}
