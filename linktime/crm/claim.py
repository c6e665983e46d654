"""What is due at an organisation, as pushes for its provider."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When

from linktime.bookings.meetings import meetings_of
from linktime.connections.models import Connection
from linktime.core.meeting import Meeting
from linktime.crm import options, plan
from linktime.crm.contract import Attempt, Push, Remote
from linktime.crm.models import Organisation, SyncRecord


def due(now: datetime) -> QuerySet[SyncRecord]:
    """Return the records that could be pushed now, of all organisations."""
    return workable(now).filter(_admitted(now), due_at__lte=now)


def due_recheck(now: datetime) -> QuerySet[SyncRecord]:
    """Return the records whose lost creates are to be looked up once more."""
    return workable(now).filter(_from("organisation__background_from", now), recheck_at__lte=now)


def workable(now: datetime) -> QuerySet[SyncRecord]:
    """Return the records whose connection works and whose organisation does not wait."""
    return SyncRecord.objects.filter(_from("organisation__retry_at", now), connection__state=Connection.State.CONNECTED)


def _admitted(now: datetime) -> Q:
    """Let a person's own retry pass whatever the organisation's budget says."""
    live, background = _from("organisation__live_from", now), _from("organisation__background_from", now)
    return (
        Q(urgency=SyncRecord.Urgency.PERSON)
        | (Q(urgency=SyncRecord.Urgency.LIVE) & live)
        | (Q(urgency=SyncRecord.Urgency.BACKGROUND) & live & background)
    )


def _from(field: str, now: datetime) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__lte": now})


def next_try(record: SyncRecord) -> datetime | None:
    """Return when a record that waits is tried next; None for one that waits for a person, or for nothing."""
    organisation, urgency = record.organisation, record.urgency
    if record.due_at is None or record.connection.state != Connection.State.CONNECTED:
        return None
    live = organisation.live_from if urgency >= SyncRecord.Urgency.LIVE else None
    background = organisation.background_from if urgency == SyncRecord.Urgency.BACKGROUND else None
    return max(filter(None, [record.due_at, organisation.retry_at, live, background]))


def next_connection(organisation: Organisation, now: datetime) -> Connection | None:
    """Return whose turn it is: of those with the most urgent work, the one after the last."""
    theirs = due(now).filter(organisation=organisation.pk, connection=OuterRef("pk"))
    most_urgent = theirs.order_by("urgency").values("urgency")[:1]
    turn = Case(When(pk__gt=organisation.last_connection, then=Value(0)), default=Value(1))
    connections = Connection.objects.filter(service=organisation.crm, organisation_key=organisation.key)
    waiting = connections.annotate(urgency=Subquery(most_urgent)).exclude(urgency=None)
    return waiting.order_by("urgency", turn, "pk").first()


def batch_of(organisation: Organisation, connection: Connection, size: int, now: datetime) -> list[Push]:
    """Return what a connection has to push next, `size` at most: the most urgent first, then what waited longest."""
    rows = due(now).filter(organisation=organisation.pk, connection=connection.pk)
    records = list(rows.select_related("booking").order_by("urgency", "due_at", "id")[:size])
    return pushes_of(connection, records, now)


def pushes_of(connection: Connection, records: Sequence[SyncRecord], now: datetime) -> list[Push]:
    """Return records, with their bookings at hand, as a provider takes them."""
    meetings = meetings_of([record.booking for record in records])
    return [push_of(connection, record, meeting, now) for record, meeting in zip(records, meetings, strict=True)]


def push_of(connection: Connection, record: SyncRecord, meeting: Meeting, now: datetime) -> Push:
    """Return a record as what its provider is to do."""
    attempt = attempt_of(record.attempt)
    return Push(
        key=record.pk,
        meeting=meeting,
        step=plan.step(
            wanted=meeting.revision, shown=record.shown_revision, linked=bool(record.meeting_id), attempt=attempt
        ),
        shown_revision=record.shown_revision,
        remote=remote_of(record),
        attempt=attempt,
        may_create=plan.may_create(attempt, now),
        options=options.chosen(connection, record),
    )


def remote_of(record: SyncRecord) -> Remote:
    return Remote(contact_id=record.contact_id, meeting_id=record.meeting_id, written=record.remote)


def attempt_of(stored: dict[str, Any] | None) -> Attempt | None:
    """Read back what `session.creating` wrote."""
    if stored is None:
        return None
    return Attempt(at=datetime.fromisoformat(stored["at"]), revision=stored["revision"], values=stored["values"])
