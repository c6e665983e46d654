"""Try without writing: what a booking would write into a CRM, field by field."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.bookings.sketch import sketch
from linktime.core import clock
from linktime.core.errors import Invalid, NotFound
from linktime.core.meeting import Meeting
from linktime.crm import registry
from linktime.crm.dry_run import scenes
from linktime.scheduling.models import EventType
from linktime.web import rate
from linktime.web.dashboard.integrations.views import live_connection
from linktime.web.dashboard.page import member_page, page
from linktime.web.fields import carried
from linktime.web.public.forms import InviteeForm
from linktime.web.visitor import locale_of

LATEST = 25
HOUR = time(10, 0)


class MadeUpForm(InviteeForm):
    """What an invitee would fill in, with a phone number whether or not it is asked for."""

    def __init__(self, event_type: EventType, *args: Any) -> None:
        grace = {"name": "Grace Hopper", "email": "grace@example.com"}
        super().__init__(event_type, *args, time_zone=event_type.schedule.time_zone, initial=grace)
        self.fields["name"].label = "Invitee's name"
        self.fields.setdefault("phone", carried("Phone", forms.TextInput({"type": "tel"})))
        self.order_fields(["name", "email", "phone"])


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def show(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """Show what the chosen booking, or one that is made up, would write. Nothing is sent, and nothing kept."""
    live_connection(actor, service)
    provider = registry.provider(service)
    bookings = access.visible(_synced(), actor).order_by("-created_at", "-id")[:LATEST]
    booking = _chosen_booking(request, actor)
    event_type = _chosen_event_type(request, actor)
    form = _form(request, event_type) if event_type else None
    meeting = meeting_of(booking) if booking else _made_up(request, form)
    context = {
        "manifest": provider.manifest,
        "bookings": bookings,
        "booking": booking,
        "event_types": access.visible(EventType.objects.filter(active=True), actor).order_by("title"),
        "event_type": event_type,
        "form": form,
        "meeting": meeting,
        "scenes": list(scenes(provider, meeting, clock.now())) if meeting else [],
    }
    status = rate.status_of(form) if form else 200
    return page(request, actor, "dashboard/integrations/dry_run.html", context, status)


def _chosen_booking(request: HttpRequest, actor: Actor) -> Booking | None:
    """Return the booking that is asked for; by itself the page shows none."""
    uid = request.GET.get("booking", "")
    if not uid:
        return None
    if not (uid.isascii() and uid.isalnum()):
        raise NotFound
    return access.get(_synced(), actor, uid=uid)


def _synced() -> QuerySet[Booking]:
    """Return those that a CRM is shown: not what waits, and nobody who was erased."""
    return Booking.objects.agreed().filter(erased_at=None)


def _chosen_event_type(request: HttpRequest, actor: Actor) -> EventType | None:
    chosen = request.GET.get("event_type", "")
    found = EventType.objects.select_related("schedule", "host")
    return access.get(found, actor, pk=int(chosen)) if chosen.isascii() and chosen.isdigit() else None


def _form(request: HttpRequest, event_type: EventType) -> MadeUpForm:
    return MadeUpForm(event_type, request.POST if request.method == "POST" else None)


def _made_up(request: HttpRequest, form: MadeUpForm | None) -> Meeting | None:
    if form is None or request.method != "POST" or not form.is_valid():
        return None
    now, zone = clock.now(), form.event_type.schedule.time_zone
    try:
        return sketch(
            form.event_type,
            start=_tomorrow(now, zone),
            invitee=form.details(time_zone=zone, locale=locale_of(request)),
            guests=form.guests(),
            answers=form.answers(),
            now=now,
        )
    except Invalid as error:
        form.show(error)
        return None


def _tomorrow(now: datetime, zone: str) -> datetime:
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(day, HOUR, ZoneInfo(zone))
