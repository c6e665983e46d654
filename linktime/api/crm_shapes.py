"""What the API shows of connections and of sync."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from linktime.api.fields import Moment, Shape, Text
from linktime.connections.models import Connection
from linktime.crm import check, claim, options, registry
from linktime.crm.models import Checkup, SyncAttempt, SyncRecord
from linktime.crm.remedies import remedy_for, remedy_of_connection

type SyncState = Literal["pending", "synced", "failed", "skipped"]


class ErrorOut(BaseModel):
    """`code` is the CRM's own where it has one; `message` says what happened, `remedy` what to do about it."""

    code: str
    message: str
    remedy: str


class RecordError(ErrorOut):
    """`next_try` is null when nothing happens before somebody acts."""

    next_try: Moment | None


class ConnectionOut(BaseModel):
    """`organisation` is its name over there. `pending` and `failed` count bookings.

    `options` are what was chosen about it: Salesforce has `duplicates`, one of `save`, `match` and `ask`.
    """

    id: int
    crm: str
    state: Literal["connected", "paused", "needs_reconnect"]
    organisation: str
    environment: str
    pending: int
    failed: int
    last_synced_at: Moment | None
    options: dict[str, str]
    error: ErrorOut | None


class ConnectionChange(Shape):
    options: dict[str, Text] = Field(examples=[{"duplicates": "ask"}])


class FindingOut(BaseModel):
    """Something in the CRM's set-up that bookings fail from (`error`), or that some of them meet (`warning`).

    `object` and `field` are the CRM's own names, empty where it is about more than one.
    """

    level: Literal["error", "warning"]
    code: str
    object: str
    field: str
    message: str
    remedy: str


class CheckOut(BaseModel):
    """`ok` says that nothing was found from which bookings fail."""

    ok: bool
    checked_at: Moment
    findings: list[FindingOut]


class Retried(ConnectionOut):
    """`retried` counts the bookings that had failed and now wait."""

    retried: int


class RemoteRecord(BaseModel):
    """A record in the CRM, and where a person sees it."""

    id: str
    url: str


class AttemptError(BaseModel):
    code: str
    message: str


class AttemptOut(BaseModel):
    """One try. `calls` are those to the CRM; `ms` is the time that it took."""

    at: Moment
    revision: int
    action: str
    calls: int
    ms: int
    outcome: Literal["done", "later", "failed"]
    error: AttemptError | None


class RecordOut(BaseModel):
    """What one CRM should show of a booking and what it shows.

    `skipped`: there is nothing to do in this CRM, or somebody dismissed what failed.
    """

    connection: int
    crm: str
    state: SyncState
    wanted_revision: int
    synced_revision: int
    contact: RemoteRecord | None
    meeting: RemoteRecord | None
    error: RecordError | None


class BookingSync(RecordOut):
    attempts: list[AttemptOut]


class ListedRecord(RecordOut):
    booking: str
    synced_at: Moment | None


class BookingSyncs(BaseModel):
    data: list[BookingSync]


def connection_shown(
    connection: Connection, *, pending: int, failed: int, last_synced_at: datetime | None
) -> ConnectionOut:
    return ConnectionOut.model_validate(
        {
            "id": connection.pk,
            "crm": connection.service,
            "state": connection.state,
            "organisation": connection.organisation_name,
            "environment": connection.environment,
            "pending": pending,
            "failed": failed,
            "last_synced_at": last_synced_at,
            "options": options.chosen(connection),
            "error": _connection_error(connection),
        }
    )


def _connection_error(connection: Connection) -> ErrorOut | None:
    if not connection.error_code:
        return None
    known = remedy_of_connection(connection)
    return ErrorOut(code=known.code, message=known.what, remedy=known.remedy)


def check_shown(connection: Connection, checkup: Checkup) -> CheckOut:
    findings = [asdict(advice.finding) | {"remedy": advice.remedy} for advice in check.advice(connection, checkup)]
    found = {"ok": checkup.passed, "checked_at": checkup.checked_at, "findings": findings}
    return CheckOut.model_validate(found)


def record_shown(record: SyncRecord) -> RecordOut:
    connection = record.connection
    provider = registry.provider(connection.service)
    contact = provider.contact_url(connection.api_url, claim.remote_of(record))
    meeting = provider.meeting_url(connection.api_url, claim.remote_of(record))
    skipped = record.state == SyncRecord.State.SKIPPED
    return RecordOut.model_validate(
        {
            "connection": connection.pk,
            "crm": connection.service,
            "state": record.state,
            "wanted_revision": record.wanted_revision,
            "synced_revision": record.wanted_revision if skipped else record.shown_revision,
            "contact": RemoteRecord(id=record.contact_id, url=contact) if record.contact_id else None,
            "meeting": RemoteRecord(id=record.meeting_id, url=meeting) if record.meeting_id else None,
            "error": _record_error(record),
        }
    )


def _record_error(record: SyncRecord) -> RecordError | None:
    if not record.error_code or record.dismissed:
        return None
    waits = record.state == SyncRecord.State.PENDING
    known = remedy_for(record.connection.service, record.error_code, record.error_message, later=waits)
    next_try = record.due_at if waits else None
    return RecordError(code=known.code, message=known.what, remedy=known.remedy, next_try=next_try)


def booking_sync(record: SyncRecord, attempts: Iterable[SyncAttempt]) -> BookingSync:
    return BookingSync(**dict(record_shown(record)), attempts=[_attempt(attempt) for attempt in attempts])


def listed_record(record: SyncRecord) -> ListedRecord:
    return ListedRecord(**dict(record_shown(record)), booking=record.booking.uid, synced_at=record.synced_at)


def _attempt(attempt: SyncAttempt) -> AttemptOut:
    error = AttemptError(code=attempt.error_code, message=attempt.error_message) if attempt.error_code else None
    return AttemptOut.model_validate(
        {
            "at": attempt.at,
            "revision": attempt.revision,
            "action": attempt.action,
            "calls": attempt.calls,
            "ms": attempt.ms,
            "outcome": attempt.outcome,
            "error": error,
        }
    )
