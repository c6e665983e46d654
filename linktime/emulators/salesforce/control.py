"""What the Salesforce emulator's control API can do beyond the common calls.

| call | does |
|---|---|
| `POST /records` `{"object", "fields", "organisation"}` | makes a record as a salesperson would: `{"id"}` |
| `PATCH /records/{id}` `{"fields"}` | changes one, as a salesperson would |
| `DELETE /records/{id}?purge=true` | deletes one; with `purge` it is gone from the recycle bin too |
| `POST /merge` `{"winner", "losers": [...]}` | merges contacts; their Events become the winner's |
| `POST /refresh_sandbox` `{"organisation"}` | gives an organisation a new id and ends its grants: `{"organisation"}` |

Records written here pass the fields' checks, but neither duplicate rules nor the settings' field-level security.
"""

from typing import TYPE_CHECKING, Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linktime.emulators.control import RequestError, route, wish
from linktime.emulators.salesforce.duplicates import Choice
from linktime.emulators.salesforce.errors import RestError
from linktime.emulators.salesforce.ids import canonical
from linktime.emulators.salesforce.organisation import Organisation
from linktime.emulators.salesforce.schema import SObject
from linktime.emulators.salesforce.store import Record
from linktime.emulators.salesforce.writes import Writer

if TYPE_CHECKING:
    from linktime.emulators.salesforce.service import Salesforce

Place = tuple[Organisation, SObject, Record]


class Extras:
    def __init__(self, service: "Salesforce") -> None:
        self._service = service

    def routes(self) -> list[Route]:
        return [
            route("/records", self.create, "POST"),
            route("/records/{id}", self.update, "PATCH"),
            route("/records/{id}", self.delete, "DELETE"),
            route("/merge", self.merge, "POST"),
            route("/refresh_sandbox", self.refresh_sandbox, "POST"),
        ]

    async def create(self, request: Request) -> Response:
        asked = await wish(request)
        org = self._service.organisation(asked.get("organisation"))
        sobject = org.schema.find(str(asked.get("object")))
        if sobject is None:
            raise RequestError(f"There is no object {asked.get('object')}.")
        record = _said(org, lambda writer: writer.create(sobject, asked.get("fields", {})))
        return JSONResponse({"id": record["Id"]}, status_code=201)

    async def update(self, request: Request) -> Response:
        asked = await wish(request)
        org, sobject, record = self._find(request.path_params["id"])
        _said(org, lambda writer: writer.update(sobject, record, asked.get("fields", {})))
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        org, sobject, record = self._find(request.path_params["id"])
        _said(org, lambda writer: writer.delete(sobject, record))
        if request.query_params.get("purge") == "true":
            org.store.remove(sobject.name, record["Id"])
        return Response(status_code=204)

    async def merge(self, request: Request) -> Response:
        asked = await wish(request)
        org, _, winner = self._find(str(asked.get("winner")))
        losers = [self._find(str(loser))[2] for loser in asked.get("losers", ())]
        _said(org, lambda writer: writer.merge(winner, losers))
        return Response(status_code=204)

    async def refresh_sandbox(self, request: Request) -> Response:
        asked = await wish(request)
        return JSONResponse({"organisation": self._service.refresh_sandbox(asked.get("organisation")).id})

    def _find(self, record_id: str) -> Place:
        place = self._service.find_record(canonical(record_id) or "")
        if place is None:
            raise RequestError(f"There is no record {record_id}.")
        return place


def _said(org: Organisation, work: Any) -> Record:
    """Let the organisation's second user do it, who is a salesperson; a refusal is said in its own words."""
    salesperson = str(org.users[1]["Id"])
    try:
        with org.store.transaction():
            return cast("Record", work(Writer(org, salesperson, Choice(allow_save=True))))
    except RestError as error:
        raise RequestError(f"{error.code}: {error.message}") from error
