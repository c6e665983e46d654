"""How the visitor of a page reads: what they chose, else what their browser says, else what the host's zone is."""

from collections.abc import Container
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation.trans_real import parse_accept_lang_header

from linktime.core import languages, text
from linktime.web import zones
from linktime.web.reading import Reading

YEAR = 365 * 24 * 3600
HOURS = ("12", "24")
IN_ENGLISH = ("/dashboard", "/accounts/", "/api/", "/docs")  # where members work, and what they read


class LanguageMiddleware(MiddlewareMixin):
    """Speak the visitor's language on every page that an invitee can meet."""

    def process_request(self, request: HttpRequest) -> None:
        translation.activate(languages.spoken(locale_of(request)))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Content-Language", translation.get_language() or languages.ENGLISH)
        patch_vary_headers(response, ("Accept-Language",))
        if not in_english(request):
            _keep(request, response, "language", languages.NAMES)
        return response


def in_english(request: HttpRequest) -> bool:
    return request.path == "/" or request.path.startswith(IN_ENGLISH)


def locale_of(request: HttpRequest) -> str:
    """Return a tag with the language to speak and the visitor's own region, or nothing where nothing is known."""
    tags = [tag for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    if in_english(request):
        return languages.chosen(tags, languages.ENGLISH) if tags else ""
    wishes = (request.GET.get("language"), request.COOKIES.get("language"))
    return languages.chosen(tags, next((wish for wish in wishes if wish in languages.NAMES), None) or "")


def reading_of(request: HttpRequest, fallback_zone: str) -> Reading:
    wishes = (request.POST.get("zone"), request.GET.get("zone"), request.COOKIES.get("zone"), fallback_zone)
    zone = next((name for name in wishes if name in text.zone_names()), "UTC")
    hours = next((wish for wish in (request.GET.get("hours"), request.COOKIES.get("hours")) if wish in HOURS), "")
    return Reading(zones.zone(zone or "UTC"), locale_of(request), hours or "")


def remember[R: HttpResponse](request: HttpRequest, response: R) -> R:
    """Keep in cookies what the visitor chose in this request."""
    _keep(request, response, "zone", text.zone_names())
    _keep(request, response, "hours", HOURS)
    return response


def _keep(request: HttpRequest, response: HttpResponse, name: str, valid: Container[str]) -> None:
    value = request.GET.get(name, "")
    if value in valid and response.status_code == HTTPStatus.OK:
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
