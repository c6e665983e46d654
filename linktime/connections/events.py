"""What `connections` tells the rest, through `core.events`, in the transaction that does it."""

from dataclasses import dataclass
from datetime import datetime

from linktime.connections.models import Connection


@dataclass(frozen=True, slots=True)
class ConnectionResumed:
    """A connection works from now on: connected, reconnected, or no longer paused."""

    connection: Connection
    at: datetime


@dataclass(frozen=True, slots=True)
class ConnectionNeedsReconnect:
    """A connection's grant is dead; told once for each death. `error_code` and `error_message` say why."""

    connection: Connection
