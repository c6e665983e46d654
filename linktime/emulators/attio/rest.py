"""The REST API over HTTP: who calls, whether they may and how often, and where a call goes."""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from linktime.emulators.attio import attributes, limits
from linktime.emulators.attio.errors import ApiError, bad_body, no_endpoint, not_found
from linktime.emulators.attio.grants import Grant, Grants, bearer
from linktime.emulators.attio.notes import Notes
from linktime.emulators.attio.oauth.token import describe
from linktime.emulators.attio.people import People
from linktime.emulators.attio.workspace import Workspace
from linktime.emulators.requestlog import Entry
from linktime.emulators.wire import ENTRY

JSON = dict[str, Any]
TOKEN_LENGTH = 64
WRONG_LENGTH = (
    "The API Key provided was invalid because it was the wrong length (API Keys should be 64 characters long). "
    "You might not have copied the entire API key from your Admin panel?"
)
RECORDS_READ = ("record_permission:read", "object_configuration:read")
RECORDS_WRITE = ("record_permission:read-write", "object_configuration:read")
NOTES_READ = ("note:read", *RECORDS_READ)
NOTES_WRITE = ("note:read-write", *RECORDS_READ)


@dataclass(frozen=True)
class Call:
    """One authorised call; `ids` are the parts of its path that name something."""

    workspace: Workspace
    actor: JSON
    ids: tuple[str, ...]
    query: dict[str, str]
    body: Any

    @property
    def people(self) -> People:
        self._check_object()
        return People(self.workspace, self.actor)

    @property
    def attributes(self) -> list[JSON]:
        self._check_object()
        return attributes.page(self.workspace, self.query)

    @property
    def notes(self) -> Notes:
        return Notes(self.workspace, self.actor)

    def _check_object(self) -> None:
        if self.ids[0] not in ("people", self.workspace.object_id) or not self.workspace.settings["people_enabled"]:
            raise not_found(f'Object with slug/ID "{self.ids[0]}" not found.')


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: re.Pattern[str]
    scopes: tuple[str, ...]
    write: bool
    work: Callable[[Call], Any]


def _data(work: Callable[[Call], Any]) -> Callable[[Call], Any]:
    return lambda call: {"data": work(call)}


def _deleted(call: Call) -> JSON:
    call.notes.delete(call.ids[0])
    return {}


_ATTRIBUTES = re.compile(r"/v2/objects/([^/]+)/attributes")
_RECORDS = re.compile(r"/v2/objects/([^/]+)/records")
_QUERY = re.compile(r"/v2/objects/([^/]+)/records/query")
_RECORD = re.compile(r"/v2/objects/([^/]+)/records/([^/]+)")
_NOTES = re.compile(r"/v2/notes")
_NOTE = re.compile(r"/v2/notes/([^/]+)")
ENDPOINTS = (
    Endpoint("GET", _ATTRIBUTES, RECORDS_READ[1:], write=False, work=_data(lambda call: call.attributes)),
    Endpoint(
        "PUT",
        _RECORDS,
        RECORDS_WRITE,
        write=True,
        work=_data(lambda call: call.people.upsert(call.query.get("matching_attribute"), call.body)),
    ),
    Endpoint("POST", _QUERY, RECORDS_READ, write=False, work=_data(lambda call: call.people.query(call.body))),
    Endpoint("GET", _RECORD, RECORDS_READ, write=False, work=_data(lambda call: call.people.read(call.ids[1]))),
    Endpoint(
        "PATCH",
        _RECORD,
        RECORDS_WRITE,
        write=True,
        work=_data(lambda call: call.people.change(call.ids[1], call.body)),
    ),
    Endpoint("POST", _NOTES, NOTES_WRITE, write=True, work=_data(lambda call: call.notes.create(call.body))),
    Endpoint("GET", _NOTES, NOTES_READ, write=False, work=_data(lambda call: call.notes.page(call.query))),
    Endpoint("GET", _NOTE, NOTES_READ, write=False, work=_data(lambda call: call.notes.read(call.ids[0]))),
    Endpoint("DELETE", _NOTE, NOTES_WRITE[:1], write=True, work=_deleted),
)


