"""How a connection moves between its states.

Each move is one conditional update and is told to others once, in the same transaction.
"""

from datetime import datetime

from django.db import transaction

from linktime.accounts.models import Account
from linktime.connections.events import ConnectionNeedsReconnect, ConnectionResumed
from linktime.connections.models import Connection, State
from linktime.core import events

USABLE = (State.CONNECTED, State.PAUSED)


def grant_died(connection: Connection, *, code: str, message: str) -> bool:
    """Note that the grant, as this instance knows it, is dead. False when that is known, or there is a newer grant."""
    with transaction.atomic():
        rows = Connection.objects.filter(pk=connection.pk, generation=connection.generation, state__in=USABLE)
        died = rows.update(state=State.NEEDS_RECONNECT, refreshing_until=None, error_code=code, error_message=message)
        if died:
            connection.refresh_from_db()
            events.publish(ConnectionNeedsReconnect(connection))
    return bool(died)


def pause_for_plan(account: Account) -> None:
    """Pause what is connected: the plan no longer includes it. Grants are kept, and kept alive."""
    Connection.objects.filter(account=account, state=State.CONNECTED).update(state=State.PAUSED)


def resume_for_plan(account: Account, now: datetime) -> None:
    """Resume what the plan had paused; what waits for a reconnection goes on waiting."""
    with transaction.atomic():
        paused = Connection.objects.filter(account=account, state=State.PAUSED)
        for connection in paused.select_for_update(no_key=True).order_by("pk"):
            connection.state = State.CONNECTED
            connection.save(update_fields=["state"])
            events.publish(ConnectionResumed(connection, now))
