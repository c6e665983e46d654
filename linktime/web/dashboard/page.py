"""What every page of the dashboard has in common: somebody signed in, acting in one account, and the navigation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linktime.accounts import access
from linktime.accounts.access import Actor, actor_for
from linktime.accounts.models import Account, User
from linktime.bookings import waiting
from linktime.bookings.models import Booking
from linktime.core import clock
from linktime.core.errors import NotFound
from linktime.web import zones
from linktime.web.counts import counted
from linktime.web.reading import Reading
from linktime.web.visitor import locale_of

SESSION_KEY = "account"
AREAS = (
    ("bookings", "Bookings", "calendar-check"),
    ("event_types", "Event types", "link"),
    ("availability", "Availability", "clock"),
    ("integrations", "Integrations", "plug"),
    ("activity", "Activity", "activity"),
    ("settings", "Settings", "settings"),
)


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    icon: str
    href: str
    current: bool
    count: str = ""


def member_page[**P](
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the actor: the signed-in user, in the account chosen last."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor = actor_of(request)
        if actor is None:
            return render(request, "dashboard/no_account.html", status=HTTPStatus.FORBIDDEN)
        return view(request, actor, *args, **kwargs)

    return never_cache(login_required(guarded))


def actor_of(request: HttpRequest) -> Actor | None:
    """Return who acts; an account that was left since is forgotten. None for somebody in no account."""
    if not isinstance(request.user, User):
        return None
    for handle in (request.session.get(SESSION_KEY), None):
        try:
            return actor_for(request.user, handle)
        except NotFound:
            request.session.pop(SESSION_KEY, None)
    return None


def reading_of(request: HttpRequest, actor: Actor) -> Reading:
    return Reading(zones.zone(actor.user.time_zone), locale_of(request), request.COOKIES.get("hours", ""))


def page(
    request: HttpRequest, actor: Actor, template: str, context: Mapping[str, Any], status: int = HTTPStatus.OK
) -> HttpResponse:
    return render(request, template, frame(request, actor) | dict(context), status=status)


def frame(request: HttpRequest, actor: Actor | None) -> dict[str, Any]:
    """Return what the layout shows."""
    if actor is None:
        return {"nav": []}
    accounts = Account.objects.filter(memberships__user=actor.user).order_by("memberships__id")
    asking = counted(waiting.for_the_host(access.visible(Booking.objects.all(), actor), clock.now()))
    return {
        "actor": actor,
        "reading": reading_of(request, actor),
        "nav": _nav(request.path, {"bookings": asking}),
        "waiting": asking,
        "accounts": accounts,
    }


@require_POST
@login_required
def switch_account(request: HttpRequest) -> HttpResponse:
    """Act in another of one's accounts."""
    user = request.user
    actor = actor_for(user, request.POST.get("account", "")) if isinstance(user, User) else None
    if actor is not None:
        request.session[SESSION_KEY] = actor.account.handle
    return redirect("bookings")


def _nav(path: str, waits: Mapping[str, str]) -> list[NavItem]:
    """Mark the area that a page belongs to (allauth's pages are part of the settings), and tell what waits there."""
    place = reverse("settings") if path.startswith("/accounts/") else path
    items = ((label, icon, reverse(name), waits.get(name, "")) for name, label, icon in AREAS)
    return [NavItem(label, icon, href, place.startswith(href), count) for label, icon, href, count in items]
