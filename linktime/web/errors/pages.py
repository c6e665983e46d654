"""Errors as pages: the one place where a domain error becomes an answer for a person."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linktime.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound

STATUSES: dict[type[Exception], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    RequestDataTooBig: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
TITLES = {
    HTTPStatus.BAD_REQUEST: _("This request can't be read"),
    HTTPStatus.FORBIDDEN: _("You can't do that here"),
    HTTPStatus.NOT_FOUND: _("This page is not here"),
    HTTPStatus.METHOD_NOT_ALLOWED: _("This address works another way"),
    HTTPStatus.CONFLICT: _("That is no longer possible"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("That is too large"),
    HTTPStatus.UNPROCESSABLE_ENTITY: _("Something in it is not right"),
    HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests"),
    HTTPStatus.INTERNAL_SERVER_ERROR: _("Something went wrong on our side"),
}


class DomainErrors(MiddlewareMixin):
    """Answer domain errors that a view let through."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), None)
        if status is None or request.path.startswith("/api/v1/"):
            return None
        if isinstance(error, RequestDataTooBig):
            return page(request, status, _("Send less at once: forms here take up to 256 KB."))
        return page(request, status, error.detail if isinstance(error, DomainError) and str(error) else "")


def page(request: HttpRequest, status: HTTPStatus, detail: str | Promise = "") -> HttpResponse:
    return render(request, "errors/error.html", {"title": TITLES[status], "detail": detail}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Send less at once: forms here take up to 256 KB."))
    return page(request, HTTPStatus.BAD_REQUEST, _("Go back, and try it again."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return page(request, HTTPStatus.FORBIDDEN, _("Ask an owner of this account."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return page(request, HTTPStatus.NOT_FOUND, _("The link may be old, or not wholly copied. Check the address."))


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say so without asking anything that may be what is broken, such as the database for who is signed in."""
    detail = _(
        "It has been noted. Nothing was half-saved: try again, and if it stays like this, tell whoever runs this."
    )
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return HttpResponse(
        render_to_string("errors/error.html", {"title": TITLES[status], "detail": detail}), status=status
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    detail = _("The page was open for too long, or cookies are blocked. Reload the page before, and send it once more.")
    return page(request, HTTPStatus.FORBIDDEN, detail)
