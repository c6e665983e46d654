"""Book, reschedule, cancel, mark a no-show.

Each is one transaction that locks, checks everything again, writes and tells the others. What can stand in the way is
in `conflicts.py`; a booking that has to wait first goes on in `waiting.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation, UniqueViolation

from linktime.bookings import changes, holds, invitees, locking, waiting
from linktime.bookings.availability import check_on_offer, duration_of, next_slots
from linktime.bookings.conflicts import (
    AlreadyCancelled,
    AlreadyDeclined,
    AlreadyNoShow,
    AlreadyOver,
    ChangedMeanwhile,
    NotBegun,
    NotBookable,
    SlotTaken,
    TooLate,
)
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.models import Booking, BookingHost
from linktime.bookings.team import Seat, Team
from linktime.core import text
from linktime.core.compiled import Insert
from linktime.core.faults import Faults, refuse
from linktime.core.meeting import ChangeKind
from linktime.scheduling import links
from linktime.scheduling.locations import location_text
from linktime.scheduling.models import EventType, Place

__all__ = [
    "AlreadyCancelled",
    "AlreadyDeclined",
    "AlreadyNoShow",
    "AlreadyOver",
    "ChangedMeanwhile",
    "NotBegun",
    "NotBookable",
    "SlotTaken",
    "TooLate",
    "book",
    "cancel",
    "mark_no_show",
    "reschedule",
]

ALTERNATIVES = 3

_insert, _insert_host = Insert(Booking), Insert(BookingHost)


def book(
    event_type: EventType,
    *,
    start: datetime,
    duration: int | None,
    invitee: InviteeDetails,
    guests: Sequence[str],
    answers: Mapping[str, Any],
    now: datetime,
    visitor: str = "",
    link: str = "",
) -> Booking:
    """Book a slot. `start` and `now` are aware; `duration` in minutes, None for the event type's first.

    `answers` are by the questions' keys, see `answers.py` (`from_form` makes them from a web form's texts). `visitor`
    uses up what they have on hold (`holds.py`), `link` is the token of a single-use link. The booking is pending where
    the event type says so. Raises Invalid with every fault (fields as in the API: `start`, `duration`,
    `invitee.email`, `guests.0`, `answers.company`), SlotTaken, NotBookable, LinkUsed, LinkNeeded, ChangedMeanwhile, or
    NotFound when the event type has just been deleted.
    """
    minutes = int(event_type.durations[0])
    with Faults() as faults:
        with faults.at():
            details = invitees.clean(event_type, invitee, guests, answers)
        with faults.at():
            minutes = duration_of(event_type, duration)
        if faults.any:  # who has to correct something else hears of the time as well
            with faults.at():
                check_on_offer(Team.of(event_type), start, minutes, now)
    try:
        with transaction.atomic():
            return _book(event_type, start=start, minutes=minutes, details=details, now=now, visitor=visitor, link=link)
    except (_TakenError, IntegrityError) as error:
        if not _is_taken(error):
            raise
        raise SlotTaken(next_slots(event_type, start, ALTERNATIVES, duration, now, visitor=visitor)) from error


def reschedule(
    booking: Booking, *, start: datetime, reason: str, now: datetime, by_host: bool = False, visitor: str = ""
) -> Booking:
    """Move a booking, which keeps its uid and its length, and its host when free; return it as it is now.

    `visitor` uses up what they have on hold. Raises Invalid (fields `start`, `reason`), SlotTaken, AlreadyCancelled,
    AlreadyDeclined, AlreadyNoShow, AlreadyOver, TooLate (for an invitee), or ChangedMeanwhile.
    """
    try:
        with transaction.atomic():
            return _reschedule(booking, start=start, reason=reason, now=now, by_host=by_host, visitor=visitor)
    except (_TakenError, IntegrityError) as error:
        if not _is_taken(error):
            raise
        others = next_slots(booking.event_type, start, ALTERNATIVES, None, now, moving=booking, visitor=visitor)
        raise SlotTaken(others) from error


def cancel(booking: Booking, *, reason: str, now: datetime, by_host: bool = False) -> Booking:
    """Cancel a booking, wherever it has been moved meanwhile, and return it as it is now.

    Raises Invalid (field `reason`), AlreadyCancelled, AlreadyDeclined, AlreadyNoShow, AlreadyOver, or TooLate (for an
    invitee).
    """
    with Faults() as faults, faults.at("reason"):
        reason = text.lines(reason, at_most=waiting.LONGEST_REASON)
    with transaction.atomic():
        current = changes.locked(booking)
        _check_in_time(current, current.end if by_host else current.cancellable_until, now)
        changes.end(current, Booking.Status.CANCELLED, ChangeKind.CANCELLED, now=now, reason=reason)
        return current


def mark_no_show(booking: Booking, *, reason: str, now: datetime) -> Booking:
    """Note that the invitee did not come, and return the booking as it is now. The host's time stays taken.

    Raises Invalid (field `reason`), AlreadyCancelled, AlreadyDeclined, AlreadyNoShow or NotBegun.
    """
    with Faults() as faults, faults.at("reason"):
        reason = text.lines(reason, at_most=waiting.LONGEST_REASON)
    with transaction.atomic():
        current = changes.locked(booking)
        if current.start > now or current.pending:
            raise NotBegun
        current.status = Booking.Status.NO_SHOW
        current.revision += 1
        current.save(update_fields=["status", "revision"])
        changes.record(current, ChangeKind.NO_SHOW, now=now, reason=reason)
        return current


class _TakenError(Exception):
    """Under the lock, the slot turned out to be somebody else's."""


