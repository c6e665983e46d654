"""Slots that are kept for a visitor while they fill in the form."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from linktime.bookings import availability, locking
from linktime.bookings.conflicts import SlotTaken
from linktime.bookings.models import Booking, Hold
from linktime.scheduling.models import EventType

KEPT = timedelta(minutes=5)
ALTERNATIVES = 3


def hold(
    event_type: EventType,
    *,
    start: datetime,
    duration: int | None,
    visitor: str,
    now: datetime,
    moving: Booking | None = None,
) -> Hold:
    """Keep a slot for a visitor for five minutes, instead of the one they had on hold before.

    `visitor` is a secret of up to 64 characters that stays with one browser; booking with it, or moving `moving` there,
    uses the hold up. Raises Invalid, SlotTaken, NotBookable, ChangedMeanwhile or NotFound, as `actions.book` would.
    """
    minutes = availability.duration_of(event_type, duration, moving)
    with transaction.atomic():
        forget_expired(now)
        team = locking.locked_team(event_type)
        seat = locking.seat(team, start=start, minutes=minutes, now=now, visitor=visitor, moving=moving)
        if seat is not None:
            return _keep(
                visitor,
                event_type=team.event_type,
                host_ids=[place.host_id for place in seat.places],
                start=start,
                end=start + timedelta(minutes=minutes),
                expires_at=now + KEPT,
            )
    raise SlotTaken(
        availability.next_slots(event_type, start, ALTERNATIVES, duration, now, visitor=visitor, moving=moving)
    )


def release(visitor: str) -> None:
    """Give back what a visitor has on hold, if anything."""
    Hold.objects.filter(visitor=visitor).delete()


def forget_expired(now: datetime) -> int:
    """Delete holds that are over; return how many there were. They have kept nobody from booking since then."""
    # Whatever another transaction has in hand is skipped: nobody ever waits for somebody else's hold.
    expired = Hold.objects.filter(expires_at__lte=now).select_for_update(skip_locked=True).order_by("id")
    with transaction.atomic():
        return Hold.objects.filter(pk__in=list(expired.values_list("pk", flat=True))).delete()[0]


def _keep(visitor: str, **values: Any) -> Hold:
    return Hold.objects.update_or_create(visitor=visitor, defaults=values)[0]
