"""What is due at an organisation, as pushes for its provider."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from linktime.bookings.meetings import meetings_of
from linktime.bookings.models import Booking
from linktime.connections.models import Connection
from linktime.core.meeting import Meeting
from linktime.crm import plan
from linktime.crm.contract import Attempt, Push, Remote
from linktime.crm.models import SyncRecord


def due(now: datetime) -> QuerySet[SyncRecord]:
    """Return the records that could be pushed now, of all organisations."""
    return workable(now).filter(due_at__lte=now)


def due_recheck(now: datetime) -> QuerySet[SyncRecord]:
    """Return the records whose lost creates are to be looked up once more."""
    return workable(now).filter(recheck_at__lte=now)


def workable(now: datetime) -> QuerySet[SyncRecord]:
    """Return the records whose connection works and whose organisation does not wait."""
    return SyncRecord.objects.filter(
        Q(organisation__retry_at=None) | Q(organisation__retry_at__lte=now),
        connection__state=Connection.State.CONNECTED,
    )


def pushes_of(records: Sequence[SyncRecord], now: datetime) -> list[Push]:
    """Turn records into pushes, in their order."""
    bookings = Booking.objects.filter(pk__in=[record.booking_id for record in records])
    meetings = {meeting.uid: meeting for meeting in meetings_of(bookings)}
    return [_push_of(record, meetings[record.booking.uid], now) for record in records]


def _push_of(record: SyncRecord, meeting: Meeting, now: datetime) -> Push:
    attempt = attempt_of(record.attempt)
    return Push(
        key=record.pk,
        meeting=meeting,
        step=plan.step(wanted=meeting.revision, shown=record.shown_revision, attempt=attempt),
        shown_revision=record.shown_revision,
        remote=remote_of(record),
        attempt=attempt,
        may_create=plan.may_create(attempt, now),
    )


def remote_of(record: SyncRecord) -> Remote:
    return Remote(contact_id=record.contact_id, meeting_id=record.meeting_id, written=record.remote)


def attempt_of(stored: dict[str, Any] | None) -> Attempt | None:
    """Read back what `session.creating` wrote."""
    if stored is None:
        return None
    return Attempt(at=datetime.fromisoformat(stored["at"]), revision=stored["revision"], values=stored["values"])
