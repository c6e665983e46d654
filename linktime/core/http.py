"""The one door to other people's servers.

Timeouts, the guard against private addresses, and errors that say whether the other side may have acted:

    HttpError
    ├─ NotSent       nothing reached them: refused address, no such host, no connection. Safe to repeat.
    └─ AnswerLost    it was sent and no (whole) answer came: they may have acted, or may still be acting

No cookies, no redirects, no retries once a request may have arrived. Messages hold the method, the host and the path,
never the query, headers or bodies; nothing is logged.
"""

import json
import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import httpx2
from django.views.decorators.debug import sensitive_variables

from linktime.core import turns
from linktime.core.transport import Refused, Transport, exchange
from linktime.core.watch import watched

TOTAL_SECONDS = 60.0
BODY_LIMIT = 20 * 1024 * 1024
USER_AGENT = f"LinkTime/{version('linktime')}"

for _name in ("httpcore2", "httpx2"):  # at DEBUG they log headers, and URLs with their queries
    logging.getLogger(_name).setLevel(logging.WARNING)


class HttpError(Exception):
    pass


class NotSent(HttpError):
    pass


class AnswerLost(HttpError):
    pass


@dataclass(frozen=True, slots=True)
class Response:
    """`headers` has lower-case names; `body` is decoded from its content encoding."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.body)} bytes>"

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's success range

    def json(self) -> Any:
        """Parse the body; ValueError when it is not JSON."""
        return json.loads(self.body)


@sensitive_variables()
def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    json_body: Any = None,
    form: Mapping[str, str] | None = None,
    seconds: float = TOTAL_SECONDS,
) -> Response:
    """Send one request and return the answer, whatever its status. Redirects are not followed. Raises HttpError.

    It takes `seconds` at most, from here to the last byte of the answer, of which 5 s are for connecting.
    """
    turns.give_up()
    # `from None`: the frames beneath hold headers and bodies, and error reports show the variables of frames
    with watched(method, url) as call, exchange(seconds) as under_way:
        try:
            wire = _compose(method, url, headers, json_body, form)
            answer = _received(_transport().send(wire))
        except (Refused, httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError) as error:
            raise NotSent(_message(method, url, error)) from None
        except (httpx2.HTTPError, _TooLarge) as error:
            raise (AnswerLost if under_way.arrived else NotSent)(_message(method, url, error)) from None
        call.status = answer.status
        return answer


def _compose(
    method: str, url: str, headers: Mapping[str, str] | None, json_body: Any, form: Mapping[str, str] | None
) -> httpx2.Request:
    standard = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"}
    return httpx2.Request(method, url, headers={**standard, **(headers or {})}, json=json_body, data=form)


class _TooLarge(Exception):
    pass


def _received(answer: httpx2.Response) -> Response:
    """Read the body to its end, or close the connection."""
    body = bytearray()
    try:
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > BODY_LIMIT:
                raise _TooLarge(f"the answer has more than {BODY_LIMIT} bytes")
    finally:
        answer.close()
    return Response(status=answer.status_code, headers=dict(answer.headers), body=bytes(body))


def _message(method: str, url: str, error: Exception) -> str:
    path = url.partition("?")[0].partition("#")[0]
    scheme, _, rest = path.rpartition("//")
    return f"{method} {scheme}//{rest.rpartition('@')[2]}: {error or type(error).__name__}"


_lock = threading.Lock()
_shared: Transport | None = None


def _transport() -> Transport:
    """Return this process's pool of connections."""
    global _shared  # noqa: PLW0603 - one for each process
    with _lock:
        if _shared is None:
            _shared = Transport()
        return _shared


def _after_fork() -> None:
    """Leave the parent its connections: two processes that write to one socket garble both."""
    global _lock, _shared
    _inherited.append(_shared)
    _lock, _shared = threading.Lock(), None


_inherited: list[Transport | None] = []  # kept, so that the child doesn't close what it doesn't own
os.register_at_fork(after_in_child=_after_fork)
