"""What the Attio emulator's control API can do beyond the common calls.

| call | does |
|---|---|
| `POST /records` `{"object": "people", "fields", "organisation"}` | makes a person as a colleague would: `{"id"}` |
| `POST /records` `{"object": "notes", "fields": {"parent_record_id", "title", "content"}}` | makes a note |
| `PATCH /records/{id}` `{"fields"}` | changes a person's attributes, or a note's title and content |
| `DELETE /records/{id}` | deletes a person with the notes, or a note |
| `POST /merge` `{"winner", "losers": [...]}` | merges people; their emails, phones and notes become the winner's |

A person's fields are attributes; a value that is no list is a list of one.
"""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linktime.emulators.attio.errors import ApiError
from linktime.emulators.attio.notes import Notes
from linktime.emulators.attio.people import People
from linktime.emulators.attio.workspace import Record, Workspace
from linktime.emulators.control import Endpoint, RequestError, route, wish

if TYPE_CHECKING:
    from linktime.emulators.attio.service import Attio

JSON = dict[str, Any]


class Extras:
    def __init__(self, service: "Attio") -> None:
        self._service = service

    def routes(self) -> list[Route]:
        return [
            route("/records", _said(self.create), "POST"),
            route("/records/{id}", _said(self.update), "PATCH"),
            route("/records/{id}", _said(self.delete), "DELETE"),
            route("/merge", _said(self.merge), "POST"),
        ]

    async def create(self, request: Request) -> Response:
        asked = await wish(request)
        workspace, fields = self._service.workspace(asked.get("organisation")), asked.get("fields", {})
        if asked.get("object") == "people":
            made = People(workspace, _member(workspace)).make(_attributes(fields))["id"]
        elif asked.get("object") == "notes":
            data = {"parent_object": "people", "format": "plaintext", **fields}
            made = Notes(workspace, _member(workspace)).create({"data": data})["id"]["note_id"]
        else:
            raise RequestError(f"There is no object {asked.get('object')}.")
        return JSONResponse({"id": made}, status_code=201)

    async def update(self, request: Request) -> Response:
        fields = (await wish(request)).get("fields", {})
        if found := self._service.find_note(request.path_params["id"]):
            workspace, note = found
            content = fields.get("content", note["content_plaintext"])
            texts = {"title": fields.get("title", note["title"]) or ""}
            workspace.put_note(note | texts | {"content_plaintext": content or "", "content_markdown": content or ""})
            return Response(status_code=204)
        workspace, person = self._person(request.path_params["id"])
        people, kept = People(workspace, _member(workspace)), person["values"].items()
        people.change(person["id"], {"data": {"values": _attributes(fields)}})  # first: it may be refused
        workspace.put_person(person | {"values": {slug: rows for slug, rows in kept if slug not in fields}})
        people.change(person["id"], {"data": {"values": _attributes(fields)}})
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        if found := self._service.find_note(request.path_params["id"]):
            found[0].remove_note(found[1]["id"])
        else:
            workspace, person = self._person(request.path_params["id"])
            workspace.remove_person(person["id"])
        return Response(status_code=204)

    async def merge(self, request: Request) -> Response:
        asked = await wish(request)
        for loser in asked.get("losers", ()):
            workspace, winner = self._person(str(asked.get("winner")))
            workspace.merge(winner, self._person(str(loser))[1])
        return Response(status_code=204)

    def _person(self, record_id: str) -> tuple[Workspace, Record]:
        found = self._service.find_person(record_id)
        if found is None:
            raise RequestError(f"There is no record {record_id}.")
        return found


def _said(endpoint: Endpoint) -> Endpoint:
    """Say a refusal in its own words."""

    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as error:
            raise RequestError(f"{error.code}: {error.message} {error.validation_errors or ''}") from error

    return guarded


def _member(workspace: Workspace) -> JSON:
    return {"type": "workspace-member", "id": workspace.member_id}


def _attributes(fields: JSON) -> JSON:
    """Values as lists; what a form leaves empty is no value."""
    lists = {slug: value if isinstance(value, list) else [value] for slug, value in fields.items()}
    return {slug: [one for one in value if one not in (None, "")] for slug, value in lists.items()}
