"""Activity: every change on its way to every CRM, what became of it, and what to do about it."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm import actions, options, registry
from linktime.crm.models import SyncRecord
from linktime.web.dashboard.activity import feed, rows
from linktime.web.dashboard.activity.filters import STATES, FilterForm, Filters, crms_of, filters_of
from linktime.web.dashboard.bookings import story
from linktime.web.dashboard.page import frame, member_page, page, reading_of
from linktime.web.links import inside

SOON, SLOWLY = 2, 5
ATTEMPTS = 5


@require_safe
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the timeline; asked by itself for what changed, answer with that alone, and nothing where nothing did."""
    connections = feed.connections_of(actor)
    form = FilterForm(request.GET, crms=crms_of(connections, _labels()))
    filters = filters_of(form, request.GET.get("state", ""), request.GET.get("after", ""))
    found, now = feed.page_of(actor, filters, reading_of(request, actor)), clock.now()
    seen = found.seen(now)
    if request.GET.get("seen") == seen:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    live = _live(request, actor, filters, found, now) | {
        "connected": any(one.live for one in connections),
        "again": filters.address(request.path, seen=seen),
    }
    if _wants_part(request):
        return render(request, "dashboard/activity/live.html", live)
    return page(request, actor, "dashboard/activity/list.html", live | {"form": form})


def _wants_part(request: HttpRequest) -> bool:
    """Say whether a page that is open asks; one that htmx restores from its history wants all of it."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def _live(request: HttpRequest, actor: Actor, filters: Filters, found: feed.Page, now: datetime) -> dict[str, Any]:
    path, reading = request.path, reading_of(request, actor)
    return {
        "days": rows.by_day(found.rows(now), reading),
        "older": filters.address(path, after=found.following) if found.following else "",
        "newest": filters.address(path, after=None) if filters.after else "",
        "tabs": _tabs(path, filters, found.counts),
        "failed": found.counts[SyncRecord.State.FAILED],
        "partly": found.partly,
        "filters": filters,
        "here": filters.address(path),
        "reading": reading,
        "poll": SOON if found.moving else SLOWLY,
    }


def _tabs(path: str, filters: Filters, counts: dict[str, str]) -> list[tuple[str, str, str, bool]]:
    """Return each tab's label, address and count, and whether it is the one shown."""
    return [
        (label, filters.address(path, state=state, after=None), counts.get(state, ""), state == filters.state)
        for state, label in STATES
    ]


@require_safe
@member_page
def attempts(request: HttpRequest, actor: Actor, record_id: int) -> HttpResponse:
    """Show the latest attempts of a row, with what was sent and answered."""
    record = access.get(SyncRecord.objects.select_related("connection", "booking"), actor, pk=record_id)
    if not request.headers.get("HX-Request"):
        return redirect("booking_detail", record.booking.uid)
    context = frame(request, actor) | {"record": record, "entries": story.attempts(record, ATTEMPTS)}
    return render(request, "dashboard/activity/attempts.html", context)


@require_POST
@member_page
def retry(request: HttpRequest, actor: Actor, record_id: int) -> HttpResponse:
    """Try one booking again in one CRM, as somebody decided where there is something to decide."""
    record = access.get(SyncRecord.objects.select_related("connection"), actor, pk=record_id)
    access.require_crm(actor)
    names = [option.name for option in options.of(record.connection) if option.name in request.POST]
    actions.retry_record(record, clock.now(), {name: request.POST[name] for name in names})
    messages.success(request, "Trying again.")
    return _back(request, record)


@require_POST
@member_page
def dismiss(request: HttpRequest, actor: Actor, record_id: int) -> HttpResponse:
    """Leave a booking that failed at that: somebody has done over there what was to be done, or does without."""
    record = access.get(SyncRecord.objects.all(), actor, pk=record_id)
    access.require_crm(actor)
    if actions.dismiss(record):
        messages.success(request, "Dismissed. The booking's next change is tried again.")
    else:
        messages.info(request, "It is no longer among those that failed.")
    return _back(request, record)


def _back(request: HttpRequest, record: SyncRecord) -> HttpResponse:
    return redirect(f"{inside(request.GET.get('here', ''))}#row-{record.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def retry_all(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say how many bookings failed, then try all of them again."""
    access.require_crm(actor)
    chosen = FilterForm(request.GET, crms=crms_of(feed.connections_of(actor), _labels()))
    crm = filters_of(chosen, "", "").crm
    connections = [one for one in feed.connections_of(actor) if one.live and crm in (None, one.pk)]
    if request.method != "POST":
        return _confirm(request, actor, connections)
    count = sum(actions.retry_failed(connection, clock.now()) for connection in connections)
    messages.success(request, f"Trying {_bookings(count)} again.")
    return redirect("activity")


def _confirm(request: HttpRequest, actor: Actor, connections: list[Connection]) -> HttpResponse:
    failed = access.visible(SyncRecord.objects.filter(state=SyncRecord.State.FAILED), actor)
    counted = [(_labels()[one.service], failed.filter(connection=one).count()) for one in connections]
    context = {"counted": [(label, count) for label, count in counted if count], "total": sum(n for _, n in counted)}
    return page(request, actor, "dashboard/activity/retry_all.html", context)


def _bookings(count: int) -> str:
    return f"{count:,} booking{'' if count == 1 else 's'}"


def _labels() -> dict[str, str]:
    return {crm: registry.provider(crm).manifest.label for crm in registry.crms()}
