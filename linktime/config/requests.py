"""The span of a web request, and what of it the log is told."""

import re
from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from linktime.core import telemetry

SERVER_ERROR = 500
QUIET = ("/healthz", "/readyz", "/metrics", "/static/")


class Traced:
    """The outermost middleware where traces are wanted: one span for each request, named by route and method.

    Neither path nor query is told, which hold names and the keys to bookings; nor who asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not telemetry.on():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(QUIET):
            return self.get_response(request)
        method = request.method or ""
        parent = request.headers.get("traceparent", "")
        with telemetry.span(method, kind="server", parent=parent, attributes={"http.request.method": method}) as span:
            answer = self.get_response(request)
            if request.resolver_match:
                route = _readable(request.resolver_match.route)
                span.rename(f"{method} {route}")
                span.set({"http.route": route})
            span.set({"http.response.status_code": answer.status_code})
            if answer.status_code >= SERVER_ERROR:
                span.failed(str(answer.status_code))
            return answer


def _readable(route: str) -> str:
    """Return a route with the names of what stands where: those given as regular expressions become `<handle>`."""
    return "/" + re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route).strip("^$").removesuffix("/?")
