"""What is due at an organisation, as pushes for its provider."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When

from linktime.bookings.meetings import meetings_of
from linktime.connections.models import Connection
from linktime.core.compiled import Compiled, Given
from linktime.core.meeting import Meeting
from linktime.crm import options, plan
from linktime.crm.contract import Attempt, Push, Remote
from linktime.crm.models import Organisation, SyncRecord

NOW = Given("now")


def due() -> QuerySet[SyncRecord]:
    """Return the records that could be pushed at the moment given as `now`, of all organisations."""
    return _workable().filter(_admitted(), due_at__lte=NOW)


def due_recheck() -> QuerySet[SyncRecord]:
    """Return the records whose lost creates are to be looked up once more at the moment given as `now`."""
    return _workable().filter(_from("organisation__background_from"), recheck_at__lte=NOW)


def _workable() -> QuerySet[SyncRecord]:
    """Return the records whose connection works and whose organisation does not wait."""
    return SyncRecord.objects.filter(_from("organisation__retry_at"), connection__state=Connection.State.CONNECTED)


def _admitted() -> Q:
    """Let a person's own retry pass whatever the organisation's budget says."""
    live, background = _from("organisation__live_from"), _from("organisation__background_from")
    return (
        Q(urgency=SyncRecord.Urgency.PERSON)
        | (Q(urgency=SyncRecord.Urgency.LIVE) & live)
        | (Q(urgency=SyncRecord.Urgency.BACKGROUND) & live & background)
    )


def _from(field: str) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__lte": NOW})


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
    about = {"organisation": organisation.pk, "crm": organisation.crm, "key": organisation.key}
    return next(iter(_next_connection(now=now, last=organisation.last_connection, **about)), None)


@Compiled
def _next_connection() -> QuerySet[Connection]:
    theirs = due().filter(organisation=Given("organisation"), connection=OuterRef("pk"))
    most_urgent = theirs.order_by("urgency").values("urgency")[:1]
    turn = Case(When(pk__gt=Given("last"), then=Value(0)), default=Value(1))
    connections = Connection.objects.filter(service=Given("crm"), organisation_key=Given("key"))
    waiting = connections.annotate(urgency=Subquery(most_urgent)).exclude(urgency=None)
    return waiting.order_by("urgency", turn, "pk")[:1]


def batch_of(organisation: Organisation, connection: Connection, size: int, now: datetime) -> list[Push]:
    """Return what a connection has to push next, `size` at most: the most urgent first, then what waited longest."""
    records = _first(size)(organisation=organisation.pk, connection=connection.pk, now=now)
    return pushes_of(connection, records, now)


@cache
def _first(size: int) -> Compiled[SyncRecord]:
    rows = due().filter(organisation=Given("organisation"), connection=Given("connection"))
    return Compiled(lambda: rows.select_related("booking").order_by("urgency", "due_at", "id")[:size])


def more_is_due(organisation_id: int, now: datetime) -> bool:
    """Say whether another drain would find something to do."""
    return bool(_any_due(organisation=organisation_id, now=now))


@Compiled
def _any_due() -> QuerySet[SyncRecord, int]:
    return due().filter(organisation=Given("organisation")).values_list("pk", flat=True)[:1]


def doubts_of(organisation: Organisation, now: datetime) -> list[SyncRecord]:
    """Return an organisation's first records whose lost creates are to be looked up once more, and nothing else."""
    return _doubts(organisation=organisation.pk, now=now)


@Compiled
def _doubts() -> QuerySet[SyncRecord]:
    rows = due_recheck().filter(organisation=Given("organisation"), due_at=None)
    return rows.select_related("connection").order_by("recheck_at")[:10]


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
