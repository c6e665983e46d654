"""The page at `/`, and the feed from which it renews itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from linktime.emulators.faults import Faults
from linktime.emulators.mail import Mailbox
from linktime.emulators.requestlog import RequestLog
from linktime.emulators.service import Service

PAGE = Path(__file__).with_name("static") / "page.html"
CONTACTS = 50
REQUESTS = 60


@dataclass(frozen=True)
class Watched:
    """A service with what is recorded of it and done to it."""

    service: Service
    log: RequestLog
    faults: Faults


class Page:
    def __init__(self, watched: Sequence[Watched], mailbox: Mailbox) -> None:
        self._watched, self._mailbox = watched, mailbox

    async def show(self, _request: Request) -> Response:
        return FileResponse(PAGE)

    async def feed(self, _request: Request) -> Response:
        services = {one.service.name: _seen(one) for one in self._watched}
        return JSONResponse({"services": services, "mail": self._mailbox.newest()})


def _seen(one: Watched) -> dict[str, Any]:
    return {
        "contacts": one.service.timeline(CONTACTS),
        "requests": [entry.describe() for entry in one.log.newest(REQUESTS)],
        "api_calls": one.log.api_calls,
        "in_flight": one.log.in_flight,
        "faults": one.faults.describe(),
        "organisations": one.service.organisations(),
        **one.service.settings(None).describe(),
    }
