"""The consent page: an account's admin lets an app in, or not."""

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from linktime.emulators.hubspot.account import USERS, Account
from linktime.emulators.hubspot.oauth.apps import App, find_app
from linktime.emulators.hubspot.oauth.errors import OAuthError
from linktime.emulators.hubspot.oauth.grants import Grants
from linktime.emulators.hubspot.oauth.token import read_form
from linktime.emulators.settings import Settings

KNOWN_SCOPES = {
    "oauth": "See which account this is",
    "crm.objects.contacts.read": "See contacts and their activities",
    "crm.objects.contacts.write": "Create, change and delete contacts and their activities",
    "crm.objects.owners.read": "See who owns records",
    "crm.schemas.contacts.read": "See the properties of contacts",
    "crm.schemas.contacts.write": "Create and change properties of contacts",
}
KEPT = ("client_id", "redirect_uri", "scope", "state", "code_challenge")
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
_CONSENT = Template(Path(__file__).with_name("consent.html").read_text())
_FAILED = Template(Path(__file__).with_name("failed.html").read_text())


class Authorize:
    def __init__(self, grants: Grants, accounts: Callable[[], list[Account]], shared: Callable[[], Settings]) -> None:
        self._grants, self._accounts, self._shared = grants, accounts, shared

    def routes(self) -> list[Route]:
        return [
            Route("/oauth/authorize", self.ask, methods=["GET"]),
            Route("/oauth/authorize/decision", self.decide, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Show the consent page; what is wrong with the question is told there, and never comes back to the app."""
        wish = dict(request.query_params)
        try:
            self._check(wish)
        except OAuthError as error:
            return _failed(error)
        return HTMLResponse(self._page(wish), headers={"Cache-Control": "no-store"})

    async def decide(self, request: Request) -> Response:
        """Take what the person pressed, and send the browser back to the app."""
        wish = await read_form(request)
        try:
            self._check(wish)
        except OAuthError as error:
            return _failed(error)
        hub_id, _, user_id = wish.get("who", "").partition("/")
        known = hub_id in {account.id for account in self._accounts()} and user_id in USERS
        if wish.get("decision") != "allow" or not known:
            return _back(wish, error="access_denied", error_description="The user denied the app access")
        return _back(wish, code=self._code(wish, hub_id, user_id))

    def _code(self, wish: Mapping[str, str], hub_id: str, user_id: str) -> str:
        return self._grants.make_code(
            client_id=wish["client_id"],
            redirect_uri=wish["redirect_uri"],
            hub_id=hub_id,
            user_id=user_id,
            scopes=tuple(wish.get("scope", "").split()),
            challenge=wish.get("code_challenge") or None,
        )

    def _check(self, wish: Mapping[str, str]) -> None:
        app = find_app(self._shared()["apps"], wish.get("client_id", ""))
        _check_redirect(app, wish.get("redirect_uri", ""))
        scopes = set(wish.get("scope", "").split())
        allowed = set(app.scopes or KNOWN_SCOPES)
        if not scopes or scopes - allowed:
            text = "there is a mismatch between the scopes in the install URL and the app's configured scopes"
            raise OAuthError("invalid_scope", "BAD_SCOPES", text)

    def _page(self, wish: Mapping[str, str]) -> str:
        hidden = ((name, wish.get(name, "")) for name in KEPT)
        return _CONSENT.substitute(
            client=escape(wish["client_id"]),
            target=escape(urlsplit(wish["redirect_uri"]).netloc),
            scopes="".join(f"<li>{escape(KNOWN_SCOPES[scope])}</li>" for scope in dict.fromkeys(wish["scope"].split())),
            hidden="".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden),
            people="".join(_group(account) for account in self._accounts()),
        )


def _check_redirect(app: App, uri: str) -> None:
    """Only https, except on one's own machine (OAuth guide)."""
    try:
        scheme, host = urlsplit(uri).scheme, urlsplit(uri).hostname
    except ValueError:
        scheme, host = "", None
    if not (host and (scheme == "https" or (scheme == "http" and host in OWN_MACHINE))):
        raise OAuthError("invalid_request", "BAD_REDIRECT_URI", "redirect url must use https")
    if app.redirect_urls is not None and uri not in app.redirect_urls:
        text = "the redirect url doesn't match the redirect urls that the app is set up with"
        raise OAuthError("invalid_request", "BAD_REDIRECT_URI", text)


def _group(account: Account) -> str:
    options = "".join(f'<option value="{account.id}/{user}">{escape(email)}</option>' for user, email in USERS.items())
    kind = "sandbox" if account.settings["is_sandbox"] else "standard"
    return f'<optgroup label="{escape(account.settings["hub_domain"])}, {account.id} ({kind})">{options}</optgroup>'


def _failed(error: OAuthError) -> Response:
    return HTMLResponse(_FAILED.substitute(status=escape(error.status), message=escape(error.message)), status_code=400)


def _back(wish: Mapping[str, str], **answer: str) -> Response:
    """Send the browser to the app with an answer, its state untouched."""
    query = answer | ({"state": wish["state"]} if wish.get("state") else {})
    mark = "&" if urlsplit(wish["redirect_uri"]).query else "?"
    return RedirectResponse(f"{wish['redirect_uri']}{mark}{urlencode(query)}", status_code=302)
