"""The authorization endpoint: a page on which a person lets an app in, or not."""

import re
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from linktime.emulators.salesforce.oauth.apps import find_app
from linktime.emulators.salesforce.oauth.errors import OAuthError
from linktime.emulators.salesforce.oauth.grants import DEFAULT_SCOPE, Grants
from linktime.emulators.salesforce.oauth.token import read_form
from linktime.emulators.salesforce.organisation import Organisation
from linktime.emulators.settings import Settings

KNOWN_SCOPES = {
    "api": "Manage user data via APIs",
    "refresh_token": "Perform requests at any time",
    "offline_access": "Perform requests at any time",
    "id": "Access the identity URL service",
    "openid": "Access unique user identifiers",
    "profile": "Access your basic information",
    "email": "Access your email address",
    "full": "Full access",
    "web": "Manage user data via Web browsers",
}
KEPT = ("client_id", "redirect_uri", "scope", "state", "code_challenge", "response_type")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43,128}")
_CONSENT = Template(Path(__file__).with_name("consent.html").read_text())
_FAILED = Template(Path(__file__).with_name("failed.html").read_text())


class Stranded(Exception):
    """An error that doesn't lead back to the app."""

    def __init__(self, error: OAuthError) -> None:
        super().__init__(error.description)
        self.error = error


class Authorize:
    def __init__(self, grants: Grants, organisations: Callable[[], list[Organisation]], shared: Settings) -> None:
        self._grants, self._organisations, self._shared = grants, organisations, shared

    async def ask(self, request: Request) -> Response:
        """Show the consent page."""
        wish = dict(request.query_params)
        try:
            self._check_app(wish)
            self._check_wish(wish)
        except Stranded as stranded:
            return _strand(request, stranded.error)
        except OAuthError as error:
            return _back(wish, error=error.error, error_description=error.description)
        return HTMLResponse(self._page(wish), headers={"Cache-Control": "no-store"})

    async def decide(self, request: Request) -> Response:
        """Take what the person pressed, and send the browser back to the app."""
        wish = await read_form(request)
        try:
            self._check_app(wish)
            org, user_id = self._chosen(wish)
        except Stranded as stranded:
            return _strand(request, stranded.error)
        except OAuthError as error:
            return _back(wish, error=error.error, error_description=error.description)
        return _back(wish, code=self._code(wish, org, user_id))

    async def failed(self, request: Request) -> Response:
        """The page on which a person is stranded."""
        error, description = (request.query_params.get(name, "") for name in ("error", "error_description"))
        page = _FAILED.substitute(error=escape(error), description=escape(description))
        return HTMLResponse(page, status_code=400)

    def _code(self, wish: Mapping[str, str], org: Organisation, user_id: str) -> str:
        return self._grants.make_code(
            client_id=wish["client_id"],
            redirect_uri=wish["redirect_uri"],
            org_id=org.id,
            user_id=user_id,
            scope=wish.get("scope") or DEFAULT_SCOPE,
            challenge=wish.get("code_challenge") or None,
        ).text

    def _check_app(self, wish: Mapping[str, str]) -> None:
        try:
            app = find_app(self._shared["apps"], wish.get("client_id", ""))
        except OAuthError as error:
            raise Stranded(error) from error
        address = urlsplit(wish.get("redirect_uri", ""))
        allowed = app.callback_urls is None or wish.get("redirect_uri") in app.callback_urls
        if not allowed or not address.netloc or address.scheme not in ("http", "https"):
            raise Stranded(OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration"))

    def _check_wish(self, wish: Mapping[str, str]) -> None:
        if wish.get("response_type") != "code":
            raise OAuthError("unsupported_response_type", "response type not supported")
        challenge = wish.get("code_challenge")
        if self._shared["require_pkce"] and not challenge:
            raise OAuthError("invalid_request", "missing required code challenge")
        if challenge and (not _CHALLENGE.fullmatch(challenge) or wish.get("code_challenge_method", "S256") != "S256"):
            raise OAuthError("invalid_request", "invalid code challenge")
        if unknown := set(wish.get("scope", "").split()) - set(KNOWN_SCOPES):
            raise OAuthError("invalid_scope", f"the requested scope is not allowed: {' '.join(sorted(unknown))}")
        if wish.get("immediate") == "true":
            raise OAuthError("immediate_unsuccessful", "immediate unsuccessful")

    def _chosen(self, wish: Mapping[str, str]) -> tuple[Organisation, str]:
        if wish.get("decision") != "allow":
            raise OAuthError("access_denied", "end-user denied authorization")
        org_id, _, user_id = wish.get("who", "").partition("/")
        org = next((org for org in self._organisations() if org.id == org_id), None)
        if org is None or org.store.get("User", user_id) is None:
            raise OAuthError("access_denied", "unknown user")
        if org.settings["app_not_installed"]:
            raise OAuthError("invalid_client", "app must be installed into org")
        return org, user_id

    def _page(self, wish: Mapping[str, str]) -> str:
        scopes = (wish.get("scope") or DEFAULT_SCOPE).split()
        hidden = ((name, wish.get(name, "")) for name in KEPT)
        return _CONSENT.substitute(
            client=escape(wish["client_id"]),
            target=escape(urlsplit(wish["redirect_uri"]).netloc),
            scopes="".join(f"<li>{escape(KNOWN_SCOPES[scope])}</li>" for scope in dict.fromkeys(scopes)),
            hidden="".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden),
            people="".join(self._people(wish.get("login_hint", ""))),
        )

    def _people(self, hint: str) -> list[str]:
        return [_group(org, hint) for org in self._organisations()]


def _group(org: Organisation, hint: str) -> str:
    options = "".join(_option(org, user, hint) for user in org.users if user["IsActive"])
    kind = "sandbox" if org.settings["is_sandbox"] else "production"
    return f'<optgroup label="{escape(org.settings["organisation_name"])} ({kind})">{options}</optgroup>'


def _option(org: Organisation, user: Mapping[str, Any], hint: str) -> str:
    chosen = " selected" if hint and hint in (user["Username"], user["Email"]) else ""
    return f'<option value="{org.id}/{user["Id"]}"{chosen}>{escape(user["Name"])}, {escape(user["Username"])}</option>'


def _back(wish: Mapping[str, str], **answer: str) -> Response:
    """Send the browser to the app with an answer, its state untouched."""
    query = answer | ({"state": wish["state"]} if wish.get("state") else {})
    mark = "&" if urlsplit(wish["redirect_uri"]).query else "?"
    return RedirectResponse(f"{wish['redirect_uri']}{mark}{urlencode(query)}", status_code=302)


def _strand(request: Request, error: OAuthError) -> Response:
    query = urlencode({"error": error.error, "error_description": error.description})
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/setup/secur/RemoteAccessErrorPage.apexp?{query}", status_code=302)
