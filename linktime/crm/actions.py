"""What people and other parts do with sync: want a revision shown, retry, go on after reconnecting."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When

from linktime.bookings.events import BookingChanged
from linktime.bookings.models import Booking
from linktime.connections.events import ConnectionResumed
from linktime.connections.models import Connection
from linktime.core.meeting import ChangeKind
from linktime.crm import registry, tasks
from linktime.crm.models import Organisation, SyncRecord
from linktime.crm.plan import PATIENT_TRIES
from linktime.crm.weather import CLEAR


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
    _make_due(records, change.at, urgency=SyncRecord.Urgency.LIVE, wanted_revision=change.revision)
    _try_again(organisations)
    wake(organisations)


def _begin_records(booking: Booking, now: datetime) -> None:
    connections = Connection.objects.filter(account=booking.account_id, service__in=registry.crms())
    for connection in connections.exclude(state=Connection.State.DISCONNECTED):
        organisation = organisation_of(connection)
        SyncRecord.objects.create(
            account_id=booking.account_id,
            organisation=organisation,
            connection=connection,
            booking=booking,
            wanted_revision=booking.revision,
            due_at=now,
            pending_since=now,
        )
        _try_again([organisation.pk])
        wake([organisation.pk])


def _try_again(organisation_ids: Iterable[int]) -> None:
    """Take a booking for an occasion to ask an organisation that has not answered for long."""
    waiting = Organisation.objects.filter(pk__in=organisation_ids, failures__gt=PATIENT_TRIES)
    waiting.update(retry_at=None)


def organisation_of(connection: Connection) -> Organisation:
    organisation, _ = Organisation.objects.get_or_create(crm=connection.service, key=connection.organisation_key)
    return organisation


def go_on(event: ConnectionResumed) -> None:
    """Make everything due that waited for this connection, what failed for want of it included."""
    organisation = organisation_of(event.connection)
    Organisation.objects.filter(pk=organisation.pk).update(**asdict(CLEAR))
    waiting = SyncRecord.objects.filter(connection=event.connection, state=SyncRecord.State.PENDING)
    _make_due(waiting, event.at)
    wake([organisation.pk])


def retry_failed(connection: Connection, now: datetime) -> int:
    """Give every failed record of a connection a new chance; return how many there were."""
    failed = SyncRecord.objects.filter(connection=connection, state=SyncRecord.State.FAILED)
    organisations = set(failed.values_list("organisation_id", flat=True))
    count = _make_due(failed, now, urgency=SyncRecord.Urgency.PERSON)
    wake(organisations)
    return count


def retry_record(record: SyncRecord, now: datetime) -> None:
    """Try one record again now, whether it failed or waits."""
    Organisation.objects.filter(pk=record.organisation_id).update(retry_at=None)
    waiting = SyncRecord.objects.filter(pk=record.pk).exclude(state=SyncRecord.State.SYNCED)
    _make_due(waiting, now, urgency=SyncRecord.Urgency.PERSON)
    wake([record.organisation_id])


def _make_due(records: QuerySet[SyncRecord], now: datetime, **changes: object) -> int:
    """Let records be tried now; the error of the last time stays until there is a newer one, or none."""
    pending = SyncRecord.State.PENDING
    since = Case(When(state=pending, then=F("pending_since")), default=Value(now))
    return records.update(state=pending, pending_since=since, due_at=now, tries=0, **changes)


def wake(organisation_ids: Iterable[int]) -> None:
    """Wake the drains when the transaction has committed: one woken earlier could find nothing to do and end."""
    for organisation_id in organisation_ids:
        transaction.on_commit(partial(tasks.wake, organisation_id), robust=True)
