"""What is done for connections beside syncing, as tasks: checks, backfills, nightly comparisons.

As with drains, rows are the truth and a job is a wake-up: `go_on` sends another one for all that is not done.
"""

import logging
import time
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from linktime.connections.events import ConnectionResumed
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm import actions, claim, reconcile, registry, tasks
from linktime.crm import backfill as backfills
from linktime.crm import check as checks
from linktime.crm.contract import TakenOver
from linktime.crm.lease import Lease
from linktime.crm.models import Backfill, Organisation, Reconciliation
from linktime.jobs.enqueue import CRM, TROUBLED, enqueue_once, others_wait, periodic, task

logger = logging.getLogger(__name__)

LONGEST_FILL = LONGEST_COMPARISON = 20.0  # seconds; then other jobs have their turn


@task(queue=CRM)
def check(connection_id: int) -> None:
    """Ask a CRM what is in the way of bookings; a connection that is gone by now needs no check."""
    connection = Connection.objects.exclude(state=Connection.State.DISCONNECTED).filter(pk=connection_id).first()
    if connection:
        checks.run(connection, clock.shared())


def check_resumed(event: ConnectionResumed) -> None:
    """Check a connection as soon as it works."""
    check_soon(event.connection, event.at)


def check_soon(connection: Connection, now: datetime) -> None:
    """Have a worker check a connection."""
    checks.begin(connection, now)
    transaction.on_commit(partial(_wake_check, connection), robust=True)


def _wake_check(connection: Connection) -> None:
    enqueue_once(check, f"check:{connection.pk}", queue=_queue_of(connection), connection_id=connection.pk)


@task(queue=CRM)
def backfill(backfill_id: int) -> None:
    """Find bookings for a while, or end a backfill that is being stopped; what is left is gone on with."""
    found = Backfill.objects.select_related("connection").get(pk=backfill_id)
    if found.state == Backfill.State.STOPPING:
        backfills.forget(found)
        return
    until, now = time.monotonic() + LONGEST_FILL, clock.shared()
    while backfills.fill(found, now()):
        if time.monotonic() > until:
            return


def backfill_soon(found: Backfill) -> None:
    transaction.on_commit(partial(_wake_backfill, found.pk), robust=True)


def _wake_backfill(backfill_id: int) -> None:
    enqueue_once(backfill, f"backfill:{backfill_id}", backfill_id=backfill_id)


@task(queue=CRM)
def compare(reconciliation_id: int) -> None:
    """Go on with a connection's comparison while nothing else is due at its organisation, and nobody else waits."""
    found = Reconciliation.objects.select_related("connection__connected_by").get(pk=reconciliation_id)
    organisation_id = actions.organisation_of(found.connection).pk
    lease = Lease.take(organisation_id)
    if lease is None:
        return
    until, now = time.monotonic() + LONGEST_COMPARISON, clock.shared()

    def give_way() -> bool:
        late = time.monotonic() > until
        return late or claim.more_is_due(organisation_id, now()) or others_wait(CRM, TROUBLED)

    try:
        with lease:
            reconcile.compare(lease, found, now, give_way)
    except TakenOver:
        logger.info("organisation %s was taken over by another process", organisation_id)
    if claim.more_is_due(organisation_id, now()):
        tasks.wake(organisation_id)


def compare_now(connection: Connection, now: datetime) -> None:
    """Begin a comparison before its night."""
    reconcile.plan(connection, now)
    Reconciliation.objects.filter(connection=connection).update(due_at=now)
    transaction.on_commit(partial(_wake_comparisons, now), robust=True)


def _wake_comparisons(now: datetime) -> None:
    for found in _due_comparisons(now).select_related("connection"):
        queue = _queue_of(found.connection)
        enqueue_once(compare, f"compare:{found.pk}", queue=queue, reconciliation_id=found.pk)


def _due_comparisons(now: datetime) -> QuerySet[Reconciliation]:
    """Return those that are due where the connection works, and its organisation lets background work pass."""
    organisations = Organisation.objects.filter(
        crm=OuterRef("connection__service"), key=OuterRef("connection__organisation_key")
    )
    held = Q(retry_at__gt=now) | Q(live_from__gt=now) | Q(background_from__gt=now)
    due = Reconciliation.objects.filter(due_at__lte=now, connection__state=Connection.State.CONNECTED)
    return due.exclude(Exists(organisations.filter(held)))


@periodic(cron="* * * * * */5")
def go_on(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    """Go on with every backfill that is under way, and with every comparison that is due."""
    under_way = Backfill.objects.filter(state__in=backfills.UNDER_WAY)
    for backfill_id in under_way.exclude(connection__state=Connection.State.DISCONNECTED).values_list("pk", flat=True):
        _wake_backfill(backfill_id)
    _wake_comparisons(clock.shared()())


@periodic(cron="* * * * * 30")
def plan_nights(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    """Give every connection its time of the night."""
    unplanned = Connection.objects.filter(service__in=registry.crms(), state=Connection.State.CONNECTED)
    for connection in unplanned.filter(reconciliation=None).select_related("connected_by"):
        reconcile.plan(connection, clock.shared()())


def _queue_of(connection: Connection) -> str:
    organisation = Organisation.objects.filter(crm=connection.service, key=connection.organisation_key)
    return tasks.queue_of(organisation.values_list("failures", flat=True))
