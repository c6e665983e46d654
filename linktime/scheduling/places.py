"""The hosts of an event type, each with hours and weight, from the values `hosts`, `schedule_id` and `host_options`."""

from collections.abc import Mapping, Sequence
from typing import Any

from linktime.accounts.access import Actor
from linktime.accounts.models import User
from linktime.core.faults import Faults, refuse
from linktime.core.values import listed, record, whole
from linktime.scheduling import schedules
from linktime.scheduling.models import EventType, Place, Schedule

MOST_HOSTS = 50
HEAVIEST = 100
LARGEST_ID = 2**63


def members(actor: Actor, value: Any) -> list[User]:
    """Return members of the actor's account by their ids, in this order; None means the actor."""
    if value is None:
        return [actor.user]
    ids = listed(value, at_least=1, at_most=MOST_HOSTS)
    known = User.objects.filter(memberships__account=actor.account).in_bulk([each for each in ids if _is_id(each)])
    found: list[User] = []
    with Faults() as faults:
        for place, host_id in enumerate(ids):
            with faults.at(place):
                found.append(_member(host_id, known, found))
    return found


def member(actor: Actor, value: Any) -> User:
    known = User.objects.filter(memberships__account=actor.account).in_bulk([value] if _is_id(value) else [])
    return _member(value, known, ())


def schedule(actor: Actor, value: Any) -> Schedule | None:
    """Return a schedule of the actor's account; None leaves the choice to the hosts' own."""
    if value is None:
        return None
    if not _is_id(value):
        refuse("unknown_schedule" if type(value) is int else "wrong_type", "Give the number of a schedule.")
    # Locked, so that the schedule is not deleted before the event type is there.
    visible = Schedule.objects.select_for_update(no_key=True).filter(account=actor.account)
    return visible.filter(id=value).first() or refuse("unknown_schedule", "There is no such schedule in this account.")


def options(actor: Actor, value: Any) -> list[dict[str, Any]]:
    """Check `[{"host": id, "schedule_id": id or null, "weight": 1 to 100}]`; what is left out stays as it is."""
    kept: list[dict[str, Any]] = []
    with Faults() as faults:
        for place, entry in enumerate(listed(value, at_most=MOST_HOSTS)):
            with faults.at(place):
                kept.append(_option(actor, entry))
    return kept


def arranged(event_type: EventType, actor: Actor, chosen: Mapping[str, Any]) -> list[Place]:
    """Return the places that an event type is to have, in order; those there were keep their turns.

    `chosen` may have `hosts`, `schedule` and `host_options`, checked. The schedule is for the first host; whoever has
    none gets the first of their own.
    """
    before = {place.host_id: place for place in _of(event_type)}
    users = chosen["hosts"] if "hosts" in chosen else [place.host for place in before.values()]
    by_host = {user.pk: before.get(user.pk) or Place(host=user) for user in users}
    for order, place in enumerate(by_host.values()):
        place.order = order
    _apply(by_host, chosen.get("host_options", ()))
    if chosen.get("schedule"):
        next(iter(by_host.values())).schedule = chosen["schedule"]
    for place in by_host.values():
        if place.schedule_id is None:
            place.schedule = schedules.of(actor.account, place.host)
    return list(by_host.values())


def keep(event_type: EventType, places: Sequence[Place]) -> None:
    """Give a saved event type these places and no others; the caller has the transaction."""
    for place in places:
        place.event_type = event_type
    event_type.places.exclude(host__in=[place.host_id for place in places]).delete()
    Place.objects.bulk_create(
        places,
        update_conflicts=True,
        unique_fields=["event_type", "host"],
        update_fields=["schedule", "order", "weight"],
    )


def _of(event_type: EventType) -> list[Place]:
    if event_type.pk is None:
        return []
    return list(event_type.places.select_related("host", "schedule").order_by("order", "id"))


def _apply(by_host: Mapping[int, Place], chosen: Sequence[Mapping[str, Any]]) -> None:
    with Faults() as faults:
        for number, option in enumerate(chosen):
            with faults.at(f"host_options.{number}"):
                place = by_host.get(option["host"]) or refuse("not_a_host", "This is none of the hosts.", field="host")
                place.weight = option.get("weight", place.weight)
                if option.get("schedule"):
                    place.schedule = option["schedule"]


def _option(actor: Actor, value: Any) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    with Faults() as faults:
        entry = record(value, ("host", "schedule_id", "weight"))
        with faults.at("host"):
            kept["host"] = whole(entry.get("host"), at_least=1, at_most=LARGEST_ID)
        with faults.at("schedule_id"):
            kept["schedule"] = schedule(actor, entry.get("schedule_id"))
        with faults.at("weight"):
            if "weight" in entry:
                kept["weight"] = whole(entry["weight"], at_least=1, at_most=HEAVIEST)
    return kept


def _is_id(value: Any) -> bool:
    return type(value) is int and abs(value) < LARGEST_ID


def _member(host_id: Any, known: Mapping[int, User], earlier: Sequence[User]) -> User:
    if type(host_id) is not int:
        refuse("wrong_type", "Give the number of a user.")
    user = known.get(host_id) or refuse("not_a_member", "A host is a member of this account.")
    if user in earlier:
        refuse("not_unique", "This host is there twice.")
    return user
