"""The emulators' one web application: each service under its name, and the page that shows them."""

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles

from linktime.emulators.attio.service import Attio
from linktime.emulators.control import Control
from linktime.emulators.faults import Faults
from linktime.emulators.hubspot.service import HubSpot
from linktime.emulators.mail import Mailbox
from linktime.emulators.page import Page, Watched
from linktime.emulators.requestlog import RequestLog
from linktime.emulators.salesforce.service import Salesforce
from linktime.emulators.service import Service
from linktime.emulators.wire import Wire

STATIC = Path(__file__).with_name("static")


def services(seed: int | None) -> list[Service]:
    """Every service there is; a new one is added here."""
    return [Salesforce(seed), HubSpot(seed), Attio()]


def build(served: Sequence[Service], mail: Path | None) -> Starlette:
    watched = [Watched(service, RequestLog(), Faults()) for service in served]
    page = Page(watched, Mailbox(mail))
    return Starlette(
        routes=[
            Route("/", page.show, methods=["GET"]),
            Route("/feed", page.feed, methods=["GET"]),
            Mount("/static", StaticFiles(directory=STATIC)),
            *(Mount(f"/{one.service.name}", _wired(one)) for one in watched),
        ]
    )


def _wired(one: Watched) -> Wire:
    control = Control(one.service, one.log, one.faults).routes()
    router = Router([*control, *one.service.routes()], redirect_slashes=False)
    return Wire(router, one.service, one.log, one.faults)
