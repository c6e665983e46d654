"""Token, revocation and introspection endpoints."""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from linktime.emulators.salesforce.oauth.apps import App, authenticate
from linktime.emulators.salesforce.oauth.errors import OAuthError, invalid_grant
from linktime.emulators.salesforce.oauth.grants import Code, Grant, Grants, challenge_of, sign
from linktime.emulators.salesforce.organisation import Organisation
from linktime.emulators.salesforce.rest import instance_url
from linktime.emulators.settings import Settings

JSON = dict[str, Any]
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class Tokens:
    def __init__(self, grants: Grants, organisation: Callable[[str], Organisation | None], shared: Settings) -> None:
        self.grants, self._organisation, self._shared = grants, organisation, shared

    async def token(self, request: Request) -> Response:
        form = await read_form(request)
        try:
            app, secret = authenticate(self._shared["apps"], form, request.headers.get("authorization"))
            answer = await self._grant(app, form)
            answer = self._signed(answer, secret, instance_url(request))
        except OAuthError as error:
            return refuse(error)
        return _formatted(answer, form.get("format", "json"))

    async def revoke(self, request: Request) -> Response:
        token = (await read_form(request)).get("token") or request.query_params.get("token")
        if not token or not self.grants.revoke(token):
            return refuse(OAuthError("invalid_token", "invalid token: token was not found or is expired"))
        return Response()

    async def introspect(self, request: Request) -> Response:
        form = await read_form(request)
        try:
            app, _ = authenticate(self._shared["apps"], form, request.headers.get("authorization"))
        except OAuthError as error:
            return refuse(error)
        return JSONResponse(self._introspected(form.get("token", ""), app, instance_url(request)))

    async def _grant(self, app: App, form: Mapping[str, str]) -> JSON:
        kind = form.get("grant_type")
        if kind == "authorization_code":
            await self._wait()
            return self._exchange(app, form)
        if kind == "refresh_token":
            return await self._refresh(app, form.get("refresh_token", ""))
        raise OAuthError("unsupported_grant_type", "grant type not supported")

    def _exchange(self, app: App, form: Mapping[str, str]) -> JSON:
        code = self.grants.take_code(form.get("code", ""))
        if code is None or code.client_id != app.client_id:
            raise invalid_grant("expired authorization code")
        if not form.get("redirect_uri"):
            raise OAuthError("redirect_uri_missing", "redirect_uri missing")
        if form["redirect_uri"] != code.redirect_uri:
            raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")
        _check_verifier(code, form.get("code_verifier"))
        self._check_organisation(code.org_id)
        grant = self.grants.approve(app.client_id, code.org_id, code.user_id, code.scope)
        return self._issued(grant, grant.refresh_token)

    async def _refresh(self, app: App, token: str) -> JSON:
        grant = self.grants.by_refresh_token(token)
        if grant is None or not grant.belongs_to(app.client_id):
            raise invalid_grant("expired access/refresh token")
        self._check_organisation(grant.org_id)
        if grant.busy:
            raise invalid_grant("token request is already being processed")
        grant.busy = True
        try:
            await self._wait()
        finally:
            grant.busy = False
        if self.grants.by_refresh_token(token) is not grant:
            raise invalid_grant("expired access/refresh token")
        org = self._organisation(grant.org_id)
        rotates = org is not None and org.settings["rotate_refresh_tokens"]
        return self._issued(grant, self.grants.rotate(grant) if rotates else None)

    def _issued(self, grant: Grant, refresh_token: str | None) -> JSON:
        access = self.grants.issue(grant)
        answer = {
            "access_token": access.token,
            "scope": grant.scope,
            "id": f"/id/{grant.org_id}/{grant.user_id}",
            "token_type": "Bearer",
            "issued_at": str(round(access.issued * 1000)),
        }
        return answer if refresh_token is None else answer | {"refresh_token": refresh_token}

    def _signed(self, answer: JSON, secret: str, base_url: str) -> JSON:
        identity = base_url + answer["id"]
        signature = sign(secret, identity, answer["issued_at"])
        return answer | {"id": identity, "instance_url": base_url, "signature": signature}

    def _introspected(self, token: str, app: App, base_url: str) -> JSON:
        access = self.grants.live_access(token)
        grant = access.grant if access else self.grants.peek(token)
        if grant is None or not grant.belongs_to(app.client_id):
            return {"active": False}
        org = self._organisation(grant.org_id)
        user = org.store.get("User", grant.user_id) if org else None
        facts = {
            "active": True,
            "scope": grant.scope,
            "client_id": grant.client_id,
            "username": (user or {}).get("Username"),
            "sub": f"{base_url}/id/{grant.org_id}/{grant.user_id}",
            "token_type": "access_token" if access else "refresh_token",
        }
        if access is None:
            return facts
        return facts | {"exp": int(access.expires), "iat": int(access.issued), "nbf": int(access.issued)}

    def _check_organisation(self, org_id: str) -> None:
        """What an admin or Salesforce can put in the way of every token."""
        org = self._organisation(org_id)
        if org is None:
            raise invalid_grant("expired access/refresh token")
        obstacles = (
            ("org_inactive", OAuthError("inactive_org", "organization is locked, closed, or suspended")),
            ("user_inactive", OAuthError("inactive_user", "user is inactive")),
            ("app_not_installed", OAuthError("invalid_client", "app must be installed into org")),
            ("ip_restricted", invalid_grant("ip restricted")),
        )
        for name, error in obstacles:
            if org.settings[name]:
                raise error

    async def _wait(self) -> None:
        """Pass the endpoint's time while the token is claimed, so that a second request of the same token shows."""
        seconds = (self._shared["latency_ms"] + self._shared["token_latency_ms"]) / 1000
        if seconds:
            await asyncio.sleep(seconds)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, the last of each name."""
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def refuse(error: OAuthError) -> Response:
    return JSONResponse({"error": error.error, "error_description": error.description}, status_code=error.status)


def _check_verifier(code: Code, verifier: str | None) -> None:
    """The PKCE rules: a challenge wants its verifier (OAuth web server flow)."""
    if code.challenge is None:
        return
    if not verifier:
        raise invalid_grant("missing required code verifier")
    if not _VERIFIER.fullmatch(verifier) or challenge_of(verifier) != code.challenge:
        raise OAuthError("invalid_request", "invalid code verifier")


def _formatted(answer: JSON, wish: str) -> Response:
    headers = {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}
    if wish == "urlencoded":
        return Response(urlencode(answer), headers=headers, media_type="application/x-www-form-urlencoded")
    if wish == "xml":
        rows = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in answer.items())
        return Response(f"<OAuth>{rows}</OAuth>", headers=headers, media_type="application/xml")
    return JSONResponse(answer, headers=headers, media_type="application/json;charset=UTF-8")
