"""What operators see of requests to other services: how many, how long, how they ended, and a span for each.

A span says method, host and route: the path without the ids of records, and never the query.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from linktime.core.counting import count, observe
from linktime.core.telemetry import Attributes, span

REQUESTS = "linktime_http_requests_total"
SECONDS = "linktime_http_request_seconds"
REFUSED = 400
_WORD = re.compile(r"[A-Za-z_][A-Za-z_-]{0,39}|v\d+(\.\d+)?|\d{4}-\d\d|")
_ENDS = {"NotSent": "not_sent", "AnswerLost": "answer_lost"}


@dataclass(slots=True)
class Call:
    """One request; whoever sends it sets the answer's `status`."""

    status: int = 0


_service_of: Callable[[str], str] | None = None


def name_services(service_of: Callable[[str], str]) -> None:
    """Take the service's name from here, given a URL; `core` lies below those who know them."""
    global _service_of  # noqa: PLW0603 - one for each process
    _service_of = service_of


@contextmanager
def watched(method: str, url: str) -> Iterator[Call]:
    """Count, time and trace the request of this block."""
    service, route = _named(url), route_of(url)
    call, begun, end = Call(), time.monotonic(), "error"
    with span(f"{method} {route}", kind="client", attributes=_attributes(method, url, route, service)) as traced:
        try:
            yield call
            end = str(call.status)
            traced.set({"http.response.status_code": call.status})
            if call.status >= REFUSED:
                traced.failed(end)
        except Exception as error:
            end = _ENDS.get(type(error).__name__, "error")
            raise
        finally:
            count(REQUESTS, service=service, method=method, status=end)
            observe(SECONDS, time.monotonic() - begun, service=service)


def route_of(url: str) -> str:
    """Return a URL's path with `{id}` for whatever is no word of an API: ids, addresses, names in capitals."""
    path = url.partition("?")[0].partition("#")[0].partition("://")[2].partition("/")[2]
    return "".join(f"/{part if _WORD.fullmatch(part) else '{id}'}" for part in path.split("/"))


def _attributes(method: str, url: str, route: str, service: str) -> Attributes:
    host = url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]
    return {"http.request.method": method, "server.address": host, "url.template": route, "linktime.service": service}


def _named(url: str) -> str:
    try:
        return _service_of(url) if _service_of else "other"
    except ValueError:  # that is no URL
        return "other"
