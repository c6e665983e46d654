"""Availability: the hours that event types offer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.core import clock
from linktime.core.errors import Conflict
from linktime.scheduling import schedules
from linktime.scheduling.models import Schedule
from linktime.web import zones
from linktime.web.dashboard.availability import editor
from linktime.web.dashboard.page import member_page, page

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Edit one's own default schedule; others of the account are a click away."""
    return _edit(request, actor, schedules.own(actor))


@require_http_methods(METHODS)
@member_page
def edit(request: HttpRequest, actor: Actor, schedule_id: int) -> HttpResponse:
    return _edit(request, actor, access.get(Schedule.objects.all(), actor, pk=schedule_id))


@require_http_methods(["POST"])
@member_page
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    values = {"name": "New hours", "time_zone": actor.user.time_zone, "weekly": schedules.OFFICE_HOURS}
    schedule = schedules.create(actor, values)
    messages.success(request, "New hours are made. Give them a name, and choose them in an event type.")
    return redirect("edit_schedule", schedule.pk)


@require_http_methods(["POST"])
@member_page
def delete(request: HttpRequest, actor: Actor, schedule_id: int) -> HttpResponse:
    schedule = access.get(Schedule.objects.all(), actor, pk=schedule_id)
    try:
        schedules.delete(schedule)
    except Conflict as error:
        messages.error(request, error.detail)
        return redirect("edit_schedule", schedule_id)
    messages.success(request, f"{schedule.name} is deleted.")
    return redirect("availability")


@require_http_methods(["POST"])
@member_page
def make_default(request: HttpRequest, actor: Actor, schedule_id: int) -> HttpResponse:
    """Let new event types take these hours; one's own alone can be one's default."""
    schedule = access.get(Schedule.objects.filter(owner=actor.user), actor, pk=schedule_id)
    schedules.make_default(schedule)
    messages.success(request, f"New event types take {schedule.name}. Those that are there keep their hours.")
    return redirect("edit_schedule", schedule_id)


def _edit(request: HttpRequest, actor: Actor, schedule: Schedule) -> HttpResponse:
    if request.method == "POST":
        form = editor.saved(schedule, request.POST)
        if not form.faulty:
            messages.success(request, "Saved. Your booking pages offer these hours now.")
            return redirect("edit_schedule", schedule.pk)
    else:
        form = editor.shown(schedule)
    context = {
        "schedule": schedule,
        "form": form,
        "zones": zones.choices(clock.now()),
        "countries": editor.countries(),
        "regions": editor.regions(form.country),
        "schedules": access.visible(Schedule.objects.select_related("owner").order_by("id"), actor),
        "default": schedules.own(actor),
    }
    return page(request, actor, "dashboard/availability/edit.html", context, 422 if form.faulty else 200)
