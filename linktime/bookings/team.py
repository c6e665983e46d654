"""The hosts of an event type, with all that decides when they can meet, and who of them does."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from linktime.bookings import taken
from linktime.bookings.models import Booking
from linktime.bookings.taken import Taken
from linktime.core.compiled import Compiled, Given
from linktime.scheduling.hours import HostHours
from linktime.scheduling.models import Absence, EventType, Place
from linktime.scheduling.slots import Busy, Host

type Times = tuple[datetime, datetime]

_absences = Compiled(lambda: Absence.objects.filter(host__places__event_type=Given("event_type")))
_places = Compiled(
    lambda: Place.objects.filter(event_type=Given("event_type")).select_related("schedule").order_by("order", "id")
)


@dataclass(frozen=True, slots=True)
class Shared:
    """A meeting with free seats; `occasion` is None while its seats are only held."""

    occasion: UUID | None
    seats: frozenset[int]

    @property
    def free_seat(self) -> int:
        return next(seat for seat in range(1, len(self.seats) + 2) if seat not in self.seats)


@dataclass(frozen=True, slots=True)
class Side:
    """One host's side. `host` counts everything as taken; `others` is that without the meetings in `shared`."""

    place: Place
    host: Host
    others: Sequence[Busy] = ()
    shared: dict[Times, Shared] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who meets: these hosts, on this occasion, with this seat for the invitee."""

    places: list[Place]
    occasion: UUID
    seat: int


class Team:
    """An event type and its places, in order."""

    def __init__(self, event_type: EventType, places: Sequence[Place]) -> None:
        self.event_type = event_type
        self.places = places
        self._absences: dict[int, list[Absence]] | None = None

    @classmethod
    def of(cls, event_type: EventType) -> "Team":
        return cls(event_type, _places(event_type=event_type.pk))

    @property
    def host_ids(self) -> list[int]:
        return [place.host_id for place in self.places]

    def sides(
        self, *, start: datetime, end: datetime, now: datetime, visitor: str, moving: Booking | None
    ) -> list[Side]:
        """Return each host's side, for meetings that begin from `start` to before `end`."""
        found = taken.by_host(
            self.event_type, self.host_ids, start=start, end=end, now=now, visitor=visitor, moving=moving
        )
        hours = self._hours(now, end)
        return [_side(self.event_type, place, hours[place.host_id], found[place.host_id]) for place in self.places]

    def unoccupied(self, *, start: datetime, now: datetime) -> list[Side]:
        """Return each host's side, for a meeting that begins at `start`, as if nothing took their time."""
        hours = self._hours(now, start)
        return [Side(place, Host(hours[place.host_id])) for place in self.places]

    def groups(self, sides: Sequence[Side]) -> list[Sequence[Side]]:
        """Return those of whom all are needed for one meeting: each by himself in a round robin, else everybody."""
        if self.event_type.assignment == EventType.Assignment.ROUND_ROBIN:
            return [[side] for side in sides]
        return [sides] if sides else []

    @property
    def next_turn(self) -> int:
        return 1 + max(place.last_turn for place in self.places)

    def _hours(self, now: datetime, end: datetime) -> dict[int, HostHours]:
        if self._absences is None:
            self._absences = defaultdict(list)
            for absence in _absences(event_type=self.event_type.pk):
                self._absences[absence.host_id].append(absence)
        years = range(now.year - 1, end.year + 2)
        return {
            place.host_id: place.schedule.hours(self._absences.get(place.host_id, ()), years) for place in self.places
        }


def seat_among(team: Team, able: Sequence[Sequence[Side]], times: Times, moving: Booking | None) -> Seat | None:
    """Choose who of those who are able meets at these times; None when nobody is.

    A booking that moves stays with its host; who sits with others already gets one more; else it is the turn of
    whoever has waited longest, those of more weight waiting faster.
    """
    if not able:
        return None
    keeping = set(moving.booking_hosts.values_list("host_id", flat=True)) if moving and len(able) > 1 else set()

    def preference(group: Sequence[Side]) -> tuple[bool, bool, int, int, int]:
        place, shared = group[0].place, group[0].shared.get(times)
        waited = (team.next_turn - place.last_turn) * place.weight
        joined = shared is not None and shared.occasion is not None
        return place.host_id not in keeping, not joined, -waited, place.last_turn, place.order

    group = min(able, key=preference)
    shared = group[0].shared.get(times) or Shared(None, frozenset())
    return Seat([side.place for side in group], shared.occasion or uuid4(), shared.free_seat)


def _side(event_type: EventType, place: Place, hours: HostHours, rows: Sequence[Taken]) -> Side:
    if event_type.seats == 1 and not event_type.rules.limits.any:  # nobody joins another, and nothing is counted
        return Side(place, Host(hours, rows), others=rows)
    ours: dict[Times, list[Taken]] = defaultdict(list)
    for row in rows:
        if row.event_type_id == event_type.pk:
            ours[row.start, row.end].append(row)
    shared = {times: _shared(group) for times, group in ours.items() if len(group) < event_type.seats}
    return Side(
        place,
        Host(hours, rows, [start for start, _ in ours]),
        others=[row for row in rows if row.event_type_id != event_type.pk or (row.start, row.end) not in shared],
        shared=shared,
    )


def _shared(group: Sequence[Taken]) -> Shared:
    occasion = next((row.occasion for row in group if row.occasion), None)
    return Shared(occasion, frozenset(row.seat for row in group if row.seat))
