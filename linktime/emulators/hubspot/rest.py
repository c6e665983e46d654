"""The API over HTTP: which addresses there are, who calls, whether they may, and what the answer's headers say."""

import json
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linktime.emulators.hubspot import associations, definitions, objects
from linktime.emulators.hubspot.account import WINDOW, Account
from linktime.emulators.hubspot.calls import Answer, Call
from linktime.emulators.hubspot.clock import stamp
from linktime.emulators.hubspot.errors import ApiError, missing_scopes, not_found, unreadable
from linktime.emulators.hubspot.oauth.grants import Access, Grants
from linktime.emulators.requestlog import Entry
from linktime.emulators.wire import ENTRY

JSON_TYPE = "application/json;charset=utf-8"
READ, WRITE, BASIC = "crm.objects.contacts.read", "crm.objects.contacts.write", "oauth"
LOST = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at "
    "https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)
LONG_AGO = "The OAuth token used to make this call expired 19884 day(s) ago."
ANY_METHOD = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]

Work = Callable[[Call], Answer]
Find = Callable[[str], Account | None]

DATED = ("2026-09", "2026-03")
OBJECTS = (*(f"/crm/objects/{version}" for version in DATED), "/crm/v3/objects")
LINKS = (*OBJECTS, "/crm/v4/objects")
PROPERTIES = (*(f"/crm/properties/{version}" for version in DATED), "/crm/v3/properties")
LINK_BATCHES = (*(f"/crm/associations/{version}" for version in DATED), "/crm/v4/associations")

OBJECT_CALLS: tuple[tuple[str, str, Work, str], ...] = (
    ("GET", "/{kind}", objects.page, READ),
    ("POST", "/{kind}", objects.create, WRITE),
    ("POST", "/{kind}/merge", objects.merge, WRITE),
    ("POST", "/{kind}/batch/create", objects.batch_create, WRITE),
    ("POST", "/{kind}/batch/read", objects.batch_read, READ),
    ("POST", "/{kind}/batch/update", objects.batch_update, WRITE),
    ("POST", "/{kind}/batch/upsert", objects.batch_upsert, WRITE),
    ("POST", "/{kind}/batch/archive", objects.batch_archive, WRITE),
    ("GET", "/{kind}/{id}", objects.read, READ),
    ("PATCH", "/{kind}/{id}", objects.update, WRITE),
    ("DELETE", "/{kind}/{id}", objects.archive, WRITE),
)
LINK_CALLS: tuple[tuple[str, str, Work, str], ...] = (
    ("PUT", "/{kind}/{id}/associations/default/{other}/{other_id}", associations.put_default, WRITE),
    ("PUT", "/{kind}/{id}/associations/{other}/{other_id}", associations.put_labelled, WRITE),
    ("DELETE", "/{kind}/{id}/associations/{other}/{other_id}", associations.remove, WRITE),
    ("GET", "/{kind}/{id}/associations/{other}", associations.list_of_one, READ),
)
BATCH_READ = "/{kind}/{other}/batch/read"


class Rest:
    def __init__(self, grants: Grants, account: Find) -> None:
        self._grants, self._account = grants, account

    def routes(self) -> list[Route]:
        return [
            *(
                self._route(at + path, method, work, scope)
                for at in OBJECTS
                for method, path, work, scope in OBJECT_CALLS
            ),
            *(self._route(at + path, method, work, scope) for at in LINKS for method, path, work, scope in LINK_CALLS),
            *(self._route(at + BATCH_READ, "POST", associations.read_many, READ) for at in LINK_BATCHES),
            self._route("/crm/v3/associations" + BATCH_READ, "POST", associations.read_many_v3, READ),
            *(self._route(f"{at}/{{kind}}", "GET", definitions.everything, READ, WRITE) for at in PROPERTIES),
            *(self._route(f"/account-info/{v}/details", "GET", _details, BASIC) for v in (*DATED, "v3")),
            *(Route(f"/appinstalls/{v}/external-install", self.uninstall, methods=["DELETE"]) for v in (*DATED, "v3")),
            Route("/{rest:path}", _nowhere, methods=ANY_METHOD),
        ]

    async def uninstall(self, request: Request) -> Response:
        try:
            access, account = self._caller(request)
        except ApiError as error:
            return _refused(error)
        self._grants.uninstall(access.grant)
        return _response(Answer(204), account)

    def _route(self, path: str, method: str, work: Work, *scopes: str) -> Route:
        """Any of the scopes will do."""
        return Route(path, self._endpoint(work, scopes), methods=[method])

    def _endpoint(self, work: Work, scopes: Sequence[str]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            try:
                access, account = self._caller(request)
                _check_limits(account)
                request.scope[ENTRY].api_calls = 1
                account.use()
                return _response(work(_call(request, body, account, access, scopes)), account)
            except ApiError as error:
                return _refused(error)

        return endpoint

    def _caller(self, request: Request) -> tuple[Access, Account]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise ApiError(LOST, status=401, category="INVALID_AUTHENTICATION")
        access = self._grants.access(token.strip())
        account = self._account(access.grant.hub_id) if access else None
        if access is None or account is None:
            raise ApiError(LONG_AGO, status=401, category="EXPIRED_AUTHENTICATION")
        if self._grants.ended(access):
            ago = -self._grants.seconds_left(access)
            text = f"The OAuth token used to make this call expired {ago} second(s) ago."
            context = {"expire time": [stamp(access.expires)]}
            raise ApiError(text, status=401, category="EXPIRED_AUTHENTICATION", context=context)
        entry: Entry = request.scope[ENTRY]
        entry.organisation = account.id
        return access, account


def site_of(request: Request) -> str:
    """The address under which the caller came: where people see the records."""
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}/hubspot"