def _is_taken(error: Exception) -> bool:
    backstop = isinstance(error.__cause__, UniqueViolation) and "seat_once" in str(error)
    return isinstance(error, _TakenError) or isinstance(error.__cause__, ExclusionViolation) or backstop


def _book(
    event_type: EventType,
    *,
    start: datetime,
    minutes: int,
    details: dict[str, Any],
    now: datetime,
    visitor: str,
    link: str,
) -> Booking:
    team = locking.locked_team(event_type)
    links.use(team.event_type, link, now)
    seat = locking.seat(team, start=start, minutes=minutes, now=now, visitor=visitor, moving=None)
    if seat is None:
        raise _TakenError
    booking = Booking(
        account_id=team.event_type.account_id,
        event_type=team.event_type,
        title=team.event_type.title,
        location=location_text(team.event_type.location, details["invitee_phone"]),
        start=start,
        end=start + timedelta(minutes=minutes),
        occasion=seat.occasion,
        seat=seat.seat,
        created_at=now,
        **details,
    )
    kind = waiting.begin(booking, team.event_type, now)
    _insert(booking)
    booking.fresh_hosts = _sit(booking, seat)
    _take_turn(team, seat)
    if visitor:
        holds.release(visitor)
    changes.record(booking, kind, now=now)
    return booking


def _reschedule(
    booking: Booking, *, start: datetime, reason: str, now: datetime, by_host: bool, visitor: str
) -> Booking:
    current = changes.locked(booking, with_team=True)
    _check_in_time(current, current.end if by_host else current.movable_until, now)
    if current.revision != booking.revision:
        raise ChangedMeanwhile
    team = locking.current_team(current.event_type)
    with Faults() as faults:
        with faults.at("reason"):
            reason = text.lines(reason, at_most=waiting.LONGEST_REASON)
        with faults.at():
            if start == current.start:
                refuse("same_time", _("The meeting is at this time already. Choose another one."), field="start")
            seat = locking.seat(team, start=start, minutes=current.minutes, now=now, visitor=visitor, moving=current)
    if seat is None:
        raise _TakenError
    before = (current.start, current.end)
    _move(current, start, seat)
    if _sit_elsewhere(current, seat):
        _take_turn(team, seat)
    if visitor:
        holds.release(visitor)
    changes.record(current, ChangeKind.RESCHEDULED, now=now, reason=reason, before=before)
    return current


def _move(booking: Booking, start: datetime, seat: Seat) -> None:
    booking.start, booking.end = start, start + timedelta(minutes=booking.minutes)
    booking.occasion, booking.seat = seat.occasion, seat.seat
    booking.revision += 1
    if booking.expires_at:
        booking.expires_at = min(booking.expires_at, start)
    booking.save(update_fields=["start", "end", "occasion", "seat", "revision", "expires_at"])


def _sit(booking: Booking, seat: Seat) -> list[BookingHost]:
    during = (booking.start, booking.end)
    return [
        _insert_host(BookingHost(booking=booking, host=place.host, during=during, occasion=booking.occasion))
        for place in seat.places
    ]


def _sit_elsewhere(booking: Booking, seat: Seat) -> bool:
    """Move the hosts' time along with their booking; return whether it has other hosts now."""
    rows = booking.booking_hosts.all()
    if {row.host_id for row in rows} == {place.host_id for place in seat.places}:
        rows.update(during=(booking.start, booking.end), occasion=booking.occasion)
        return False
    rows.delete()
    _sit(booking, seat)
    return True


def _take_turn(team: Team, seat: Seat) -> None:
    if team.event_type.assignment == EventType.Assignment.ROUND_ROBIN:
        Place.objects.filter(pk__in=[place.pk for place in seat.places]).update(last_turn=team.next_turn)


def _check_in_time(booking: Booking, until: datetime, now: datetime) -> None:
    if booking.end <= now:
        raise AlreadyOver
    if now > until:
        raise TooLate
