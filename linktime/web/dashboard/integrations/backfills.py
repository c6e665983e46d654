"""Sync earlier bookings: choose a time, see how many there are, watch them arrive, stop."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.core.errors import Conflict, Invalid
from linktime.crm import backfill, registry, upkeep
from linktime.crm.backfill import Progress
from linktime.crm.models import Backfill
from linktime.web import faults, rate
from linktime.web.dashboard.integrations.views import live_connection
from linktime.web.dashboard.page import member_page, page
from linktime.web.zones import zone

AROUND = timedelta(days=365)
EARLIEST_YEAR, LATEST_YEAR = 1970, 2999  # far from both ends of `date`, so that sums never overflow
NAMES = {"from": "since", "to": "until"}


def _within_reach(day: date) -> None:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise forms.ValidationError(f"Choose a day between {EARLIEST_YEAR} and {LATEST_YEAR}.")


class TimeForm(forms.Form):
    """The days on which bookings begin, both included."""

    since = forms.DateField(label="From", widget=forms.DateInput({"type": "date"}), validators=[_within_reach])
    until = forms.DateField(label="To", widget=forms.DateInput({"type": "date"}), validators=[_within_reach])

    def instants(self, own: ZoneInfo) -> dict[str, datetime]:
        """Return the instants from and before which bookings begin. Of a valid form."""
        first, last = (self.cleaned_data[name] for name in ("since", "until"))
        return {"since": _midnight(first, own), "until": _midnight(last + timedelta(days=1), own)}


@dataclass(frozen=True, slots=True)
class Shown:
    """The latest backfill of a connection. `stoppable` says that there is something to stop."""

    backfill: Backfill
    progress: Progress

    @property
    def stoppable(self) -> bool:
        return self.progress.running and self.backfill.state in (Backfill.State.FILLING, Backfill.State.FILLED)

    @property
    def last_day(self) -> datetime:
        return self.backfill.until - timedelta(seconds=1)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def show(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """Show how far the latest one is, and how many bookings there are in the chosen time; a POST begins.

    Who only watches the progress is not told the number: it may take long to count.
    """
    connection = live_connection(actor, service)
    access.require_owner(actor)
    form = _form(request, actor)
    if request.method == "POST" and form.is_valid() and _begun(request, actor, connection, form):
        return redirect("backfill", service)
    context = {
        "manifest": registry.provider(service).manifest,
        "form": form,
        "count": None if "HX-Request" in request.headers else _count(actor, connection, form),
        "latest": _latest(actor, connection),
    }
    return page(request, actor, "dashboard/integrations/backfill.html", context, rate.status_of(form))


@require_POST
@member_page
def stop(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """Begin no more of the latest one."""
    latest = _latest(actor, live_connection(actor, service))
    access.require_owner(actor)
    if latest and backfill.stop(latest.backfill):
        upkeep.backfill_soon(latest.backfill)
        messages.success(request, "Stopped. What is on its way arrives; the rest is left as it was.")
    return redirect("backfill", service)


def _form(request: HttpRequest, actor: Actor) -> TimeForm:
    today = clock.now().astimezone(zone(actor.user.time_zone)).date()
    usual: dict[str, Any] = {"since": today - AROUND, "until": today + AROUND}
    return TimeForm(request.POST if request.method == "POST" else request.GET or usual)


def _begun(request: HttpRequest, actor: Actor, connection: Connection, form: TimeForm) -> bool:
    try:
        times = form.instants(zone(actor.user.time_zone))
        begun = backfill.begin(connection, user=actor.user, now=clock.now(), **times)
    except Invalid as error:
        faults.show(form, error, NAMES)
    except Conflict as error:
        messages.error(request, error.detail)
    else:
        upkeep.backfill_soon(begun)
        return True
    return False


def _count(actor: Actor, connection: Connection, form: TimeForm) -> int | None:
    """Return how many bookings there are to bring; None where the chosen time is none."""
    if not form.is_valid():
        return None
    return backfill.missing(connection, **form.instants(zone(actor.user.time_zone))).count()


def _latest(actor: Actor, connection: Connection) -> Shown | None:
    found = access.visible(Backfill.objects.filter(connection=connection), actor).order_by("-id").first()
    return Shown(found, backfill.progress(found, clock.now())) if found else None


def _midnight(day: date, own: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, own).astimezone(UTC)
