"""Token, introspection and revocation endpoints, dated and v3, and what v1 still has."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linktime.emulators.hubspot.account import USERS, Account
from linktime.emulators.hubspot.oauth.apps import App, authenticate
from linktime.emulators.hubspot.oauth.errors import OAuthError, bad_code, bad_refresh_token
from linktime.emulators.hubspot.oauth.grants import Access, Code, Grant, Grants, challenge_of
from linktime.emulators.settings import Settings

APP_ID = 1234444
VERSIONS = ("2026-09", "2026-03", "v3")

JSON = dict[str, Any]
Find = Callable[[str], Account | None]


class Tokens:
    def __init__(self, grants: Grants, account: Find, shared: Callable[[], Settings]) -> None:
        self.grants, self._account, self._shared = grants, account, shared

    def routes(self) -> list[Route]:
        dated = [
            route
            for version in VERSIONS
            for route in (
                Route(f"/oauth/{version}/token", self.token, methods=["POST"]),
                Route(f"/oauth/{version}/token/introspect", self.introspect, methods=["POST"]),
                Route(f"/oauth/{version}/token/revoke", self.revoke, methods=["POST"]),
            )
        ]
        return [
            *dated,
            Route("/oauth/v1/token", self.token, methods=["POST"]),
            Route("/oauth/v1/access-tokens/{token}", self.describe_access, methods=["GET"]),
            Route("/oauth/v1/refresh-tokens/{token}", self.describe_refresh, methods=["GET"]),
            Route("/oauth/v1/refresh-tokens/{token}", self.forget, methods=["DELETE"]),
        ]

    async def token(self, request: Request) -> Response:
        form = await read_form(request)
        try:
            app = authenticate(self._shared()["apps"], form)
            grant = self._granted(app, form)
        except OAuthError as error:
            return error.answer()
        return JSONResponse(self.issued(grant, old=request.url.path.endswith("/v1/token")))

    async def introspect(self, request: Request) -> Response:
        form = await read_form(request)
        try:
            app = authenticate(self._shared()["apps"], form)
        except OAuthError as error:
            return error.answer()
        token = form.get("token") or form.get("access_token") or form.get("refresh_token") or ""
        return JSONResponse(self._introspected(token, app))

    async def revoke(self, request: Request) -> Response:
        form = await read_form(request)
        try:
            authenticate(self._shared()["apps"], form)
        except OAuthError as error:
            return error.answer()
        self.grants.revoke(form.get("token", ""))
        return Response()

    async def describe_access(self, request: Request) -> Response:
        access = self.grants.access(request.path_params["token"])
        if access is None or self.grants.ended(access):
            return OAuthError("invalid_request", "BAD_ACCESS_TOKEN", "access token is invalid or expired").answer()
        facts = self._whose(access.grant) | {"app_id": APP_ID, "expires_in": self.grants.seconds_left(access)}
        return JSONResponse(facts | {"token": access.token, "token_type": "access"})

    async def describe_refresh(self, request: Request) -> Response:
        grant = self.grants.by_refresh_token(request.path_params["token"])
        if grant is None:
            return bad_refresh_token().answer()
        facts = {"client_id": grant.client_id, "token": grant.refresh_token, "token_type": "refresh"}
        return JSONResponse(self._whose(grant) | facts)

    async def forget(self, request: Request) -> Response:
        self.grants.revoke(request.path_params["token"])
        return Response(status_code=204)

    def issued(self, grant: Grant, *, old: bool = False) -> JSON:
        """Give a new access token; v1 does not say whose it is."""
        account = self._account(grant.hub_id)
        seconds = account.settings["access_token_seconds"] if account else 0
        access = self.grants.issue(grant, seconds)
        facts: JSON = {
            "token_type": "bearer",
            "refresh_token": grant.refresh_token,
            "access_token": access.token,
            "expires_in": seconds,
        }
        whose = {"hub_id": int(grant.hub_id), "user_id": int(grant.user_id), "scopes": grant.scopes}
        return facts if old else facts | whose | {"token_use": "access_token"}

    def _granted(self, app: App, form: Mapping[str, str]) -> Grant:
        match form.get("grant_type"):
            case "authorization_code":
                return self._exchanged(app, form)
            case "refresh_token":
                return self._refreshed(app, form.get("refresh_token", ""))
        raise OAuthError("unsupported_grant_type", "BAD_GRANT_TYPE", "missing or unknown grant type")

    def _exchanged(self, app: App, form: Mapping[str, str]) -> Grant:
        code = self.grants.take_code(form.get("code", ""))
        if code is None or code.client_id != app.client_id:
            raise bad_code()
        if form.get("redirect_uri") != code.redirect_uri:
            raise OAuthError("invalid_grant", "BAD_REDIRECT_URI", "missing or invalid redirect uri")
        _check_verifier(code, form.get("code_verifier"))
        return self.grants.approve(app.client_id, code.hub_id, code.user_id, list(code.scopes))

    def _refreshed(self, app: App, token: str) -> Grant:
        grant = self.grants.by_refresh_token(token)
        account = self._account(grant.hub_id) if grant else None
        if grant is None or account is None or not grant.belongs_to(app.client_id):
            raise bad_refresh_token()
        if account.settings["rotate_refresh_tokens"]:
            self.grants.rotate(grant)
        return grant

    def _introspected(self, token: str, app: App) -> JSON:
        access = self.grants.access(token)
        grant = access.grant if access else self.grants.by_refresh_token(token)
        if grant is None or not grant.belongs_to(app.client_id) or (access and self.grants.ended(access)):
            return {"active": False}
        facts: JSON = {
            "active": True,
            "token": token,
            "client_id": app.client_id,
            "app_id": APP_ID,
            **self._whose(grant),
        }
        return facts | (_of_access(access, self.grants) if access else {"token_use": "refresh_token"})

    def _whose(self, grant: Grant) -> JSON:
        account = self._account(grant.hub_id)
        return {
            "hub_id": int(grant.hub_id),
            "hub_domain": account.settings["hub_domain"] if account else "",
            "user_id": int(grant.user_id),
            "user": USERS.get(grant.user_id, ""),
            "scopes": grant.scopes,
        }


def _of_access(access: Access, grants: Grants) -> JSON:
    return {
        "token_use": "access_token",
        "token_type": "Bearer",
        "expires_in": grants.seconds_left(access),
        "is_private_distribution": True,
    }


def _check_verifier(code: Code, verifier: str | None) -> None:
    if code.challenge and (not verifier or challenge_of(verifier) != code.challenge):
        raise OAuthError("invalid_grant", "BAD_CODE_VERIFIER", "missing or invalid code verifier")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, the last of each name."""
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}
