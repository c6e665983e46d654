"""Bookings made before a connection, brought to its CRM: found bit by bit, synced like any other, behind live ones.

A booking that has a record already is left, so a second backfill makes nothing twice. Stopped, it forgets what was
found and not yet begun: nothing of that is due any more, and as soon as the drain that may have some of it in hand is
over, its records are removed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from linktime.accounts.models import User
from linktime.bookings.models import Booking
from linktime.connections.models import Connection
from linktime.core.errors import Conflict
from linktime.core.faults import refuse
from linktime.crm import actions
from linktime.crm.models import Backfill, Organisation, SyncRecord

State = Backfill.State
UNDER_WAY = (State.FILLING, State.STOPPING)
AT_A_TIME = 500  # bookings in one transaction
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class UnderWay(Conflict):
    code = "backfill_under_way"

    def __init__(self) -> None:
        super().__init__("A backfill of this connection is looking for bookings. Wait for it, or stop it first.")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backfill is, in bookings; `a_minute` is how many were synced in the last one.

    `pace` is how many would be at this rate, where it has not lasted that long.
    """

    total: int
    synced: int
    failed: int
    waiting: int
    a_minute: int
    pace: float
    running: bool

    @property
    def minutes_left(self) -> int | None:
        """How long it takes at this pace; None when nobody can say."""
        left = self.total - self.synced - self.failed
        return ceil(left / self.pace) if self.pace else None


def missing(connection: Connection, *, since: datetime, until: datetime) -> QuerySet[Booking]:
    """Return the bookings of a time that this connection knows nothing of; of an invitee who was erased, nothing."""
    known = SyncRecord.objects.filter(connection=connection, booking=OuterRef("pk"))
    theirs = Booking.objects.agreed().filter(account=connection.account_id, erased_at=None)
    return theirs.filter(~Exists(known), start__gte=since, start__lt=until)


def begin(connection: Connection, *, since: datetime, until: datetime, user: User | None, now: datetime) -> Backfill:
    """Begin with the bookings that start from `since` on and before `until`. Raises Invalid (`to`) or UnderWay."""
    if until <= since:
        refuse("ends_before_start", "The end comes after the start.", field="to")
    with _alone(connection):
        if connection.backfills.filter(state__in=UNDER_WAY).exists():
            raise UnderWay
        return Backfill.objects.create(
            account_id=connection.account_id,
            connection=connection,
            asked_by=user,
            since=since,
            until=until,
            total=missing(connection, since=since, until=until).count(),
            started_at=now,
        )


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Open a transaction in which nobody else begins or stops a backfill of this connection."""
    with transaction.atomic():
        Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
        yield


def fill(backfill: Backfill, now: datetime) -> bool:
    """Make the records of the next bookings, in a transaction of their own; say whether there may be more.

    While the CRM is disconnected there are none: connected again, it goes on.
    """
    with transaction.atomic():
        current = Backfill.objects.select_for_update(of=("self",)).select_related("connection").get(pk=backfill.pk)
        if current.state != State.FILLING or not current.connection.live:
            return False
        bookings, organisation = _next(current), _organisation(current)
        records = [_record(current, organisation, booking, now) for booking in bookings]
        SyncRecord.objects.bulk_create(records, ignore_conflicts=True)
        _note(current, bookings)
        if bookings:
            actions.wake([organisation.pk])
    return bool(bookings)


def _next(backfill: Backfill) -> list[Booking]:
    """Lock the next bookings, the latest first: a change of one waits, and then finds its record."""
    found = missing(backfill.connection, since=backfill.since, until=backfill.until)
    if backfill.reached:
        found = found.filter(start__lte=backfill.reached)
    locked = found.select_for_update(no_key=True, of=("self",))
    return list(locked.order_by("-start", "id")[:AT_A_TIME])


def _record(backfill: Backfill, organisation: Organisation, booking: Booking, now: datetime) -> SyncRecord:
    return SyncRecord(
        account_id=backfill.account_id,
        organisation=organisation,
        connection=backfill.connection,
        booking=booking,
        backfill=backfill,
        wanted_revision=booking.revision,
        wanted_at=now,
        cause=SyncRecord.Cause.BACKFILL,
        pending_since=now,
        urgency=SyncRecord.Urgency.BACKGROUND,
        due_at=now,
    )


def _note(backfill: Backfill, bookings: list[Booking]) -> None:
    """Write down how far it is; at the end, how many there really were."""
    if bookings:
        backfill.reached = bookings[-1].start
    else:
        backfill.state, backfill.total = State.FILLED, backfill.records.count()
    backfill.save(update_fields=["reached", "state", "total"])


def stop(backfill: Backfill) -> bool:
    """Begin no more of it; False when there is nothing left to stop. What is on its way arrives."""
    with _alone(backfill.connection):
        current = Backfill.objects.select_for_update().get(pk=backfill.pk)
        if current.state in (State.STOPPING, State.STOPPED) or not progress(current, current.started_at).running:
            return False
        current.state, current.epoch = State.STOPPING, _organisation(current).epoch
        current.save(update_fields=["state", "epoch"])
        _not_begun(current).update(due_at=None)
    return True


def forget(backfill: Backfill) -> bool:
    """Remove what was not begun of a backfill that is being stopped; False while a drain may have some in hand.

    What is not due is claimed by nobody, so what no drain of that time holds is safe to remove without the lease.
    """
    organisations = Organisation.objects.filter(pk=_organisation(backfill).pk)
    if backfill.epoch is not None and organisations.filter(epoch=backfill.epoch, lease_until__gt=Now()).exists():
        return False
    while _removed(_not_begun(backfill).filter(due_at=None)):
        pass
    stopping = Backfill.objects.filter(pk=backfill.pk, state=State.STOPPING)
    stopping.update(state=State.STOPPED, total=backfill.records.count())
    return True


def _removed(records: QuerySet[SyncRecord]) -> int:
    """Remove some records, locked first: one that a change has just made due stays."""
    with transaction.atomic():
        keys = list(records.select_for_update().values_list("pk", flat=True)[:AT_A_TIME])
        SyncRecord.objects.filter(pk__in=keys).delete()
    return len(keys)


def _not_begun(backfill: Backfill) -> QuerySet[SyncRecord]:
    waiting = SyncRecord.objects.filter(backfill=backfill, state=SyncRecord.State.PENDING, shown_revision=0)
    return waiting.filter(attempt__isnull=True, doubt__isnull=True, contact_id="")


def _organisation(backfill: Backfill) -> Organisation:
    return actions.organisation_of(backfill.connection)


def progress(backfill: Backfill, now: datetime) -> Progress:
    counted = backfill.records.aggregate(
        synced=Count("id", Q(state__in=(SyncRecord.State.SYNCED, SyncRecord.State.SKIPPED))),
        failed=Count("id", Q(state=SyncRecord.State.FAILED)),
        waiting=Count("id", Q(state=SyncRecord.State.PENDING)),
        a_minute=Count("id", Q(synced_at__gt=now - MINUTE)),
    )
    running = backfill.state in UNDER_WAY or bool(counted["waiting"])
    lasted = min(max(now - backfill.started_at, SECOND), MINUTE)
    return Progress(total=backfill.total, running=running, pace=counted["a_minute"] * (MINUTE / lasted), **counted)
