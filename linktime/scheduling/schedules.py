"""Make, change and delete schedules.

`values` are those of the API: `name`, `time_zone`, `weekly`, `overrides`, `holidays`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from linktime.accounts.access import Actor
from linktime.accounts.models import Account, User
from linktime.core import text
from linktime.core.errors import Conflict
from linktime.core.faults import Faults, refuse
from linktime.scheduling import overrides, public_holidays, weekly
from linktime.scheduling.models import Schedule

RULES: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: text.line(value, at_most=100),
    "time_zone": text.time_zone,
    "weekly": weekly.clean,
    "overrides": overrides.clean,
    "holidays": public_holidays.clean,
}
REQUIRED = ("name", "time_zone")
OFFICE_HOURS = [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}]


def create(actor: Actor, values: Mapping[str, Any]) -> Schedule:
    """Make a schedule of the actor's own. Raises Invalid with every fault."""
    clean = _clean(dict.fromkeys(REQUIRED) | dict(values))
    return Schedule.objects.create(account=actor.account, owner=actor.user, **clean)


def update(schedule: Schedule, values: Mapping[str, Any]) -> Schedule:
    """Change what `values` names, and nothing else. Raises Invalid with every fault."""
    clean = _clean(values)
    for name, value in clean.items():
        setattr(schedule, name, value)
    schedule.save(update_fields=list(clean))
    return schedule


def own(actor: Actor) -> Schedule:
    """Return the actor's default schedule."""
    return of(actor.account, actor.user)


def of(account: Account, user: User) -> Schedule:
    """Return a member's default schedule, else their first; who has none gets office hours in their own zone."""
    first = Schedule.objects.filter(account=account, owner=user).order_by("-is_default", "id").first()
    return first or Schedule.objects.create(
        account=account, owner=user, name="Working hours", time_zone=user.time_zone, weekly=OFFICE_HOURS
    )


def make_default(schedule: Schedule) -> None:
    """Let new event types of the owner's take these hours; those that are there keep theirs."""
    own = Schedule.objects.filter(account=schedule.account_id, owner=schedule.owner_id)
    with transaction.atomic():
        list(own.select_for_update().order_by("id"))  # two at once would both be the default for a moment
        own.filter(is_default=True).update(is_default=False)
        own.filter(pk=schedule.pk).update(is_default=True)


def delete(schedule: Schedule) -> None:
    """Delete a schedule; Conflict `in_use` while event types offer its hours."""
    with transaction.atomic():
        # Locked, so that no event type can take it up between the look and the deletion.
        Schedule.objects.select_for_update().filter(pk=schedule.pk).first()
        if schedule.event_types.exists() or schedule.places.exists():
            raise Conflict("Event types use this schedule. Give them another one first.", code="in_use")
        schedule.delete()


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {}
    with Faults() as faults:
        for name, value in values.items():
            with faults.at(name):
                if name not in RULES:
                    refuse("unknown_field", "A schedule has no such field.")
                clean[name] = RULES[name](value)
    return clean
