"""Bookings that wait to become meetings: for their invitee to confirm the email address, then for the host to accept.

Until then they take their hosts' time, and nobody outside hears of them.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from linktime.bookings import changes
from linktime.bookings.conflicts import AlreadyConfirmed, AlreadyDeclined, NotVerified
from linktime.bookings.models import Booking
from linktime.core import text
from linktime.core.errors import Conflict, NotFound
from linktime.core.faults import Faults
from linktime.core.meeting import ChangeKind
from linktime.scheduling.models import EventType

LONGEST_REASON = 2000
INVITEES_TIME = timedelta(minutes=30)
HOSTS_TIME = timedelta(hours=48)
_SALT = "linktime.bookings.email"


def begin(booking: Booking, event_type: EventType, now: datetime) -> ChangeKind:
    """Set what a new booking waits for, if anything, and return how its history begins."""
    if event_type.requires_verification:
        _wait(booking, Booking.WaitsFor.INVITEE, now)
    elif event_type.requires_approval:
        _wait(booking, Booking.WaitsFor.HOST, now)
    else:
        booking.confirmed_at = now
        return ChangeKind.BOOKED
    return ChangeKind.REQUESTED


def token_of(booking: Booking) -> str:
    """Return what only a mail to the invitee holds: whoever shows it has read that mail."""
    return signing.dumps([booking.uid, booking.invitee_email], salt=_SALT)


def verify(booking: Booking, *, token: str, now: datetime) -> Booking:
    """Take the invitee's email address as confirmed, and return the booking as it is now.

    It is a meeting then, or waits for its host. Raises NotFound for a wrong token, AlreadyConfirmed, AlreadyCancelled
    or AlreadyDeclined.
    """
    try:
        shown = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise NotFound from error
    with transaction.atomic():
        current = _waiting(booking, now)
        if shown != [current.uid, current.invitee_email]:
            raise NotFound
        if current.waits_for != Booking.WaitsFor.INVITEE:
            raise AlreadyConfirmed
        if not current.event_type.requires_approval:
            return _confirm(current, now)
        _wait(current, Booking.WaitsFor.HOST, now)
        current.revision += 1
        current.save(update_fields=["waits_for", "expires_at", "revision"])
        changes.record(current, ChangeKind.VERIFIED, now=now)
        return current


def accept(booking: Booking, *, now: datetime) -> Booking:
    """Make a meeting of a booking that waits for its host, and return it as it is now.

    Raises NotVerified, AlreadyConfirmed, AlreadyCancelled or AlreadyDeclined.
    """
    with transaction.atomic():
        current = _waiting(booking, now)
        if current.waits_for != Booking.WaitsFor.HOST:
            raise NotVerified
        return _confirm(current, now)


def decline(booking: Booking, *, reason: str, now: datetime) -> Booking:
    """Refuse a booking that waits, and return it as it is now; its time is free again.

    Raises Invalid (field `reason`), AlreadyConfirmed, AlreadyCancelled or AlreadyDeclined.
    """
    with Faults() as faults, faults.at("reason"):
        reason = text.lines(reason, at_most=LONGEST_REASON)
    with transaction.atomic():
        current = _waiting(booking, now)
        changes.end(current, Booking.Status.DECLINED, ChangeKind.DECLINED, now=now, reason=reason)
        return current


def for_the_host(bookings: QuerySet[Booking], now: datetime) -> QuerySet[Booking]:
    """Narrow to what a host may accept or decline now."""
    return bookings.filter(status=Booking.Status.PENDING, waits_for=Booking.WaitsFor.HOST, expires_at__gt=now)


def expire_due(now: datetime) -> int:
    """End the waiting of every booking whose time is up; return how many there were."""
    count = 0
    for booking in Booking.objects.filter(status=Booking.Status.PENDING, expires_at__lte=now).order_by("expires_at"):
        try:
            with transaction.atomic():
                current = changes.locked(booking)
                if _is_up(current, now):
                    changes.end(current, Booking.Status.DECLINED, ChangeKind.EXPIRED, now=now)
                    count += 1
        except (Conflict, NotFound):  # somebody decided it, or erased it, at this very moment
            continue
    return count


def _waiting(booking: Booking, now: datetime) -> Booking:
    current = changes.locked(booking)
    if not current.pending:
        raise AlreadyConfirmed
    if _is_up(current, now):
        raise AlreadyDeclined
    return current


def _is_up(booking: Booking, now: datetime) -> bool:
    return booking.expires_at is not None and booking.expires_at <= now


def _wait(booking: Booking, whom: Booking.WaitsFor, now: datetime) -> None:
    patience = INVITEES_TIME if whom == Booking.WaitsFor.INVITEE else HOSTS_TIME
    booking.status, booking.waits_for = Booking.Status.PENDING, whom
    booking.expires_at = min(now + patience, booking.start)


def _confirm(booking: Booking, now: datetime) -> Booking:
    booking.status, booking.waits_for, booking.expires_at = Booking.Status.CONFIRMED, Booking.WaitsFor.NOBODY, None
    booking.confirmed_at = now
    booking.revision += 1
    booking.save(update_fields=["status", "waits_for", "expires_at", "confirmed_at", "revision"])
    changes.record(booking, ChangeKind.CONFIRMED, now=now)
    return booking
