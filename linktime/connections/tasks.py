"""Grants that nobody uses end by themselves; these tasks use them in time."""

import logging
from collections.abc import Iterator
from datetime import datetime

from linktime.connections import directory, states, tokens
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.jobs.enqueue import CRM, enqueue_once, periodic, task

AT_ONCE = 500

logger = logging.getLogger(__name__)


@periodic(cron="23 * * * * 0")
def keep_alive(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told when it was due
    """Refresh, once an hour, the grants that have slept long."""
    for connection in sleeping(clock.now()):
        enqueue_once(refresh_sleeper, f"keep-alive-{connection.pk}", connection_id=connection.pk)


@task(queue=CRM)
def refresh_sleeper(connection_id: int) -> None:
    """Refresh one grant; what goes wrong is written down at the connection, and tried again in an hour."""
    now = clock.now()
    for connection in sleeping(now, pk=connection_id):
        try:
            tokens.refreshed(connection.pk, directory.facts_of(connection.service), stale=None, now=now)
        except tokens.TokenError as error:
            logger.warning("connection %s was not kept alive: %s", connection.pk, error)


def sleeping(now: datetime, **narrowed: object) -> Iterator[Connection]:
    """Yield the connections whose grant wants to be used, those that slept longest first."""
    for service in directory.services():
        longest = directory.facts_of(service).keep_alive_after
        if longest is None:
            continue
        rows = Connection.objects.filter(service=service, state__in=states.USABLE, refreshed_at__lte=now - longest)
        yield from rows.filter(**narrowed).order_by("refreshed_at")[:AT_ONCE]
