"""Book, reschedule, cancel, mark a no-show.

Each is one transaction that locks, checks everything again, writes and tells the others.

    Conflict
    ├─ SlotTaken           somebody has this time; `.alternatives` are the next ones
    ├─ AlreadyCancelled    a cancelled booking stays as it is
    ├─ AlreadyNoShow       so does one that the invitee missed
    ├─ AlreadyOver         so does a meeting that has ended
    ├─ NotBegun            nobody can have missed it yet
    ├─ ChangedMeanwhile    somebody moved the booking, or gave the event type another host, a moment ago
    └─ NotBookable         the event type is switched off

Locks are taken in one order everywhere: hosts by id, then the booking.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation

from linktime.accounts.models import User
from linktime.bookings import invitees
from linktime.bookings.availability import check_on_offer, duration_of, is_free, next_slots
from linktime.bookings.events import BookingChanged
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.models import Booking, BookingChange, BookingHost
from linktime.core import telemetry, text
from linktime.core.about import about
from linktime.core.errors import Conflict, NotFound
from linktime.core.events import publish
from linktime.core.faults import Faults, refuse
from linktime.core.meeting import ChangeKind
from linktime.scheduling import hosts
from linktime.scheduling.locations import location_text
from linktime.scheduling.models import EventType
from linktime.scheduling.slots import Slot

ALTERNATIVES = 3
LONGEST_REASON = 2000

logger = logging.getLogger(__name__)


class SlotTaken(Conflict):
    """`alternatives` are the next slots that are free, at most three."""

    code = "slot_taken"

    def __init__(self, alternatives: list[Slot]) -> None:
        super().__init__(_("Somebody else has just taken this time. Choose another one."))
        self.alternatives = alternatives


class AlreadyCancelled(Conflict):
    code = "already_cancelled"

    def __init__(self) -> None:
        super().__init__(_("This booking has been cancelled already. Book a new time instead."))


class AlreadyOver(Conflict):
    code = "already_over"

    def __init__(self) -> None:
        super().__init__(_("This meeting has ended, so it can't be moved or cancelled any more."))


class NotBegun(Conflict):
    code = "not_begun"

    def __init__(self) -> None:
        super().__init__("This meeting has not begun, so nobody has missed it. Cancel it instead.")


class AlreadyNoShow(Conflict):
    code = "already_no_show"

    def __init__(self) -> None:
        super().__init__(_("This booking is marked as a no-show already."))


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(_("Somebody has just changed this. Load it again, and decide on what is there now."))


class NotBookable(Conflict):
    code = "not_bookable"

    def __init__(self) -> None:
        super().__init__(_("This event type takes no bookings at the moment. Ask the host for another link."))


def book(
    event_type: EventType,
    *,
    start: datetime,
    duration: int | None,
    invitee: InviteeDetails,
    guests: Sequence[str],
    answers: Mapping[str, Any],
    now: datetime,
) -> Booking:
    """Book a slot. `start` and `now` are aware; `duration` in minutes, None for the event type's first.

    `answers` are by the questions' keys, see `answers.py` (`from_form` makes them from a web form's texts).
    Raises Invalid with every fault (fields as in the API: `start`, `duration`, `invitee.email`, `guests.0`,
    `answers.company`), SlotTaken, NotBookable, ChangedMeanwhile, or NotFound when the event type has just been deleted.
    """
    with Faults() as faults:
        with faults.at():
            details = invitees.clean(event_type, invitee, guests, answers)
        with faults.at():
            minutes = duration_of(event_type, duration)
            check_on_offer(event_type, start, minutes, now)
    try:
        with transaction.atomic():
            return _book(event_type, start=start, minutes=minutes, details=details, now=now)
    except (_TakenError, IntegrityError) as error:
        if not _is_taken(error):
            raise
        raise SlotTaken(next_slots(event_type, start, ALTERNATIVES, duration, now)) from error


def reschedule(booking: Booking, *, start: datetime, reason: str, now: datetime) -> Booking:
    """Move a booking, which keeps its uid and its length, and return it as it is now.

    Raises Invalid (fields `start`, `reason`), SlotTaken, AlreadyCancelled, AlreadyOver or ChangedMeanwhile.
    """
    try:
        with transaction.atomic():
            return _reschedule(booking, start=start, reason=reason, now=now)
    except (_TakenError, IntegrityError) as error:
        if not _is_taken(error):
            raise
        raise SlotTaken(next_slots(booking.event_type, start, ALTERNATIVES, None, now, moving=booking)) from error


def cancel(booking: Booking, *, reason: str, now: datetime) -> Booking:
    """Cancel a booking, wherever it has been moved meanwhile, and return it as it is now.

    Raises Invalid (field `reason`), AlreadyCancelled or AlreadyOver.
    """
    with Faults() as faults, faults.at("reason"):
        reason = text.lines(reason, at_most=LONGEST_REASON)
    with transaction.atomic():
        current, _ = _locked(booking)
        _check_not_over(current, now)
        current.status = Booking.Status.CANCELLED
        current.revision += 1
        current.save(update_fields=["status", "revision"])
        current.booking_hosts.update(active=False)
        _record(current, ChangeKind.CANCELLED, now=now, reason=reason)
        return current


def mark_no_show(booking: Booking, *, reason: str, now: datetime) -> Booking:
    """Note that the invitee did not come, and return the booking as it is now. The host's time stays taken.

    Raises Invalid (field `reason`), AlreadyCancelled, AlreadyNoShow or NotBegun.
    """
    with Faults() as faults, faults.at("reason"):
        reason = text.lines(reason, at_most=LONGEST_REASON)
    with transaction.atomic():
        current, _ = _locked(booking)
        if current.start > now:
            raise NotBegun
        current.status = Booking.Status.NO_SHOW
        current.revision += 1
        current.save(update_fields=["status", "revision"])
        _record(current, ChangeKind.NO_SHOW, now=now, reason=reason)
        return current


class _TakenError(Exception):
    """Under the lock, the slot turned out to be somebody else's."""


