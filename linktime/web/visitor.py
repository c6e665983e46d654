"""How the visitor of a public page reads times: what they chose, else what their browser says, else the host's."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from linktime.core import text
from linktime.web import zones
from linktime.web.reading import Reading

YEAR = 365 * 24 * 3600
HOURS = ("12", "24")


def language_of(request: HttpRequest) -> str:
    """Return the first language tag the browser asks for, or nothing."""
    tag = request.headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip()
    return tag if len(tag) <= text.LONGEST_LOCALE and text.LOCALE.fullmatch(tag) else ""


def reading_of(request: HttpRequest, fallback_zone: str) -> Reading:
    wishes = (request.POST.get("zone"), request.GET.get("zone"), request.COOKIES.get("zone"), fallback_zone)
    zone = next((name for name in wishes if name in text.zone_names()), "UTC")
    hours = next((wish for wish in (request.GET.get("hours"), request.COOKIES.get("hours")) if wish in HOURS), "")
    return Reading(zones.zone(zone or "UTC"), language_of(request), hours or "")


def remember[R: HttpResponse](request: HttpRequest, response: R) -> R:
    """Keep in cookies what the visitor chose in this request."""
    if response.status_code == HTTPStatus.OK:
        for name, valid in (("zone", text.zone_names()), ("hours", HOURS)):
            value = request.GET.get(name, "")
            if value in valid:
                response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
