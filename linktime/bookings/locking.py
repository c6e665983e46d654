"""An event type under its hosts' locks: nothing that decides about their time changes until the transaction ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from linktime.bookings.availability import HORIZON, MOMENT, able, check_on_offer
from linktime.bookings.conflicts import ChangedMeanwhile, NotBookable
from linktime.bookings.models import Booking
from linktime.bookings.team import Seat, Side, Team, seat_among
from linktime.core.compiled import Compiled, Given
from linktime.core.errors import NotFound
from linktime.scheduling import hosts
from linktime.scheduling.models import EventType, Place

_places = Compiled(
    lambda: (
        Place.objects.filter(event_type=Given("event_type"))
        .select_related("schedule", "host", "event_type")
        .order_by("order", "id")
    )
)


def locked_team(event_type: EventType) -> Team:
    """Lock all hosts of an event type, and return it and them as they are now; the caller has the transaction.

    Raises NotFound, NotBookable, or ChangedMeanwhile when it has just been given other hosts.
    """
    held = set(hosts.lock_all_of(event_type.pk))
    team = current_team(event_type)
    if not team.event_type.active:
        raise NotBookable
    if not held.issuperset(team.host_ids):
        raise ChangedMeanwhile
    return team


def current_team(event_type: EventType) -> Team:
    """Read an event type again, with its places and their hours, in one query."""
    places = _places(event_type=event_type.pk)
    if not places:
        raise NotFound
    return Team(places[0].event_type, places)


def seat(
    team: Team, *, start: datetime, minutes: int, now: datetime, visitor: str, moving: Booking | None
) -> Seat | None:
    """Return who meets at `start`, or None when somebody has this time; Invalid when the rules don't offer it."""
    found: list[Sequence[Side]] = []
    if now <= start <= now + HORIZON:
        sides = team.sides(start=start, end=start + MOMENT, now=now, visitor=visitor, moving=moving)
        found = able(team.event_type, team.groups(sides), start=start, minutes=minutes, now=now)
    if not found:
        check_on_offer(team, start, minutes, now)
    return seat_among(team, found, (start, start + timedelta(minutes=minutes)), moving)
