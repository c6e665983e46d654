"""When an event type can be booked, given what already takes its hosts' time. No remote call is made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from linktime.bookings.models import Booking
from linktime.bookings.team import Side, Team
from linktime.core.faults import Faults, refuse
from linktime.scheduling.models import EventType
from linktime.scheduling.rules import Limits, Rules, window_bounds
from linktime.scheduling.slots import Host, Slot, free_slots

# Nobody books further ahead, and date arithmetic is safe as far as that.
HORIZON = timedelta(days=5 * 366)
SPANS = (timedelta(days=7), timedelta(days=366))
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for `slots.py`: meetings of so many minutes that begin from `start` to before `end`."""

    minutes: int
    start: datetime
    end: datetime
    now: datetime

    def of(self, rules: Rules, hosts: Sequence[Host]) -> list[Slot]:
        return free_slots(rules, hosts, duration=self.minutes, start=self.start, end=self.end, now=self.now)


def offered(
    event_type: EventType,
    *,
    start: datetime,
    end: datetime,
    duration: int | None,
    now: datetime,
    moving: Booking | None = None,
    visitor: str = "",
) -> list[Slot]:
    """Return the slots with a beginning from `start` to before `end`, in order; none when the event type is inactive.

    `duration` (minutes) None means the event type's first. `moving` is a booking to be rescheduled: it keeps its
    length, does not block itself, and can be moved when its event type is inactive. What the `visitor` (see `holds.py`)
    has on hold is free for them. Instants are aware. Raises Invalid when the event type has no such duration. Three
    queries, whatever the range and however many hosts.
    """
    minutes = duration_of(event_type, duration, moving)
    if not event_type.active and moving is None:
        return []
    first, last = max(start, now), min(end, now + HORIZON)
    if first >= last:
        return []
    team = Team.of(event_type)
    sides = team.sides(start=first, end=last, now=now, visitor=visitor, moving=moving)
    return _of_any(event_type, team.groups(sides), Asked(minutes, first, last, now))


def next_slots(
    event_type: EventType,
    after: datetime,
    count: int,
    duration: int | None,
    now: datetime,
    *,
    moving: Booking | None = None,
    visitor: str = "",
) -> list[Slot]:
    """Return the first `count` slots from `after` on, or as many as there are within a year."""
    found: list[Slot] = []
    first = min(max(after, now), now + HORIZON)
    for span in SPANS:
        found = offered(
            event_type, start=first, end=first + span, duration=duration, now=now, moving=moving, visitor=visitor
        )
        if len(found) >= count:
            break
    return found[:count]


def duration_of(event_type: EventType, duration: int | None, moving: Booking | None = None) -> int:
    """Return the meeting's length in minutes; Invalid when it is not one of the event type's."""
    options = [moving.minutes] if moving else event_type.durations
    if duration is not None and duration not in options:
        with Faults() as faults, faults.at("duration"):
            refuse("not_an_option", _("Choose one of these lengths, in minutes: %s.") % ", ".join(map(str, options)))
    return int(options[0] if duration is None else duration)


def able(
    event_type: EventType, groups: Sequence[Sequence[Side]], *, start: datetime, minutes: int, now: datetime
) -> list[Sequence[Side]]:
    """Return those groups of hosts that can meet at this very time."""
    asked = Asked(minutes, start, start + MOMENT, now)
    return [group for group in groups if _of_group(event_type, group, asked)]


def check_on_offer(team: Team, start: datetime, minutes: int, now: datetime) -> None:
    """Raise Invalid, for the field `start`, when the rules do not offer this slot to anybody."""
    event_type = team.event_type
    with Faults() as faults, faults.at("start"):
        notice = timedelta(minutes=event_type.minimum_notice)
        if start < now:
            refuse("in_the_past", _("This time has passed. Choose another one."))
        if start < now + notice:
            refuse("too_soon", _("This is too soon for the host. Choose a later time."))
        if start > now + HORIZON:
            refuse("outside_window", _("This day can't be booked. Choose another one."))
        groups = team.groups(team.unoccupied(start=start, now=now))
        if not any(_within_window(event_type, group, start, now) for group in groups):
            refuse("outside_window", _("This day can't be booked. Choose another one."))
        if not able(event_type, groups, start=start, minutes=minutes, now=now):
            refuse("not_on_offer", _("No meeting begins at this time. Choose one of the times on offer."))


def _within_window(event_type: EventType, group: Sequence[Side], start: datetime, now: datetime) -> bool:
    bounds = [window_bounds(event_type.rules.window, side.host.hours, now) for side in group]
    return all(opens <= start < closes for opens, closes in bounds)


def _of_any(event_type: EventType, groups: Sequence[Sequence[Side]], asked: Asked) -> list[Slot]:
    """Return what any of these groups of hosts can offer, once and in order."""
    found = [slot for group in groups for slot in _of_group(event_type, group, asked)]
    by_start = {slot.start: slot for slot in found}
    return [by_start[at] for at in sorted(by_start)]


def _of_group(event_type: EventType, group: Sequence[Side], asked: Asked) -> list[Slot]:
    """Return when all of a group can meet, alone or as one more invitee in a meeting that has free seats."""
    alone = asked.of(event_type.rules, [side.host for side in group])
    shared = set.intersection(*(set(side.shared) for side in group))
    if not shared:
        return alone
    among_others = [Host(side.host.hours, side.others) for side in group]
    joinable = asked.of(replace(event_type.rules, limits=Limits()), among_others)
    return alone + [slot for slot in joinable if (slot.start, slot.end) in shared]
