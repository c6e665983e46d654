"""What is done for connections beside syncing, as tasks: checks."""

from datetime import datetime
from functools import partial

from django.db import transaction

from linktime.connections.events import ConnectionResumed
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm import check as checks
from linktime.crm import tasks
from linktime.crm.models import Organisation
from linktime.jobs.enqueue import CRM, enqueue_once, task


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


def _queue_of(connection: Connection) -> str:
    organisation = Organisation.objects.filter(crm=connection.service, key=connection.organisation_key)
    return tasks.queue_of(organisation)
