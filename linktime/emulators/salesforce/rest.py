"""The REST API over HTTP: who calls, whether they may, and what the answer's headers say."""

import json
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from linktime.emulators.requestlog import Entry
from linktime.emulators.salesforce.calls import Answer, Call, Session, failure, split_address
from linktime.emulators.salesforce.composite import LONGEST_URI
from linktime.emulators.salesforce.errors import RestError, unreadable
from linktime.emulators.salesforce.oauth.grants import Grants
from linktime.emulators.salesforce.resources import Resources, versions
from linktime.emulators.wire import ENTRY, IN_FLIGHT

TOO_LONG = "<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>"
JSON_TYPE = "application/json;charset=UTF-8"


class Rest:
    def __init__(self, grants: Grants, resources: Resources) -> None:
        self.grants, self.resources = grants, resources

    async def versions(self, _request: Request) -> Response:
        return JSONResponse(versions())

    async def call(self, request: Request) -> Response:
        url = request.scope["raw_path"].decode() + "?" + request.scope["query_string"].decode()
        if len(url) > LONGEST_URI:
            return Response(TOO_LONG, 414, media_type="text/html")
        entry: Entry = request.scope[ENTRY]
        try:
            session = self._session(request)
            entry.organisation = session.org.id
            _check_access(session)
            _check_concurrency(session, request.scope[IN_FLIGHT])
            answer = self._counted(session, request, await request.body(), entry)
        except RestError as error:
            return _response(failure(error), {})
        limit = f"api-usage={session.org.used}/{session.org.settings['daily_limit']}"
        return _response(answer, {"Sforce-Limit-Info": limit})

    def _session(self, request: Request) -> Session:
        header = request.headers.get("authorization", "")
        scheme, _, token = header.partition(" ")
        if header and scheme.lower() not in ("bearer", "oauth"):
            raise RestError("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE", status=401)
        session = self.grants.session(token.strip(), instance_url(request))
        if session is None:
            raise RestError("INVALID_SESSION_ID", "Session expired or invalid", status=401)
        return session

    def _counted(self, session: Session, request: Request, body: bytes, entry: Entry) -> Answer:
        call = read_call(session, request, body)
        cost = self.resources.cost(call)
        if session.org.used + cost > session.org.settings["daily_limit"]:
            raise RestError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", status=403)
        session.org.use(cost)
        entry.api_calls = cost
        entry.subrequests = subrequests(call)
        return self.resources.dispatch(call)


def instance_url(request: Request) -> str:
    """The address under which the caller came, as the instance's."""
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}/salesforce"


def read_call(session: Session, request: Request, body: bytes) -> Call:
    raw: bytes = request.scope["raw_path"]
    url = raw.decode().removeprefix("/salesforce") + "?" + request.scope["query_string"].decode()
    version, path, query = split_address(url)
    method = request.query_params.get("_HttpMethod", request.method)
    return Call(session, method, version, path, query, _lower(request.headers), _json(request, body))


def subrequests(call: Call) -> list[str] | None:
    """What a composite or a batch asks for, as `METHOD path`."""
    key = {"/composite": "compositeRequest", "/composite/batch": "batchRequests"}.get(call.path.rstrip("/"))
    parts = call.body.get(key) if key and isinstance(call.body, dict) else None
    if not isinstance(parts, list):
        return None
    named = (part for part in parts if isinstance(part, dict))
    return [f"{part.get('method')} {str(part.get('url')).partition('?')[0]}" for part in named]


def _lower(headers: Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _json(request: Request, body: bytes) -> Any:
    if not body.strip():
        return None
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind != "application/json":
        message = f"Content-Type not supported: {kind}"
        raise RestError("UNSUPPORTED_MEDIA_TYPE", message, status=415)
    try:
        return json.loads(body)
    except ValueError as error:
        raise unreadable(f"Unexpected character or end of the body: {error}") from error


def _check_access(session: Session) -> None:
    settings = session.org.settings
    if "api" not in session.scope.split() and "full" not in session.scope.split():
        raise RestError("INVALID_SESSION_ID", "This session is not valid for use with the REST API", status=401)
    if settings["api_disabled"]:
        message = "The REST API is not enabled for this Organization."
        raise RestError("API_DISABLED_FOR_ORG", message, status=403)
    if settings["user_api_disabled"]:
        raise RestError("API_CURRENTLY_DISABLED", "API is disabled for this User", status=403)


def _check_concurrency(session: Session, in_flight: int) -> None:
    limit = session.org.settings["concurrent_limit"]
    if limit is not None and in_flight > limit:
        message = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
        raise RestError("REQUEST_LIMIT_EXCEEDED", message, status=403)


def _response(answer: Answer, headers: dict[str, str]) -> Response:
    if answer.body is None:
        return Response(status_code=answer.status, headers=answer.headers | headers)
    content = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    return Response(content, answer.status, answer.headers | headers, JSON_TYPE)
