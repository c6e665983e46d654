"""Errors as pages: the one place where a domain error becomes an answer for a person."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin

from linktime.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound

STATUSES: dict[type[Exception], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    RequestDataTooBig: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
TITLES = {
    HTTPStatus.BAD_REQUEST: "This request can't be read",
    HTTPStatus.FORBIDDEN: "You can't do that here",
    HTTPStatus.NOT_FOUND: "This page is not here",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address works another way",
    HTTPStatus.CONFLICT: "That is no longer possible",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is too large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something in it is not right",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong on our side",
}


class DomainErrors(MiddlewareMixin):
    """Answer domain errors that a view let through."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), None)
        if status is None or request.path.startswith("/api/v1/"):
            return None
        if isinstance(error, RequestDataTooBig):
            return page(request, status, "Send less at once: forms here take up to 256 KB.")
        return page(request, status, error.detail if isinstance(error, DomainError) and str(error) else "")


def page(request: HttpRequest, status: HTTPStatus, detail: str = "") -> HttpResponse:
    return render(request, "errors/error.html", {"title": TITLES[status], "detail": detail}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Send less at once: forms here take up to 256 KB.")
    return page(request, HTTPStatus.BAD_REQUEST, "Go back, and try it again.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return page(request, HTTPStatus.FORBIDDEN, "Ask an owner of this account.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return page(request, HTTPStatus.NOT_FOUND, "The link may be old, or not wholly copied. Check the address.")


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say so without asking anything that may be what is broken, such as the database for who is signed in."""
    detail = "It has been noted. Nothing was half-saved: try again, and if it stays like this, tell whoever runs this."
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return HttpResponse(
        render_to_string("errors/error.html", {"title": TITLES[status], "detail": detail}), status=status
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    detail = "The page was open for too long, or cookies are blocked. Reload the page before, and send it once more."
    return page(request, HTTPStatus.FORBIDDEN, detail)
