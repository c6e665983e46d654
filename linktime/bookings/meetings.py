"""From models to `Meeting`, the value that mail, CRMs and calendars get."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects

from linktime.bookings.answers import readable
from linktime.bookings.models import Booking, BookingChange, BookingHost
from linktime.core.meeting import Answer, Change, ChangeKind, Host, Invitee, Meeting, Status

_WITHOUT_A_MEETING = {
    ChangeKind.CANCELLED: Status.CANCELLED,
    ChangeKind.DECLINED: Status.DECLINED,
    ChangeKind.EXPIRED: Status.DECLINED,
}


def meeting_of(booking: Booking) -> Meeting:
    """Return one booking's meeting; its own row is taken as it is in hand, hosts and history are read (two queries).

    Of a booking that has just been made, they are in hand too.
    """
    return _meeting(booking, hosts_of(booking), changes_of(booking))


def hosts_of(booking: Booking) -> Iterable[BookingHost]:
    if booking.fresh_hosts is not None:
        return booking.fresh_hosts
    return booking.booking_hosts.select_related("host").order_by("id")


def changes_of(booking: Booking) -> Iterable[BookingChange]:
    if booking.fresh_changes is not None:
        return booking.fresh_changes
    return booking.changes.order_by("revision")


def meetings_of(bookings: Sequence[Booking]) -> list[Meeting]:
    """Return the meetings of bookings as they are in hand, in their order, with two queries for any number of them."""
    hosts = Prefetch("booking_hosts", BookingHost.objects.select_related("host").order_by("id"))
    changes = Prefetch("changes", BookingChange.objects.order_by("revision"))
    prefetch_related_objects(bookings, hosts, changes)
    return [_meeting(booking, booking.booking_hosts.all(), booking.changes.all()) for booking in bookings]


def meeting_at(change: BookingChange) -> Meeting:
    """Return the meeting that a booking would have become, as it was at a change while it waited (two queries)."""
    booking = change.booking
    until_then = booking.changes.filter(revision__lte=change.revision).order_by("revision")
    status = _WITHOUT_A_MEETING.get(ChangeKind(change.kind), Status.PENDING)
    meeting = _meeting(booking, hosts_of(booking), until_then)
    return replace(meeting, revision=change.revision, status=status, start=change.start, end=change.end)


def meeting_from(booking: Booking, hosts: Iterable[BookingHost], changes: Iterable[BookingChange]) -> Meeting:
    """Return the meeting of what is in hand, kept or not."""
    return _meeting(booking, hosts, changes)


def booking_url(booking: Booking) -> str:
    return f"{settings.BASE_URL}/b/{booking.uid}"


def _meeting(booking: Booking, hosts: Iterable[BookingHost], changes: Iterable[BookingChange]) -> Meeting:
    return Meeting(
        uid=booking.uid,
        revision=booking.revision,
        status=Status(booking.status),
        title=booking.title,
        start=booking.start,
        end=booking.end,
        hosts=tuple(_host(row) for row in hosts),
        invitee=_invitee(booking),
        guests=tuple(booking.guests),
        notes=booking.notes,
        answers=tuple(Answer(label=answer["label"], value=readable(answer["value"])) for answer in booking.answers),
        location=booking.location,
        url=booking_url(booking),
        # a change made since the booking was read is none of this revision's
        history=_history(change for change in changes if change.revision <= booking.revision),
    )


def _host(row: BookingHost) -> Host:
    return Host(name=str(row.host), email=row.host.email, time_zone=row.host.time_zone)


def _invitee(booking: Booking) -> Invitee:
    return Invitee(
        name=booking.invitee_name,
        email=booking.invitee_email,
        phone=booking.invitee_phone,
        time_zone=booking.invitee_time_zone,
        locale=booking.invitee_locale,
    )


def _history(changes: Iterable[BookingChange]) -> tuple[Change, ...]:
    """Tell the history of a meeting from when it became one; of what is none, all that happened."""
    told: list[Change] = []
    for change in changes:
        if change.kind == ChangeKind.CONFIRMED:
            told = [_change(change, ChangeKind.BOOKED)]
        else:
            told.append(_change(change, ChangeKind(change.kind)))
    return tuple(told)


def _change(change: BookingChange, kind: ChangeKind) -> Change:
    return Change(
        kind=kind,
        revision=change.revision,
        at=change.at,
        previous_start=change.previous_start,
        previous_end=change.previous_end,
        reason=change.reason,
    )
