"""The booking page inside other sites: under /embed/, the only addresses that may be framed.

A frame in somebody else's site gets none of our cookies, so that what the visitor chose (`KEPT`) travels in the
address, and forms carry no CSRF token: booking acts for nobody who is signed in. Moving and cancelling, which may be
clicked by mistake, stay outside of frames.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.deprecation import MiddlewareMixin

from linktime.bookings.models import Booking
from linktime.web.links import with_query
from linktime.web.public import prefill

PREFIX = "/embed/"
KEPT = ("zone", "hours", "language", "scheme")
LINK = "link"
SCHEMES = ("light", "dark")


class EmbedMiddleware(MiddlewareMixin):
    """Let any site frame what lies under /embed/, errors included."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if is_embedded(request):
            vars(response)["xframe_options_exempt"] = True
            vars(response)["_csp_config"] = settings.SECURE_CSP | {"frame-ancestors": ["*"], "base-uri": [CSP.NONE]}
        return response


def is_embedded(request: HttpRequest) -> bool:
    return request.path.startswith(PREFIX)


def kept(request: HttpRequest) -> dict[str, str | list[str]]:
    """Return what every link has to carry along: a single-use link's token, what fills in the form.

    Within a frame also what was chosen.
    """
    names = (*KEPT, "visitor", LINK) if is_embedded(request) else (LINK,)
    return {name: request.GET[name] for name in names if request.GET.get(name)} | prefill.given(request)


def booked_address(request: HttpRequest, booking: Booking) -> str:
    """Return where a new booking is shown: in the frame, if it was made in one."""
    if not is_embedded(request):
        return reverse("booking", args=[booking.uid])
    chosen = {name: request.GET.get(name) for name in KEPT}
    return with_query(reverse("embedded_booking", args=[booking.uid]), booked="yes", **chosen)


def context(request: HttpRequest) -> dict[str, object]:
    """Tell templates what links carry along, and whether they are framed (a context processor)."""
    if not is_embedded(request):
        return {"kept": kept(request)}
    scheme = request.GET.get("scheme", "")
    return {"embedded": True, "kept": kept(request), "scheme": scheme if scheme in SCHEMES else ""}
