"""The troubleshooter: why a time is not offered."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.bookings.availability import next_slots
from linktime.bookings.explanation import explained
from linktime.core import clock, when
from linktime.scheduling.explain import instants
from linktime.scheduling.models import EventType
from linktime.scheduling.slots import Slot
from linktime.web import zones
from linktime.web.dashboard.availability import reasons
from linktime.web.dashboard.page import member_page, page, reading_of
from linktime.web.reading import Reading

NEXT = 3
FURTHEST = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is so at one instant."""

    at: datetime
    offered: bool
    closed: bool
    beyond: bool
    hosts: list[reasons.HostsTold]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who wants to know, when."""

    actor: Actor
    reading: Reading
    now: datetime


class QuestionForm(forms.Form):
    """Which event type, and a day and a time as clocks show them in a zone."""

    event_type = forms.ChoiceField(label="Event type")
    duration = forms.TypedChoiceField(label="Length", coerce=int, required=False, empty_value=None)
    day = forms.DateField(label="Day", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label="Time", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(label="Time zone")

    def __init__(self, event_types: list[EventType], now: datetime, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        lengths = sorted({length for each in event_types for length in each.durations})
        self._now, self._event_types = now, {str(each.pk): each for each in event_types}
        self._choices("event_type", [(key, each.title) for key, each in self._event_types.items()])
        self._choices("duration", [("", "The first it has"), *((length, f"{length} minutes") for length in lengths)])
        self._choices("zone", [(each.name, f"{each.label} ({each.offset})") for each in zones.choices(now)])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if abs(day - self._now.date()) > FURTHEST:
            raise forms.ValidationError("Choose a day within ten years.")
        return day

    def clean(self) -> None:
        chosen, length = self.chosen, self.cleaned_data.get("duration")
        if chosen and length and length not in chosen.durations:
            self.add_error("duration", "This event type has no meetings of this length.")

    @property
    def chosen(self) -> EventType | None:
        return self._event_types.get(self.cleaned_data.get("event_type", ""))

    @property
    def wall(self) -> datetime:
        shown: time = self.cleaned_data["time"]
        return datetime.combine(self.cleaned_data["day"], shown.replace(second=0, microsecond=0))


@require_safe
@member_page
def why(request: HttpRequest, actor: Actor) -> HttpResponse:
    now, reading = clock.now(), reading_of(request, actor)
    own = list(access.visible(EventType.objects.select_related("account"), actor).order_by("-active", "id"))
    asked = "time" in request.GET
    first = request.GET.get("event_type") or (str(own[0].pk) if own else "")
    form = QuestionForm(own, now, request.GET if asked else None, initial=_initial(first, reading, now))
    context: dict[str, Any] = {"form": form, "event_types": own}
    if asked and form.is_valid():
        context |= _answered(form, actor, reading, now)
    return page(request, actor, "dashboard/availability/why.html", context, 422 if form.errors else 200)


def _initial(event_type: str, reading: Reading, now: datetime) -> dict[str, Any]:
    tomorrow = reading.local(now).date() + timedelta(days=1)
    return {"event_type": event_type, "day": tomorrow, "time": time(10), "zone": zones.current(reading.zone.key)}


def _answered(form: QuestionForm, actor: Actor, reading: Reading, now: datetime) -> dict[str, Any]:
    """Answer for each instant that clocks show this time at: one, two when they are put back, or none."""
    event_type, wall, there = form.chosen, form.wall, form.cleaned_data["zone"]
    if event_type is None:
        return {}
    reading = replace(reading, zone=zones.zone(there))
    found = instants(wall, there)
    length = form.cleaned_data["duration"] or event_type.durations[0]
    return {
        "event_type": event_type,
        "reading": reading,
        "answers": [_answer(event_type, at, length, Reader(actor, reading, now)) for at in found],
        "gap": None if found else f"{when.day_text(wall, locale=reading.locale)}, {wall:%H:%M}",
        "place": when.zone_text(there, locale=reading.locale),
        "next": _next(event_type, found, length, now),
    }


def _answer(event_type: EventType, at: datetime, length: int, reader: Reader) -> Answer:
    found = explained(event_type, at=at, duration=length, now=reader.now)
    told = reasons.told(found, event_type, length, reader.reading, reader.actor)
    return Answer(at, found.offered, found.closed, found.beyond, told)


def _next(event_type: EventType, found: list[datetime], length: int, now: datetime) -> list[Slot]:
    return next_slots(event_type, found[0], NEXT, length, now) if found else []
