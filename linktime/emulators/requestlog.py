"""What was asked of a service, the newest last; tokens only as the beginning of them."""

import base64
import binascii
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from linktime.emulators.exchanges import Exchanges

KEPT = 20_000
PREFIX = 20


@dataclass
class Entry:
    n: int
    method: str
    path: str
    query: str
    token_prefix: str | None
    began: float = field(default_factory=time.monotonic)
    at: datetime = field(default_factory=lambda: datetime.now(tz=UTC))
    ended: float | None = None
    status: int | None = None
    """The answer's; None while the call is in work, and for one whose connection was dropped."""
    outcome: str = "working"
    committed: bool = False
    """The work is done, whether or not the answer has left."""
    api_calls: int = 0
    subrequests: list[str] | None = None
    organisation: str | None = None

    def describe(self) -> dict[str, Any]:
        row = {
            "n": self.n,
            "at": self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "status": self.status,
            "outcome": self.outcome,
            "token_prefix": self.token_prefix,
            "organisation": self.organisation,
            "api_calls": self.api_calls,
            "in_flight_ms": round(((self.ended or time.monotonic()) - self.began) * 1000, 1),
        }
        return row if self.subrequests is None else row | {"subrequests": self.subrequests}


class RequestLog:
    def __init__(self) -> None:
        self.exchanges = Exchanges()
        self.clear()

    def clear(self) -> None:
        self._rows: deque[Entry] = deque(maxlen=KEPT)
        self._working: dict[int, Entry] = {}
        self._last = 0
        self._api_calls = 0
        self.exchanges.clear()

    def begin(self, method: str, path: str, query: str, authorization: str | None) -> Entry:
        self._last += 1
        entry = Entry(n=self._last, method=method, path=path, query=query, token_prefix=token_prefix(authorization))
        self._rows.append(entry)
        self._working[entry.n] = entry
        return entry

    def end(self, entry: Entry, outcome: str) -> None:
        entry.outcome, entry.ended = outcome, time.monotonic()
        self._api_calls += entry.api_calls
        self._working.pop(entry.n, None)

    def after(self, n: int) -> Iterator[Entry]:
        return (entry for entry in self._rows if entry.n > n)

    def newest(self, limit: int) -> list[Entry]:
        return list(self._rows)[: -limit - 1 : -1]

    @property
    def api_calls(self) -> int:
        """Counted as the service's own limit would, calls in work included."""
        return self._api_calls + sum(entry.api_calls for entry in self._working.values())

    @property
    def in_flight(self) -> int:
        return len(self._working)

    @property
    def committed(self) -> int:
        return sum(entry.committed for entry in self._working.values())


def token_prefix(authorization: str | None) -> str | None:
    """Show enough of a credential to tell two apart, and no more."""
    if not authorization:
        return None
    scheme, _, credential = authorization.partition(" ")
    if scheme.lower() == "basic":
        return f"Basic {_basic_user(credential)[:PREFIX]}"
    return credential[: min(PREFIX, len(credential) // 2)]


def _basic_user(credential: str) -> str:
    try:
        return base64.b64decode(credential).decode(errors="replace").partition(":")[0]
    except binascii.Error:
        return ""
