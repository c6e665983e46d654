"""What is done for connections beside syncing, as tasks: checks and backfills.

As with drains, rows are the truth and a job is a wake-up: `go_on` sends another one for all that is not done.
"""

import time
from datetime import datetime
from functools import partial

from django.db import transaction

from linktime.connections.events import ConnectionResumed
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm import backfill as backfills
from linktime.crm import check as checks
from linktime.crm import tasks
from linktime.crm.models import Backfill, Organisation
from linktime.jobs.enqueue import CRM, enqueue_once, periodic, task

LONGEST_FILL = 20.0  # seconds; then other jobs have their turn


@task(queue=CRM)
def check(connection_id: int) -> None:
    """Ask a CRM what is in the way of bookings; a connection that is gone by now needs no check."""
    connection = Connection.objects.exclude(state=Connection.State.DISCONNECTED).filter(pk=connection_id).first()
    if connection:
        checks.run(connection, clock.now)


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
    until = time.monotonic() + LONGEST_FILL
    while backfills.fill(found, clock.now()):
        if time.monotonic() > until:
            return


def backfill_soon(found: Backfill) -> None:
    transaction.on_commit(partial(_wake_backfill, found.pk), robust=True)


def _wake_backfill(backfill_id: int) -> None:
    enqueue_once(backfill, f"backfill:{backfill_id}", backfill_id=backfill_id)


@periodic(cron="* * * * * */5")
def go_on(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    """Go on with every backfill that is under way."""
    under_way = Backfill.objects.filter(state__in=backfills.UNDER_WAY)
    for backfill_id in under_way.exclude(connection__state=Connection.State.DISCONNECTED).values_list("pk", flat=True):
        _wake_backfill(backfill_id)


def _queue_of(connection: Connection) -> str:
    organisation = Organisation.objects.filter(crm=connection.service, key=connection.organisation_key)
    return tasks.queue_of(organisation)