def _is_taken(error: Exception) -> bool:
    return isinstance(error, _TakenError) or isinstance(error.__cause__, ExclusionViolation)


def _book(event_type: EventType, *, start: datetime, minutes: int, details: dict[str, Any], now: datetime) -> Booking:
    held = hosts.lock([event_type.host_id])
    current = EventType.objects.select_related("schedule").filter(pk=event_type.pk).first()
    if current is None:
        raise NotFound
    if not current.active:
        raise NotBookable
    if [current.host_id] != [host.pk for host in held]:
        raise ChangedMeanwhile
    check_on_offer(current, start, minutes, now)
    if not is_free(current, held, start=start, minutes=minutes, now=now, moving=None):
        raise _TakenError
    booking = Booking.objects.create(
        account_id=current.account_id,
        event_type=current,
        title=current.title,
        location=location_text(current.location, details["invitee_phone"]),
        start=start,
        end=start + timedelta(minutes=minutes),
        created_at=now,
        **details,
    )
    BookingHost.objects.bulk_create(
        BookingHost(booking=booking, host=host, during=(booking.start, booking.end), occasion=booking.occasion)
        for host in held
    )
    _record(booking, ChangeKind.BOOKED, now=now)
    return booking


def _reschedule(booking: Booking, *, start: datetime, reason: str, now: datetime) -> Booking:
    current, held = _locked(booking)
    _check_not_over(current, now)
    if current.revision != booking.revision:
        raise ChangedMeanwhile
    with Faults() as faults:
        with faults.at("reason"):
            reason = text.lines(reason, at_most=LONGEST_REASON)
        with faults.at():
            if start == current.start:
                refuse("same_time", _("The meeting is at this time already. Choose another one."), field="start")
            check_on_offer(current.event_type, start, current.minutes, now)
    if not is_free(current.event_type, held, start=start, minutes=current.minutes, now=now, moving=current):
        raise _TakenError
    before = (current.start, current.end)
    current.start, current.end = start, start + timedelta(minutes=current.minutes)
    current.revision += 1
    current.save(update_fields=["start", "end", "revision"])
    current.booking_hosts.update(during=(current.start, current.end))
    _record(current, ChangeKind.RESCHEDULED, now=now, reason=reason, before=before)
    return current


def _locked(booking: Booking) -> tuple[Booking, list[User]]:
    """Lock a booking's hosts and then the booking, and return it as it is now, and them, if it can still be changed."""
    held = hosts.lock(booking.booking_hosts.values_list("host_id", flat=True))
    current = (
        Booking.objects.select_for_update(no_key=True, of=("self",))
        .select_related("event_type__schedule")
        .filter(pk=booking.pk)
        .first()
    )
    if current is None:
        raise NotFound
    if current.cancelled:
        raise AlreadyCancelled
    if current.status == Booking.Status.NO_SHOW:
        raise AlreadyNoShow
    return current, held


def _check_not_over(booking: Booking, now: datetime) -> None:
    if booking.end <= now:
        raise AlreadyOver


def _record(
    booking: Booking,
    kind: ChangeKind,
    *,
    now: datetime,
    reason: str = "",
    before: tuple[datetime, datetime] | tuple[None, None] = (None, None),
) -> None:
    """Write the change down and tell those who react to it; the caller has the transaction."""
    change = BookingChange.objects.create(
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
    with about(booking=booking.pk, revision=booking.revision):
        logger.info("%s", kind)
        publish(BookingChanged(change))
