"""Make, change and delete event types.

`values` are those of the API: `slug`, `title`, `description`, `durations`, `schedule_id`, `location`, `slot_interval`,
`slot_offset`, `buffer_before`, `buffer_after`, `minimum_notice`, `window`, `limits`, `assignment`, `hosts`,
`host_options`, `seats`, `questions`, `visibility`, `requires_approval`, `requires_verification`,
`reschedule_deadline`, `cancel_deadline`, `redirect_url`, `reminders`, `follow_ups`, `texts`, `active`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from linktime.accounts.access import Actor
from linktime.accounts.models import Membership
from linktime.core import text
from linktime.core.errors import Conflict
from linktime.core.faults import Faults, refuse
from linktime.core.values import flag, listed, one_of, whole
from linktime.scheduling import hosts, limits, locations, places, questions, texts, windows
from linktime.scheduling.models import EventType, Place
from linktime.scheduling.slugs import slug

ONE_DAY = 24 * 60
LONGEST_NOTICE = 366 * ONE_DAY
LONGEST_REMINDER = 30 * ONE_DAY
MOST_DURATIONS = 20
MOST_REMINDERS = 5
MOST_SEATS = 1000


def _minutes(at_least: int, at_most: int) -> Callable[[Any], int]:
    return lambda value: whole(value, at_least=at_least, at_most=at_most)


def _or_none(rule: Callable[[Any], int]) -> Callable[[Any], int | None]:
    return lambda value: None if value is None else rule(value)


def _different(message: str, rule: Callable[[Any], int], *, at_least: int, at_most: int) -> Callable[[Any], list[int]]:
    """Return a rule for a list of numbers in which none is there twice."""

    def clean(value: Any) -> list[int]:
        found: list[int] = []
        with Faults() as faults:
            for place, entry in enumerate(listed(value, at_least=at_least, at_most=at_most)):
                with faults.at(place):
                    number = rule(entry)
                    if number in found:
                        refuse("not_unique", message)
                    found.append(number)
        return found

    return clean


def _redirect(value: Any) -> str:
    return text.url(value) if value else ""


_before = _different("This moment is there twice.", _minutes(0, LONGEST_REMINDER), at_least=0, at_most=MOST_REMINDERS)

RULES: dict[str, Callable[[Any], Any]] = {
    "slug": slug,
    "title": lambda value: text.line(value, at_most=200),
    "description": text.lines,
    "durations": _different("This duration is there twice.", _minutes(1, ONE_DAY), at_least=1, at_most=MOST_DURATIONS),
    "location": locations.clean,
    "slot_interval": _or_none(_minutes(1, ONE_DAY)),
    "slot_offset": _minutes(0, ONE_DAY),
    "buffer_before": _minutes(0, ONE_DAY),
    "buffer_after": _minutes(0, ONE_DAY),
    "minimum_notice": _minutes(0, LONGEST_NOTICE),
    "window": windows.clean,
    "limits": limits.clean,
    "questions": questions.clean,
    "assignment": lambda value: one_of(value, EventType.Assignment.values),
    "seats": lambda value: whole(value, at_least=1, at_most=MOST_SEATS),
    "visibility": lambda value: one_of(value, EventType.Visibility.values),
    "requires_approval": flag,
    "requires_verification": flag,
    "reschedule_deadline": _or_none(_minutes(0, LONGEST_NOTICE)),
    "cancel_deadline": _or_none(_minutes(0, LONGEST_NOTICE)),
    "redirect_url": _redirect,
    "reminders": _before,
    "follow_ups": _before,
    "texts": texts.clean,
    "active": flag,
}
HOSTING: dict[str, tuple[str, Callable[[Actor, Any], Any]]] = {
    "schedule_id": ("schedule", places.schedule),
    "hosts": ("hosts", places.members),
    "host_options": ("host_options", places.options),
}
REQUIRED = ("slug", "title", "durations")


def create(actor: Actor, values: Mapping[str, Any]) -> EventType:
    """Make an event type, by default with the actor as host, the hosts' own first schedules, and 60 days ahead.

    Raises Invalid with every fault; Conflict `slug_taken`.
    """
    defaults = dict.fromkeys(REQUIRED) | {"hosts": None, "window": {"kind": "rolling", "days": 60}}
    return _saved(EventType(account=actor.account), actor, defaults | dict(values))


def update(event_type: EventType, actor: Actor, values: Mapping[str, Any]) -> EventType:
    """Change what `values` names, and nothing else; bookings that were made keep what they have.

    Raises Invalid with every fault; Conflict `slug_taken`.
    """
    return _saved(event_type, actor, values)


def delete(event_type: EventType) -> None:
    """Delete an event type that nobody ever booked; Conflict `has_bookings` else."""
    with transaction.atomic():
        # Whoever books it now waits, and then finds it gone.
        hosts.lock(event_type.places.values_list("host_id", flat=True))
        try:
            event_type.delete()
        except ProtectedError as error:
            raise Conflict(
                "This event type has bookings, and their history stays. Deactivate it instead.", code="has_bookings"
            ) from error


def _saved(event_type: EventType, actor: Actor, values: Mapping[str, Any]) -> EventType:
    try:
        with transaction.atomic():
            clean = _clean(actor, values)
            chosen = {field: clean.pop(field) for field, _ in HOSTING.values() if field in clean}
            for name, value in clean.items():
                setattr(event_type, name, value)
            team = places.arranged(event_type, actor, chosen)
            event_type.host, event_type.schedule = team[0].host, team[0].schedule
            _require_fitting_hosts(event_type, team, values)
            event_type.save(update_fields=None if event_type.pk is None else [*clean, "host", "schedule"])
            places.keep(event_type, team)
    except IntegrityError as error:
        if "slug_once_an_account" not in str(error):
            raise
        raise Conflict("Another event type has this address. Choose another one.", code="slug_taken") from error
    return event_type


def _clean(actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {}
    with Faults() as faults:
        for name, value in values.items():
            with faults.at(name):
                field, rule = _rule(name, actor)
                clean[field] = rule(value)
    return clean


def _rule(name: str, actor: Actor) -> tuple[str, Callable[[Any], Any]]:
    """Return the model's field for a value of the API, and what checks it."""
    if name in HOSTING:
        field, rule = HOSTING[name]
        return field, partial(rule, actor)
    if name not in RULES:
        refuse("unknown_field", "An event type has no such field.")
    return name, RULES[name]


def _require_fitting_hosts(event_type: EventType, team: Sequence[Place], values: Mapping[str, Any]) -> None:
    """Keep a single host single, and an event type whose host has left the account switched off until it has others."""
    if event_type.assignment == EventType.Assignment.SINGLE and len(team) > 1:
        field = "hosts" if "hosts" in values else "assignment"
        refuse("wrong_length", "One host meets alone. Choose round_robin or collective for several.", field=field)
    if values.get("active") and absent(event_type, team):
        refuse("not_a_member", "A host has left this account. Choose another one first.", field="hosts")


def absent(event_type: EventType, team: Sequence[Place]) -> bool:
    """Tell whether any of these hosts is no member of the event type's account."""
    wanted = {place.host_id for place in team}
    there = Membership.objects.filter(account=event_type.account_id, user__in=wanted).count()
    return there < len(wanted)
