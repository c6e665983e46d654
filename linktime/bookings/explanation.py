"""Why an event type is not offered at a time: what `availability.offered` goes by, told for each who could meet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linktime.bookings.availability import HORIZON, MOMENT, duration_of
from linktime.bookings.team import Side, Team
from linktime.scheduling.explain import Reason, explain
from linktime.scheduling.models import EventType, Place
from linktime.scheduling.rules import Limits
from linktime.scheduling.slots import Host


@dataclass(frozen=True, slots=True)
class Verdict:
    """What keeps these hosts, all of whom are needed, from meeting; no reasons mean that they can.

    A reason's `host` is the place among `places`; its `busy` is a `Taken`.
    """

    places: tuple[Place, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`closed`: the event type is switched off; `beyond`: nothing is offered so far ahead."""

    closed: bool
    beyond: bool
    verdicts: tuple[Verdict, ...]

    @property
    def offered(self) -> bool:
        return not self.closed and not self.beyond and any(not verdict.reasons for verdict in self.verdicts)


def explained(event_type: EventType, *, at: datetime, duration: int | None, now: datetime) -> Explanation:
    """Tell why a meeting of `duration` minutes (None: the first) can or can't begin at an instant, for a newcomer.

    Raises Invalid when the event type has no such duration.
    """
    minutes = duration_of(event_type, duration)
    team = Team.of(event_type)
    sides = team.sides(start=at, end=at + MOMENT, now=now, visitor="", moving=None)
    verdicts = [_verdict(event_type, group, at, minutes, now) for group in team.groups(sides)]
    return Explanation(not event_type.active, at >= now + HORIZON, tuple(verdicts))


def _verdict(event_type: EventType, group: Sequence[Side], at: datetime, minutes: int, now: datetime) -> Verdict:
    """Look at a group alone, or, where its hosts meet at this very time with seats left, as one invitee more."""
    rules, hosts = event_type.rules, [side.host for side in group]
    if all((at, at + timedelta(minutes=minutes)) in side.shared for side in group):
        rules = replace(rules, limits=Limits())
        hosts = [Host(side.host.hours, side.others) for side in group]
    reasons = explain(rules, hosts, duration=minutes, at=at, now=now)
    return Verdict(tuple(side.place for side in group), tuple(reasons))
