"""Make, change and delete event types.

`values` are those of the API: `slug`, `title`, `description`, `durations`, `schedule_id`, `location`, `slot_interval`,
`buffer_before`, `buffer_after`, `minimum_notice`, `window`, `hosts`, `questions`, `active`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from linktime.accounts.access import Actor
from linktime.accounts.models import User
from linktime.core import text
from linktime.core.errors import Conflict
from linktime.core.faults import Faults, refuse
from linktime.core.values import flag, listed, whole
from linktime.scheduling import hosts, locations, questions, schedules, windows
from linktime.scheduling.models import EventType, Schedule
from linktime.scheduling.slugs import slug

ONE_DAY = 24 * 60
LONGEST_NOTICE = 366 * ONE_DAY
MOST_DURATIONS = 20


def _durations(value: Any) -> list[int]:
    durations: list[int] = []
    with Faults() as faults:
        for place, entry in enumerate(listed(value, at_least=1, at_most=MOST_DURATIONS)):
            with faults.at(place):
                minutes = whole(entry, at_least=1, at_most=ONE_DAY)
                if minutes in durations:
                    refuse("not_unique", "This duration is there twice.")
                durations.append(minutes)
    return durations


RULES: dict[str, Callable[[Any], Any]] = {
    "slug": slug,
    "title": lambda value: text.line(value, at_most=200),
    "description": text.lines,
    "durations": _durations,
    "location": locations.clean,
    "slot_interval": lambda value: None if value is None else whole(value, at_least=1, at_most=ONE_DAY),
    "buffer_before": lambda value: whole(value, at_least=0, at_most=ONE_DAY),
    "buffer_after": lambda value: whole(value, at_least=0, at_most=ONE_DAY),
    "minimum_notice": lambda value: whole(value, at_least=0, at_most=LONGEST_NOTICE),
    "window": windows.clean,
    "questions": questions.clean,
    "active": flag,
}
REQUIRED = ("slug", "title", "durations")


def create(actor: Actor, values: Mapping[str, Any]) -> EventType:
    """Make an event type, by default with the actor as host, the actor's first schedule, and 60 days ahead.

    Raises Invalid with every fault; Conflict `slug_taken`.
    """
    defaults = dict.fromkeys(REQUIRED) | {"schedule_id": None, "hosts": None, "window": {"kind": "rolling", "days": 60}}
    return _saved(EventType(account=actor.account), actor, defaults | dict(values))


def update(event_type: EventType, actor: Actor, values: Mapping[str, Any]) -> EventType:
    """Change what `values` names, and nothing else; bookings that were made keep what they have.

    Raises Invalid with every fault; Conflict `slug_taken`.
    """
    return _saved(event_type, actor, values)


def delete(event_type: EventType) -> None:
    """Delete an event type that nobody ever booked; Conflict `has_bookings` else."""
    with transaction.atomic():
        hosts.lock([event_type.host_id])  # whoever books it now waits, and then finds it gone
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
            for name, value in clean.items():
                setattr(event_type, name, value)
            _require_present_host(event_type, clean)
            event_type.save(update_fields=None if event_type.pk is None else list(clean))
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
    match name:
        case "schedule_id":
            return "schedule", partial(_schedule, actor)
        case "hosts":
            return "host", partial(_host, actor)
    if name not in RULES:
        refuse("unknown_field", "An event type has no such field.")
    return name, RULES[name]


def _schedule(actor: Actor, value: Any) -> Schedule:
    if value is None:
        return schedules.own(actor)
    if isinstance(value, bool) or not isinstance(value, int):
        refuse("wrong_type", "Give the number of a schedule.")
    # Locked, so that the schedule is not deleted before the event type is there.
    visible = Schedule.objects.select_for_update(no_key=True).filter(account=actor.account)
    found = visible.filter(id=value).first() if abs(value) < 2**63 else None
    return found or refuse("unknown_schedule", "There is no such schedule in this account.")


def _require_present_host(event_type: EventType, clean: Mapping[str, Any]) -> None:
    """Keep an event type whose host has left the account switched off, until it gets another one."""
    if clean.get("active") and not event_type.host.memberships.filter(account=event_type.account_id).exists():
        refuse("not_a_member", "Its host has left this account. Choose another one first.", field="hosts")


def _host(actor: Actor, value: Any) -> User:
    if value is None:
        return actor.user
    (host_id,) = listed(value, at_least=1, at_most=1)
    if isinstance(host_id, bool) or not isinstance(host_id, int):
        refuse("wrong_type", "Give the number of a user.", field="0")
    found = (
        User.objects.filter(memberships__account=actor.account, id=host_id).first() if abs(host_id) < 2**63 else None
    )
    return found or refuse("not_a_member", "A host is a member of this account.", field="0")
