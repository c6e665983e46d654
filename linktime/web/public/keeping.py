"""The time that a visitor has chosen is kept for them while they fill in the form (see `bookings/holds.py`).

Who they are is a secret in a cookie; within another site's frame, which has none, it travels with links and forms.
"""

import re
import secrets
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from linktime.bookings import holds
from linktime.bookings.models import Booking, Hold
from linktime.core.errors import DomainError
from linktime.scheduling.models import EventType
from linktime.web import rate
from linktime.web.public import embed
from linktime.web.public.picker import Wish

NAME = "visitor"
_SECRET = re.compile(r"[\w-]{22}", re.ASCII)


def visitor_of(request: HttpRequest) -> str:
    """Return the visitor's secret; empty for who has chosen nothing yet."""
    if embed.is_embedded(request):
        told = request.POST.get(NAME) or request.GET.get(NAME, "")
    else:
        told = request.COOKIES.get(NAME, "")
    return told if _SECRET.fullmatch(told) else ""


def keep(
    request: HttpRequest, event_type: EventType, wish: Wish, now: datetime, *, moving: Booking | None = None
) -> Hold | None:
    """Keep the time of the wish, for a new booking or one that moves.

    None when somebody else is just taking it, or the visitor keeps far too many.
    """
    if not rate.allowed(request, rate.HOLDS):
        return None
    visitor = visitor_of(request) or secrets.token_urlsafe(16)
    try:
        return holds.hold(
            event_type, start=wish.must_start, duration=wish.duration, visitor=visitor, now=now, moving=moving
        )
    except DomainError:  # whoever sends the form hears what is in the way, with other times
        return None


def kept(request: HttpRequest, wish: Wish, now: datetime) -> Hold | None:
    """Return what is still kept of the wish."""
    return Hold.objects.filter(visitor=visitor_of(request), start=wish.must_start, expires_at__gt=now).first()


def remember[R: HttpResponse](request: HttpRequest, response: R, hold: Hold | None) -> R:
    """Let the browser keep its secret until it is closed."""
    if hold and not embed.is_embedded(request):
        response.set_cookie(NAME, hold.visitor, httponly=True, samesite="Lax", secure=request.is_secure())
    return response
