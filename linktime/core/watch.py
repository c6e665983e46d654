"""What operators see of requests to other services: how many, how long, and how they ended."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from linktime.core.counting import count, observe

REQUESTS = "linktime_http_requests_total"
SECONDS = "linktime_http_request_seconds"
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
    """Count and time the request of this block."""
    service = _named(url)
    call, begun, end = Call(), time.monotonic(), "error"
    try:
        yield call
        end = str(call.status)
    except Exception as error:
        end = _ENDS.get(type(error).__name__, "error")
        raise
    finally:
        count(REQUESTS, service=service, method=method, status=end)
        observe(SECONDS, time.monotonic() - begun, service=service)


def _named(url: str) -> str:
    try:
        return _service_of(url) if _service_of else "other"
    except ValueError:  # that is no URL
        return "other"
