"""A CRM's side in this process: its grants, its trouble, and what has been asked of it. A CRM adds its records."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import httpx2

from linktime.core.clock import now
from linktime.crm.testing.grants import Grants
from linktime.crm.testing.inside import Dropped, body_of, told
from linktime.crm.testing.stage import Trouble


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of the API: `what`, such as `PUT /contacts`, where it was, and what came with it."""

    what: str
    path: str
    body: Any


class Refusal(Exception):
    """What a call is refused with."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.status, self.code = status, code

    def told(self) -> dict[str, str]:
        return {"error": self.code, "message": str(self)}


class InsideService(ABC):
    """`url` is where it is reached. `look_ups` are the calls that `blind` makes fail."""

    url: ClassVar[str]
    organisation: ClassVar[str]
    look_ups: ClassVar[frozenset[str]]

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self.grants = Grants(self.organisation, clock)
        self.asked: list[Asked] = []
        self.met = False
        self._planted: dict[str, Trouble] = {}
        self._throttled = self._blind = False
        self._dropped: Asked | None = None

    @abstractmethod
    def named(self, method: str, path: str) -> str:
        """Return which call this is, such as `PUT /contacts`."""

    @abstractmethod
    def work(self, asked: Asked) -> Any:
        """Do what is asked and return what to tell. Raises Refusal."""

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if path in ("/token", "/revoke"):
            return (self.grants.token if path == "/token" else self.grants.revoked)(body_of(request))
        if not self.grants.admits(request.headers.get("authorization", "")):
            return told(401, {"error": "token_ended", "message": "The access token has ended."})
        body = body_of(request) if request.content else {}
        asked = Asked(self.named(request.method, path), path, body)
        self.asked.append(asked)
        return self._through(asked)

    def disturb(self, what: str, trouble: Trouble) -> None:
        """Let the next call of this kind run into trouble."""
        self._planted[what], self.met = trouble, False

    def throttle(self) -> None:
        self._throttled = True

    def blind(self) -> None:
        self._blind = True

    def recover(self) -> None:
        self._planted.clear()
        self._throttled = self._blind = False

    def arrive_late(self) -> None:
        """Do what the last dropped call asked for."""
        if self._dropped is not None:
            self._worked(self._dropped)

    def _through(self, asked: Asked) -> httpx2.Response:
        trouble = self._trouble(asked)
        if trouble == Trouble.THROTTLED:
            return told(429, {"error": "too_many"}, {"Retry-After": "60"})
        if trouble == Trouble.BUSY:
            return told(503, {"error": "busy"})
        if trouble == Trouble.DROPPED:
            self._dropped = asked
            raise Dropped
        answer = self._worked(asked)
        return _disturbed(answer, trouble) if trouble else answer

    def _trouble(self, asked: Asked) -> Trouble | None:
        if self._throttled:
            return Trouble.THROTTLED
        if self._blind and asked.what in self.look_ups:
            return Trouble.BUSY
        self.met |= asked.what in self._planted
        return self._planted.pop(asked.what, None)

    def _worked(self, asked: Asked) -> httpx2.Response:
        try:
            return told(200, self.work(asked))
        except Refusal as refusal:
            return told(refusal.status, refusal.told())


def _disturbed(answer: httpx2.Response, trouble: Trouble) -> httpx2.Response:
    """Spoil the answer to what has been done."""
    if trouble == Trouble.LOST:
        raise Dropped
    if trouble == Trouble.BROKEN:
        return told(500, {"error": "broken"})
    return httpx2.Response(200, content=answer.content[: len(answer.content) // 2])
