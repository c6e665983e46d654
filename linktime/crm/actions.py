"""What people and other parts do with sync: want a revision shown, retry, go on after reconnecting."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When

from linktime.bookings.events import BookingChanged
from linktime.bookings.models import Booking
from linktime.connections.events import ConnectionResumed
from linktime.connections.models import Connection
from linktime.core.compiled import Compiled, Given, Insert
from linktime.core.meeting import ChangeKind
from linktime.crm import options, registry, tasks
from linktime.crm.models import Organisation, SyncRecord
from linktime.crm.plan import PATIENT_TRIES
from linktime.crm.weather import CLEAR

Cause = SyncRecord.Cause

_connections = Compiled(lambda: Connection.objects.filter(account=Given("account")).order_by("pk"))
_organisations = Compiled(lambda: Organisation.objects.filter(crm=Given("crm"), key=Given("key")))
_insert = Insert(SyncRecord)


def want(event: BookingChanged) -> None:
    """Write down, in the booking's transaction, which revision each CRM should show.

    A booking made while nothing was connected has no record, and its changes make none.
    """
    change = event.change
    if change.kind in {ChangeKind.BOOKED, ChangeKind.CONFIRMED}:
        _begin_records(change.booking, change.at)
        return
    records = SyncRecord.objects.filter(booking=change.booking)
    organisations = set(records.values_list("organisation_id", flat=True))
    news = {"wanted_revision": change.revision, "wanted_at": change.at}
    _make_due(records, change.at, Cause.CHANGE, urgency=SyncRecord.Urgency.LIVE, **news)
    _try_again(organisations)
    wake(organisations)


def _begin_records(booking: Booking, now: datetime) -> None:
    for connection in _connections(account=booking.account_id):
        if connection.service not in registry.crms() or connection.state == Connection.State.DISCONNECTED:
            continue
        organisation = organisation_of(connection)
        record = SyncRecord(
            account_id=booking.account_id,
            organisation=organisation,
            connection=connection,
            booking=booking,
            wanted_revision=booking.revision,
            wanted_at=now,
            due_at=now,
            pending_since=now,
        )
        _insert(record)
        if organisation.failures > PATIENT_TRIES:
            _try_again([organisation.pk])
        wake([organisation.pk])


def _try_again(organisation_ids: Iterable[int]) -> None:
    """Take a booking for an occasion to ask an organisation that has not answered for long."""
    waiting = Organisation.objects.filter(pk__in=organisation_ids, failures__gt=PATIENT_TRIES)
    waiting.update(retry_at=None)


def organisation_of(connection: Connection) -> Organisation:
    identity: dict[str, Any] = {"crm": connection.service, "key": connection.organisation_key}
    known = _organisations(**identity)
    return known[0] if known else Organisation.objects.get_or_create(**identity)[0]


def go_on(event: ConnectionResumed) -> None:
    """Make everything due that waited for this connection, what failed for want of it included."""
    organisation = organisation_of(event.connection)
    Organisation.objects.filter(pk=organisation.pk).update(**asdict(CLEAR))
    waiting = SyncRecord.objects.filter(connection=event.connection, state=SyncRecord.State.PENDING)
    _make_due(waiting, event.at, Cause.RESUMED)
    wake([organisation.pk])


def retry_failed(connection: Connection, now: datetime) -> int:
    """Give every failed record of a connection a new chance; return how many there were."""
    organisation = organisation_of(connection)
    _ask_again(organisation.pk, connection.pk)
    failed = SyncRecord.objects.filter(connection=connection, state=SyncRecord.State.FAILED)
    count = _make_due(failed, now, Cause.PERSON, urgency=SyncRecord.Urgency.PERSON)
    wake([organisation.pk])
    return count


def retry_failed_with(connection: Connection, codes: Iterable[str], now: datetime) -> int:
    """Give what failed with one of these codes a new chance, for they are known to be mended; return how many."""
    failed = SyncRecord.objects.filter(connection=connection, state=SyncRecord.State.FAILED, error_code__in=set(codes))
    count = _make_due(failed, now, Cause.CHECKED)
    wake([organisation_of(connection).pk])
    return count


def retry_record(record: SyncRecord, now: datetime, choices: Mapping[str, str] | None = None) -> None:
    """Try one record again now, whether it failed or waits; `choices` decide what it may be decided by."""
    decided = {"choices": {**record.choices, **options.decided(record, choices)}} if choices else {}
    _ask_again(record.organisation_id, record.connection_id)
    waiting = SyncRecord.objects.filter(pk=record.pk).exclude(state=SyncRecord.State.SYNCED)
    _make_due(waiting, now, Cause.PERSON, urgency=SyncRecord.Urgency.PERSON, **decided)
    wake([record.organisation_id])


def dismiss(record: SyncRecord) -> bool:
    """Leave a record that failed at that, until the booking's next change or a retry; False when it has not failed."""
    failed = SyncRecord.objects.filter(pk=record.pk, state=SyncRecord.State.FAILED)
    return bool(failed.update(state=SyncRecord.State.SKIPPED))


def _ask_again(organisation_id: int, connection_id: int) -> None:
    """Let a person's retry through at once, whatever the organisation or the renewal of its access waits for."""
    Organisation.objects.filter(pk=organisation_id).update(retry_at=None)
    Connection.objects.filter(pk=connection_id).update(refresh_after=None)


def _make_due(records: QuerySet[SyncRecord], now: datetime, cause: Cause, **changes: object) -> int:
    """Let records be tried now; the error of the last time stays until there is a newer one, or none.

    Of an invitee who was erased nothing is sent any more.
    """
    records = records.filter(booking__erased_at=None)
    pending = SyncRecord.State.PENDING
    since = Case(When(state=pending, then=F("pending_since")), default=Value(now))
    return records.update(state=pending, pending_since=since, due_at=now, tries=0, cause=cause, **changes)


def wake(organisation_ids: Iterable[int]) -> None:
    """Wake the drains when the transaction has committed: one woken earlier could find nothing to do and end."""
    for organisation_id in organisation_ids:
        transaction.on_commit(partial(tasks.wake, organisation_id), robust=True)
