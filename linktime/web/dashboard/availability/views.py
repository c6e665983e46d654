"""Availability: the weekly hours that event types offer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.core import clock
from linktime.core.errors import Conflict, Invalid
from linktime.scheduling import schedules
from linktime.scheduling.models import Schedule
from linktime.web import zones
from linktime.web.dashboard.availability import week
from linktime.web.dashboard.page import member_page, page

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Edit one's own first schedule; others of the account are a click away."""
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


def _edit(request: HttpRequest, actor: Actor, schedule: Schedule) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    faults: list[str] = []
    if typed is not None:
        faults = _save(schedule, typed)
        if not faults:
            messages.success(request, "Saved. Your booking pages offer these hours now.")
            return redirect("edit_schedule", schedule.pk)
    context = {
        "schedule": schedule,
        "name": typed.get("name", "") if typed else schedule.name,
        "time_zone": typed.get("time_zone", "") if typed else schedule.time_zone,
        "days": week.typed_days(typed) if typed else week.days(schedule.weekly),
        "faults": faults,
        "zones": zones.choices(clock.now()),
        "schedules": access.visible(Schedule.objects.order_by("id"), actor),
    }
    return page(request, actor, "dashboard/availability/edit.html", context, 422 if faults else 200)


def _save(schedule: Schedule, typed: QueryDict) -> list[str]:
    """Save what was typed, or return what is wrong with it; nothing is saved then."""
    entries, places = week.weekly(week.typed_days(typed))
    values = {"name": typed.get("name", ""), "time_zone": typed.get("time_zone", ""), "weekly": entries}
    try:
        schedules.update(schedule, values)
    except Invalid as error:
        schedule.refresh_from_db()
        return [week.fault_text(fault, places) for fault in error.faults]
    return []