class Rest:
    def __init__(self, grants: Grants, workspace: Callable[[str], Workspace | None]) -> None:
        self._grants, self._workspace = grants, workspace

    async def self_(self, request: Request) -> Response:
        """Say what a token may do; of one that has been revoked, that it is not active."""
        request.scope[ENTRY].api_calls = 1
        token = bearer(request.headers.get("authorization"))
        if len(token) != TOKEN_LENGTH:
            return _response(400, bad_token().body())
        grant = self._grants.find(token)
        workspace = self._workspace(grant.workspace_id) if grant else None
        if grant is None or workspace is None:
            return _response(200, {"active": False})
        request.scope[ENTRY].organisation = workspace.id
        return _response(200, describe(grant) | _workspace_facts(workspace))

    async def call(self, request: Request) -> Response:
        entry: Entry = request.scope[ENTRY]
        entry.api_calls = 1
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        try:
            grant, workspace = self._who(request)
            entry.organisation = workspace.id
            endpoint, ids = _find(request.method, path)
            limits.count(workspace, write=endpoint.write)
            _check_scopes(grant, endpoint)
            workspace.base_url = base_url(request)
            actor = {"type": workspace.settings["author"], "id": grant.client_id or None}
            body = _json(await request.body()) if request.method in ("POST", "PUT", "PATCH") else None
            return _response(200, endpoint.work(Call(workspace, actor, ids, dict(request.query_params), body)))
        except ApiError as error:
            return _response(error.status, error.body(), error.headers)

    def _who(self, request: Request) -> tuple[Grant, Workspace]:
        token = bearer(request.headers.get("authorization"))
        grant = self._grants.find(token)
        workspace = self._workspace(grant.workspace_id) if grant else None
        if grant is None or workspace is None:
            message = "The access token is invalid or has been revoked." if len(token) == TOKEN_LENGTH else WRONG_LENGTH
            raise ApiError(401, "unauthorized", message, type_="auth_error")
        return grant, workspace


def base_url(request: Request) -> str:
    """The address under which the caller came."""
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}/attio"


def bad_token() -> ApiError:
    return ApiError(400, "unauthorized", WRONG_LENGTH, type_="auth_error")


def _find(method: str, path: str) -> tuple[Endpoint, tuple[str, ...]]:
    for endpoint in ENDPOINTS:
        match = endpoint.path.fullmatch(path)
        if match and endpoint.method == method:
            return endpoint, match.groups()
    raise no_endpoint(method, path)


def _check_scopes(grant: Grant, endpoint: Endpoint) -> None:
    """A scope to read and write includes the one to read."""
    has = set(grant.scope.split())
    has |= {scope.removesuffix("-write") for scope in has if scope.endswith(":read-write")}
    if missing := [scope for scope in endpoint.scopes if scope not in has]:
        message = f"Unauthorized: missing scope(s) {', '.join(missing)}."
        raise ApiError(403, "unauthorized", message, type_="auth_error")


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise bad_body({"code": "custom", "path": [], "message": "The body is not JSON"}) from error


def _workspace_facts(workspace: Workspace) -> JSON:
    return {
        "authorized_by_workspace_member_id": workspace.member_id,
        "workspace_id": workspace.id,
        "workspace_name": workspace.settings["workspace_name"],
        "workspace_slug": workspace.settings["workspace_slug"],
        "workspace_logo_url": None,
    }


def _response(status: int, body: JSON, headers: dict[str, str] | None = None) -> Response:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    ours = {"x-attio-execution-id": str(uuid.uuid4())}
    return Response(content, status, ours | (headers or {}), "application/json; charset=utf-8")
