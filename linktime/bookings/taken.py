"""What takes hosts' time: bookings, in whichever account, and holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from linktime.bookings.models import Booking
from linktime.scheduling.models import EventType
from linktime.scheduling.slots import Busy

# The longest buffer and the longest meeting that an event type can have.
LONGEST_BUFFER = LONGEST_MEETING = timedelta(days=1)
# The longest period of a limit, and what zones differ by.
LONGEST_PERIOD = timedelta(days=33)


@dataclass(slots=True)
class Taken(Busy):
    """A host's time, from when to when and by what; `occasion` is None, and `seat` 0, for a hold."""

    host_id: int = 0
    event_type_id: int = 0
    occasion: UUID | None = None
    seat: int = 0


# Hosts' time in bookings, and in other visitors' holds. Plain SQL: it is asked under the hosts' locks, where what the
# ORM needs to make of two queries would double the wait of everybody else.
_TAKEN = """
    SELECT b.start, b."end", e.buffer_before, e.buffer_after, h.host_id, e.id, h.occasion, b.seat
    FROM bookings_bookinghost h
    JOIN bookings_booking b ON b.id = h.booking_id
    JOIN scheduling_eventtype e ON e.id = b.event_type_id
    WHERE h.active AND h.host_id = ANY(%(hosts)s) AND h.during && tstzrange(%(first)s, %(last)s) AND b.id <> %(moving)s
    UNION ALL
    SELECT o.start, o."end", e.buffer_before, e.buffer_after, held.id, e.id, NULL, 0
    FROM bookings_hold o
    JOIN scheduling_eventtype e ON e.id = o.event_type_id
    CROSS JOIN unnest(o.host_ids) AS held(id)
    WHERE held.id = ANY(%(hosts)s) AND o.expires_at > %(now)s AND o.visitor <> %(visitor)s
    AND o.start < %(last)s AND o."end" > %(first)s
"""


def by_host(
    event_type: EventType,
    host_ids: Iterable[int],
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    visitor: str,
    moving: Booking | None,
) -> dict[int, list[Taken]]:
    """Return what takes the time of each host near meetings that begin from `start` to `end`, in one query.

    A visitor's own hold, and a booking to be moved, take nobody's time.
    """
    found: dict[int, list[Taken]] = {host_id: [] for host_id in host_ids}
    around = LONGEST_PERIOD if event_type.rules.limits.any else timedelta()
    asked: dict[str, Any] = {
        "hosts": list(found),
        "first": start - LONGEST_BUFFER - around,
        "last": end + LONGEST_MEETING + LONGEST_BUFFER + around,
        "now": now,
        "visitor": visitor,
        "moving": moving.pk if moving else 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, asked)
        rows = cursor.fetchall()  # at once: row by row takes twice as long
    for row in rows:
        taken = Taken(*row)
        found[taken.host_id].append(taken)
    return found
