"""The control API of a service, JSON, under `/<service>/_emulator`.

| call | does |
|---|---|
| `GET /state?organisation=&deleted=true` | everything stored; deleted records only when asked for |
| `GET /requests?after=N` | `{"api_calls", "data": [{"n", "at", "method", "path", "status", "outcome", ...}]}` |
| `GET /exchanges?after=N` | the latest requests and answers whole, see exchanges.py |
| `GET /in_flight` | `{"count", "committed"}`: calls in work now, and those among them whose work is done already |
| `POST /faults`, `GET /faults`, `DELETE /faults`, `DELETE /faults/{id}` | see faults.py |
| `POST /settings` | merges; `{"organisation": "..."}` chooses (or makes) the organisation that the rest is for |
| `GET /settings?organisation=` | `{"organisation", "organisations", "settings", "defaults", "meanings", "choices"}` |
| `POST /token` | a grant without the consent page: `{"access_token", "refresh_token", "instance_url"}` |
| `POST /revoke` | ends every grant: `{"revoked": how many}` |
| `POST /reset` | empty; settings, faults and the request log as at first |

A service adds its own calls beside these.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linktime.emulators.faults import Faults
from linktime.emulators.requestlog import RequestLog
from linktime.emulators.service import JSON, Service

Endpoint = Callable[[Request], Awaitable[Response]]


class RequestError(ValueError):
    """What was asked of the control API can't be understood."""


class Control:
    def __init__(self, service: Service, log: RequestLog, faults: Faults) -> None:
        self.service, self.log, self.faults = service, log, faults

    def routes(self) -> list[Route]:
        return [
            route("/state", self.state, "GET"),
            route("/requests", self.requests, "GET"),
            route("/exchanges", self.exchanges, "GET"),
            route("/in_flight", self.in_flight, "GET"),
            route("/faults", self.add_fault, "POST"),
            route("/faults", self.list_faults, "GET"),
            route("/faults", self.clear_faults, "DELETE"),
            route("/faults/{id:int}", self.remove_fault, "DELETE"),
            route("/settings", self.change_settings, "POST"),
            route("/settings", self.show_settings, "GET"),
            route("/token", self.token, "POST"),
            route("/revoke", self.revoke, "POST"),
            route("/reset", self.reset, "POST"),
        ]

    async def state(self, request: Request) -> Response:
        deleted = request.query_params.get("deleted") == "true"
        return JSONResponse(self.service.state(request.query_params.get("organisation"), deleted=deleted))

    async def requests(self, request: Request) -> Response:
        after = int(request.query_params.get("after", 0))
        rows = [entry.describe() for entry in self.log.after(after)]
        return JSONResponse({"api_calls": self.log.api_calls, "data": rows})

    async def exchanges(self, request: Request) -> Response:
        after = int(request.query_params.get("after", 0))
        return JSONResponse({"data": list(self.log.exchanges.after(after))})

    async def in_flight(self, _request: Request) -> Response:
        return JSONResponse({"count": self.log.in_flight, "committed": self.log.committed})

    async def add_fault(self, request: Request) -> Response:
        return JSONResponse({"id": self.faults.add(await wish(request)).id}, status_code=201)

    async def list_faults(self, _request: Request) -> Response:
        return JSONResponse({"data": self.faults.describe()})

    async def clear_faults(self, _request: Request) -> Response:
        self.faults.clear()
        return Response(status_code=204)

    async def remove_fault(self, request: Request) -> Response:
        return Response(status_code=204 if self.faults.remove(request.path_params["id"]) else 404)

    async def change_settings(self, request: Request) -> Response:
        changes = await wish(request)
        organisation = changes.pop("organisation", None)
        self.service.change(organisation, changes)
        return self._settings(organisation)

    async def show_settings(self, request: Request) -> Response:
        return self._settings(request.query_params.get("organisation"))

    async def token(self, request: Request) -> Response:
        return JSONResponse(self.service.issue_token(await wish(request), str(request.base_url).rstrip("/")))

    async def revoke(self, _request: Request) -> Response:
        return JSONResponse({"revoked": self.service.revoke_all()})

    async def reset(self, _request: Request) -> Response:
        self.service.reset()
        self.faults.clear()
        self.log.clear()
        return Response(status_code=204)

    def _settings(self, organisation: str | None) -> Response:
        organisations = self.service.organisations()
        described = self.service.settings(organisation).describe()
        chosen = organisation or organisations[0]["id"]
        return JSONResponse({"organisation": chosen, "organisations": organisations, **described})


def route(path: str, endpoint: Endpoint, method: str) -> Route:
    """A control call whose mistakes are answered with 422 and a sentence."""

    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=422)

    return Route(f"/_emulator{path}", guarded, methods=[method])


async def wish(request: Request) -> JSON:
    """The request's JSON object; an empty body is an empty object."""
    body = await request.body()
    try:
        value: Any = json.loads(body or b"{}")
    except json.JSONDecodeError as error:
        raise RequestError(f"The body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise RequestError("The body is an object.")
    return value