def _call(request: Request, body: bytes, account: Account, access: Access, scopes: Sequence[str]) -> Call:
    if not set(scopes) & set(access.grant.scopes):
        raise missing_scopes(list(scopes))
    query = parse_qs(request.scope["query_string"].decode(errors="replace"), keep_blank_values=True)
    return Call(account, request.method, request.path_params, query, _json(request, body), site_of(request))


def _json(request: Request, body: bytes) -> Any:
    if not body.strip():
        return None
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ApiError(f"Content type {kind} is not supported", status=415, category=None)
    try:
        found = json.loads(body)
        json.dumps(found, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise unreadable(f"on line 1, column 1: {type(error).__name__}") from error
    return found


def _check_limits(account: Account) -> None:
    settings = account.settings
    if account.recent >= settings["ten_second_limit"]:
        raise _limited(account, "TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit.")
    if settings["daily_limit"] is not None and account.today >= settings["daily_limit"]:
        raise _limited(account, "DAILY", "You have reached your daily limit.")


class _Limited(ApiError):
    def __init__(self, message: str, facts: dict[str, str], headers: dict[str, str]) -> None:
        super().__init__(message, status=429, category=None, headers=headers)
        self.facts = facts

    def body(self) -> dict[str, Any]:
        return super().body() | self.facts


def _limited(account: Account, policy: str, text: str) -> ApiError:
    name = {"errorType": "RATE_LIMIT"} if account.settings["limit_body"] == "errorType" else {"category": "RATE_LIMITS"}
    facts = {**name, "policyName": policy, "groupName": f"publicapi:{account.id}", "requestId": str(uuid.uuid4())}
    after = {"Retry-After": str(round(WINDOW.total_seconds()))} if account.settings["retry_after"] else {}
    return _Limited(text, facts, after | _limits(account))


def _limits(account: Account) -> dict[str, str]:
    longest = account.settings["ten_second_limit"]
    return {
        "X-HubSpot-RateLimit-Max": str(longest),
        "X-HubSpot-RateLimit-Remaining": str(max(longest - account.recent, 0)),
        "X-HubSpot-RateLimit-Interval-Milliseconds": str(round(WINDOW.total_seconds() * 1000)),
    }


def _details(call: Call) -> Answer:
    account = call.account
    facts: dict[str, Any] = {
        "portalId": account.hub_id,
        "accountType": "SANDBOX" if account.settings["is_sandbox"] else "STANDARD",
        "timeZone": "Europe/London",
        "companyCurrency": "GBP",
        "additionalCurrencies": [],
        "utcOffset": "+00:00",
        "utcOffsetMilliseconds": 0,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    }
    return Answer(200, facts)


async def _nowhere(_request: Request) -> Response:
    return _refused(not_found())


def _response(answer: Answer, account: Account) -> Response:
    if answer.body is None:
        return Response(status_code=answer.status, headers=_limits(account))
    return _json_response(answer.body, answer.status, _limits(account))


def _refused(error: ApiError) -> Response:
    body = error.body()
    return _json_response(body, error.status, error.headers | {"X-HubSpot-Correlation-Id": body["correlationId"]})


def _json_response(body: Any, status: int, headers: dict[str, str]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, separators=(",", ":")), status, headers, JSON_TYPE)
