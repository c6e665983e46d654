"""Token, introspection and revocation endpoints."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from linktime.emulators.attio.grants import Grant, Grants, bearer
from linktime.emulators.attio.workspace import Workspace
from linktime.emulators.settings import Settings

JSON = dict[str, Any]


class Refused(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


class Tokens:
    def __init__(self, grants: Grants, workspace: Callable[[str], Workspace | None], shared: Settings) -> None:
        self._grants, self._workspace, self._shared = grants, workspace, shared

    async def token(self, request: Request) -> Response:
        """Exchange a code; there is no refresh token and no end."""
        try:
            grant = self._exchange(await read_form(request))
        except Refused as error:
            facts = {"error": error.error, "error_description": error.description}
            return JSONResponse(facts, status_code=error.status)
        return JSONResponse({"access_token": grant.token, "token_type": "Bearer"})

    async def introspect(self, request: Request) -> Response:
        grant = self._grants.find(bearer(request.headers.get("authorization")))
        return JSONResponse(describe(grant) if grant else {"active": False})

    async def revoke(self, request: Request) -> Response:
        """End a grant, named in the header or in the form, but not two of them."""
        named = {bearer(request.headers.get("authorization")), (await read_form(request)).get("token", "")} - {""}
        if len(named) != 1:
            return JSONResponse({"error": "invalid_request", "error_description": "One token."}, status_code=400)
        self._grants.revoke(named.pop())
        return Response(status_code=204)

    def _exchange(self, form: dict[str, str]) -> Grant:
        if form.get("grant_type") != "authorization_code":
            raise Refused("unsupported_grant_type", "Unsupported grant type.")
        app = find_app(self._shared["apps"], form.get("client_id", ""))
        secret = form.get("client_secret")
        if app is None or not secret or app.get("client_secret", secret) != secret:
            raise Refused("invalid_client", "Client authentication failed.", 401)
        code = self._grants.take_code(form.get("code", ""))
        uri = form.get("redirect_uri")
        if code is None or code.client_id != form["client_id"] or uri not in (None, code.redirect_uri):
            raise Refused(self._shared["bad_code_error"], "The authorization code is invalid or has expired.")
        return self._grants.issue(code.client_id, code.workspace_id, self._shared["scopes"])


def find_app(apps: list[JSON], client_id: str) -> JSON | None:
    """The app of this id; when none are listed, any."""
    if not apps:
        return {"client_id": client_id} if client_id else None
    return next((app for app in apps if app["client_id"] == client_id), None)


def describe(grant: Grant) -> JSON:
    """What introspection and `/v2/self` both say of a living grant."""
    return {
        "active": True,
        "scope": grant.scope,
        "client_id": grant.client_id,
        "token_type": "Bearer",
        "exp": None,
        "iat": grant.issued,
        "sub": grant.workspace_id,
        "aud": grant.client_id,
        "iss": "attio.com",
    }


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, the last of each name."""
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}
