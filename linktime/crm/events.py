"""What `crm` tells the rest, through `core.events`, in the transaction that does it."""

from dataclasses import dataclass
from datetime import datetime

from linktime.connections.models import Connection


@dataclass(frozen=True, slots=True)
class BookingsHeldUp:
    """Some bookings failed to reach the CRM just now (`failed`: their records), or still wait after a day."""

    connection: Connection
    failed: tuple[int, ...]
    at: datetime
