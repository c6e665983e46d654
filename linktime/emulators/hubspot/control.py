"""What the HubSpot emulator's control API can do beyond the common calls.

| call | does |
|---|---|
| `POST /records` `{"object", "fields", "associations", "organisation"}` | makes one, as a salesperson would: `{"id"}` |
| `PATCH /records/{id}` `{"fields"}` | changes one, as a salesperson would |
| `DELETE /records/{id}` | archives one |
| `POST /merge` `{"winner", "losers": [...]}` | merges contacts; their meetings become the winner's |

`object` is `contacts` or `meetings`; `associations` are ids of the other kind. Here `hs_additional_emails` can be set.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linktime.emulators.control import RequestError, route, wish
from linktime.emulators.hubspot import writes
from linktime.emulators.hubspot.account import Account
from linktime.emulators.hubspot.associations import TYPE_IDS
from linktime.emulators.hubspot.errors import ApiError
from linktime.emulators.hubspot.properties import TYPES, ObjectType
from linktime.emulators.hubspot.store import Record

if TYPE_CHECKING:
    from linktime.emulators.hubspot.service import HubSpot

MORE_EMAILS = "hs_additional_emails"


class Extras:
    def __init__(self, service: "HubSpot") -> None:
        self._service = service

    def routes(self) -> list[Route]:
        return [
            route("/records", self.create, "POST"),
            route("/records/{id}", self.update, "PATCH"),
            route("/records/{id}", self.delete, "DELETE"),
            route("/merge", self.merge, "POST"),
        ]

    async def create(self, request: Request) -> Response:
        asked = await wish(request)
        account = self._service.account(asked.get("organisation"))
        kind = TYPES.get(str(asked.get("object")))
        if kind is None:
            raise RequestError(f"object is one of {', '.join(TYPES)}.")
        more, fields = _split(asked.get("fields", {}))
        types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TYPE_IDS[kind.plural]}]
        links = [{"to": {"id": str(one)}, "types": types} for one in asked.get("associations", ())]
        with _said():
            record = writes.creation(account, kind, fields, links)()
        _add_emails(account, kind, record, more)
        return JSONResponse({"id": record.id}, status_code=201)

    async def update(self, request: Request) -> Response:
        asked = await wish(request)
        account, kind, record = self._find(request.path_params["id"])
        more, fields = _split(asked.get("fields", {}))
        with _said():
            record = writes.change(account, kind, record, fields)()
        _add_emails(account, kind, record, more)
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        account, kind, record = self._find(request.path_params["id"])
        writes.archive(account, kind, record)
        return Response(status_code=204)

    async def merge(self, request: Request) -> Response:
        asked = await wish(request)
        for one in asked.get("losers", ()):
            account, _, winner = self._find(str(asked.get("winner")))
            account.store.merge(winner, self._find(str(one))[2], account.now)
        return Response(status_code=204)

    def _find(self, record_id: str) -> tuple[Account, ObjectType, Record]:
        place = self._service.find_record(record_id)
        if place is None or place[2].archived:
            raise RequestError(f"There is no record {record_id}.")
        account, plural, record = place
        return account, TYPES[plural], record


def _split(fields: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Texts, and apart from them what only the control API can set; null clears a value."""
    texts = {name: "" if value is None else str(value) for name, value in fields.items()}
    return texts.pop(MORE_EMAILS, ""), texts


def _add_emails(account: Account, kind: ObjectType, record: Record, more: str) -> None:
    if more:
        account.store.put(kind.plural, replace(record, properties=record.properties | {MORE_EMAILS: more}))


@contextmanager
def _said() -> Iterator[None]:
    """Tell a refusal in its own words."""
    try:
        yield
    except ApiError as error:
        raise RequestError(error.message) from error
