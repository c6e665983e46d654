"""Who meets: the hosts with their hours and weights, how they are chosen, and how many invitees share a meeting."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.forms import BoundField

from linktime.accounts.access import Actor
from linktime.accounts.models import User
from linktime.core.errors import Fault
from linktime.scheduling.models import EventType, Place, Schedule
from linktime.web.dashboard.event_types.group import Group
from linktime.web.fields import carried, whole_number

ASSIGNMENTS = [
    ("single", "One host"),
    ("round_robin", "One of several hosts, in turn"),
    ("collective", "All hosts together"),
]
OWN = "Their own default hours"


class Row(NamedTuple):
    """One member of the account: whether they host, with which hours, with how many turns."""

    name: str
    hosts: BoundField
    schedule: BoundField
    weight: BoundField


class People(Group):
    about = "Each host offers hours of their own. In turn, a host of weight 2 has twice as many meetings as one of 1."
    paths: ClassVar[Mapping[str, str]] = {"hosts": "assignment"}

    assignment = carried("Who meets the invitee", forms.Select(choices=ASSIGNMENTS))
    seats = whole_number("Invitees who share a meeting")

    def __init__(self, actor: Actor, event_type: EventType | None, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._places = _places_of(event_type)
        team = User.objects.filter(memberships__account=actor.account).order_by("name", "id")
        self._team = sorted(team, key=lambda user: self._places[user.pk].order if user.pk in self._places else 1000)
        chosen = set(self._places) or {actor.user.pk}
        schedules = list(Schedule.objects.filter(account=actor.account).select_related("owner").order_by("id"))
        for user in self._team:
            self._add(user, [(each.pk, _name_of(each, user)) for each in schedules], hosting=user.pk in chosen)

    def _add(self, user: User, schedules: list[tuple[int, str]], *, hosting: bool) -> None:
        place = self._places.get(user.pk)
        self.fields[f"host_{user.pk}"] = forms.BooleanField(label=str(user), required=False, initial=hosting)
        self.fields[f"hours_{user.pk}"] = forms.TypedChoiceField(
            label=f"Hours of {user}",
            choices=[("", OWN), *schedules],
            coerce=int,
            required=False,
            empty_value=None,
            initial=place.schedule_id if place else "",
        )
        weight = whole_number(f"Weight of {user}")
        weight.initial = place.weight if place else 1
        self.fields[f"weight_{user.pk}"] = weight

    @property
    def alone(self) -> bool:
        return len(self._team) == 1

    @property
    def rows(self) -> list[Row]:
        parts = ("host", "hours", "weight")
        return [Row(str(user), *(self[f"{part}_{user.pk}"] for part in parts)) for user in self._team]

    @classmethod
    def initial_of(cls, event_type: EventType) -> dict[str, Any]:
        return {"assignment": event_type.assignment, "seats": event_type.seats}

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        hosts = self._hosts()
        options = [
            {"host": host, "schedule_id": typed[f"hours_{host}"], "weight": _or(typed[f"weight_{host}"], 1)}
            for host in hosts
        ]
        return {
            "assignment": typed["assignment"] or EventType.Assignment.SINGLE,
            "seats": _or(typed["seats"], 1),
            "hosts": hosts,
            "host_options": options,
        }

    def show(self, fault: Fault) -> bool:
        """Put what is wrong with a host's options at that host's fields."""
        kind, _, rest = fault.field.partition(".")
        number, _, name = rest.partition(".")
        if kind != "host_options" or not number.isdigit():
            return super().show(fault)
        field = {"weight": "weight", "schedule_id": "hours"}.get(name, "host")
        self.add_error(f"{field}_{self._hosts()[int(number)]}", fault.message)
        return True

    def _hosts(self) -> list[int]:
        return [user.pk for user in self._team if self.alone or self.cleaned_data.get(f"host_{user.pk}")]


def _places_of(event_type: EventType | None) -> dict[int, Place]:
    return {place.host_id: place for place in event_type.places.all()} if event_type else {}


def _name_of(schedule: Schedule, user: User) -> str:
    return schedule.name if schedule.owner_id == user.pk else f"{schedule.name} ({schedule.owner})"


def _or(value: int | None, usual: int) -> int:
    return usual if value is None else value
