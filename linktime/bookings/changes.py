"""What every change of a booking has in common: its locks, its row in the history, and who is told of it.

Locks are taken in one order everywhere: hosts by id, then the booking.
"""

import logging
from datetime import datetime

from linktime.bookings import reminders
from linktime.bookings.conflicts import AlreadyCancelled, AlreadyDeclined, AlreadyNoShow, ChangedMeanwhile
from linktime.bookings.events import BookingChanged, BookingWaits
from linktime.bookings.models import Booking, BookingChange
from linktime.core import telemetry
from linktime.core.about import about
from linktime.core.compiled import Insert
from linktime.core.errors import NotFound
from linktime.core.events import publish
from linktime.core.meeting import ChangeKind
from linktime.scheduling import hosts

logger = logging.getLogger(__name__)

_insert = Insert(BookingChange)

_ENDS = {
    Booking.Status.CANCELLED: AlreadyCancelled,
    Booking.Status.DECLINED: AlreadyDeclined,
    Booking.Status.NO_SHOW: AlreadyNoShow,
}


def locked(booking: Booking, *, with_team: bool = False) -> Booking:
    """Lock a booking's hosts and then the booking, and return it as it is now, if it can still be changed.

    `with_team` locks all hosts of its event type, one of whom may take it over. The caller has the transaction.
    Raises AlreadyCancelled, AlreadyDeclined, AlreadyNoShow, ChangedMeanwhile, or NotFound.
    """
    host_ids = set(booking.booking_hosts.values_list("host_id", flat=True))
    if with_team:
        host_ids |= set(booking.event_type.places.values_list("host_id", flat=True))
    hosts.lock(host_ids)
    rows = Booking.objects.select_for_update(no_key=True, of=("self",)).select_related("event_type__schedule")
    current = rows.filter(pk=booking.pk).first()
    if current is None:
        raise NotFound
    if current.status in _ENDS:
        raise _ENDS[Booking.Status(current.status)]
    if not host_ids.issuperset(current.booking_hosts.values_list("host_id", flat=True)):
        raise ChangedMeanwhile
    return current


def end(booking: Booking, status: Booking.Status, kind: ChangeKind, *, now: datetime, reason: str = "") -> None:
    """Give a locked booking one of the states in which it frees its hosts' time."""
    waited_for = booking.waits_for
    booking.status = status
    booking.waits_for, booking.expires_at = Booking.WaitsFor.NOBODY, None
    booking.revision += 1
    booking.save(update_fields=["status", "waits_for", "expires_at", "revision"])
    booking.booking_hosts.update(active=False)
    record(booking, kind, now=now, reason=reason, waits_for=waited_for)


def record(
    booking: Booking,
    kind: ChangeKind,
    *,
    now: datetime,
    reason: str = "",
    before: tuple[datetime, datetime] | tuple[None, None] = (None, None),
    waits_for: str = "",
) -> None:
    """Write a change down and tell those who react to it; the caller has the transaction.

    `waits_for` is for whom a booking waited that does not any more.
    """
    change = _insert(
        BookingChange(
            booking=booking,
            kind=kind,
            revision=booking.revision,
            at=now,
            start=booking.start,
            end=booking.end,
            previous_start=before[0],
            previous_end=before[1],
            reason=reason,
            trace=telemetry.carried(),
        )
    )
    if booking.revision == 1:
        booking.fresh_changes = [change]
    with about(booking=booking.pk, revision=booking.revision):
        logger.info("%s", kind)
        if booking.confirmed_at is None:
            publish(BookingWaits(change, booking.waits_for or waits_for))
        else:
            reminders.follow(booking, now)
            publish(BookingChanged(change))
