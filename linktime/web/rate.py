"""How often one visitor may ask for public pages and send their forms, counted in PostgreSQL for all processes."""

import ipaddress
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Concatenate

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from linktime.web.errors.pages import page
from linktime.web.models import VisitWindow

PAGES, FORMS, HOLDS = "pages", "forms", "holds"
# Of what a program may ask of the API (RATE_LIMIT): many people may share an address, but hardly anybody types.
SHARES = {PAGES: 5.0, FORMS: 0.25, HOLDS: 0.25}
IPV6_NETWORK = 64  # who has one IPv6 address has as many as they like

# As in api/limits.py: one statement by the database's clock.
_COUNT = """
    INSERT INTO web_visitwindow AS w (visitor, began_at, used) VALUES (%(visitor)s, statement_timestamp(), 1)
    ON CONFLICT (visitor) DO UPDATE SET
        used = CASE WHEN w.began_at > statement_timestamp() - interval '1 minute' THEN w.used + 1 ELSE 1 END,
        began_at = CASE WHEN w.began_at > statement_timestamp() - interval '1 minute'
                   THEN w.began_at ELSE statement_timestamp() END
    RETURNING used, ceil(extract(epoch FROM began_at + interval '1 minute' - statement_timestamp()))::int
"""


def limited[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer 429 to who asks for far more public pages than a person looks at."""

    @wraps(view)
    def counted(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        used, reset = _count(request, PAGES)
        if used <= most(PAGES):
            return view(request, *args, **kwargs)
        response = page(request, HTTPStatus.TOO_MANY_REQUESTS, _("Wait a minute, then load this page again."))
        response.headers["Retry-After"] = str(reset)
        return response

    return counted


def refused(request: HttpRequest, form: BaseForm) -> bool:
    """Count a form of this visitor; when it is one too many, the form says so."""
    if allowed(request, FORMS):
        return False
    wait = _("That was a lot of tries in a short time. Wait a minute, then press the button again.")
    form.add_error(None, ValidationError(wait, code="too_many"))
    return True


def allowed(request: HttpRequest, kind: str) -> bool:
    """Count one of this visitor's, and tell whether it is within their share."""
    return _count(request, kind)[0] <= most(kind)


def status_of(form: BaseForm) -> HTTPStatus:
    """Return the status with which a form is shown."""
    if form.has_error(NON_FIELD_ERRORS, "too_many"):
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def most(kind: str) -> int:
    """Return how many a visitor has in a minute."""
    return max(int(settings.RATE_LIMIT * SHARES[kind]), 1)


def visitor_of(request: HttpRequest) -> str:
    """Return what counts as one visitor: an IPv4 address, or a whole network of IPv6."""
    told = str(get_adapter(request).get_client_ip(request))
    try:
        address = ipaddress.ip_address(told)
    except ValueError:  # a socket in the file system has no address
        return told
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, IPV6_NETWORK), strict=False))


def forget(now: datetime) -> None:
    """Remove the counts of minutes that are over; `now` is the beginning of the last minute to keep."""
    VisitWindow.objects.filter(began_at__lt=now).delete()


def _count(request: HttpRequest, kind: str) -> tuple[int, int]:
    """Count one of a visitor's requests; return how many there were in this minute, and when it ends, in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"visitor": f"{kind} {visitor_of(request)}"})
        used, reset = cursor.fetchone()
    return used, max(reset, 1)
