"""The consent page: a person lets an app into a workspace, or not."""

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from linktime.emulators.attio.grants import Grants
from linktime.emulators.attio.oauth.token import find_app, read_form
from linktime.emulators.attio.workspace import Workspace
from linktime.emulators.settings import Settings

KEPT = ("client_id", "redirect_uri", "state", "response_type")
WORDS = {
    "record_permission": "records",
    "object_configuration": "the configuration of objects",
    "note": "notes",
    "user_management": "workspace members",
    "meeting": "meetings",
}
_CONSENT = Template(Path(__file__).with_name("consent.html").read_text())
_FAILED = Template(Path(__file__).with_name("failed.html").read_text())


class Authorize:
    def __init__(self, grants: Grants, workspaces: Callable[[], list[Workspace]], shared: Settings) -> None:
        self._grants, self._workspaces, self._shared = grants, workspaces, shared

    async def ask(self, request: Request) -> Response:
        wish = dict(request.query_params)
        if fault := self._fault(wish):
            return _failed(fault)
        return HTMLResponse(self._page(wish), headers={"Cache-Control": "no-store"})

    async def decide(self, request: Request) -> Response:
        wish = await read_form(request)
        if fault := self._fault(wish):
            return _failed(fault)
        chosen = next((one for one in self._workspaces() if one.id == wish.get("who")), None)
        if wish.get("decision") != "allow" or chosen is None:
            return _back(wish, error=self._shared["denial_error"])
        return _back(wish, code=self._grants.make_code(wish["client_id"], wish["redirect_uri"], chosen.id))

    def _fault(self, wish: Mapping[str, str]) -> str:
        """Say what keeps a person here, on a page that doesn't lead back."""
        app = find_app(self._shared["apps"], wish.get("client_id", ""))
        if app is None:
            return "There is no app with this client_id."
        address = urlsplit(wish.get("redirect_uri", ""))
        listed = app.get("callback_urls")
        if address.scheme not in ("http", "https") or (listed and wish["redirect_uri"] not in listed):
            return "The redirect_uri does not match one that is configured for this app."
        return "" if wish.get("response_type") == "code" else "The response_type must be code."

    def _page(self, wish: Mapping[str, str]) -> str:
        hidden = ((name, wish.get(name, "")) for name in KEPT)
        options = (f'<option value="{one.id}">{_name(one)}</option>' for one in self._workspaces())
        return _CONSENT.substitute(
            client=escape(wish["client_id"]),
            target=escape(urlsplit(wish["redirect_uri"]).netloc),
            scopes="".join(f"<li>{_scope(scope)}</li>" for scope in self._shared["scopes"].split()),
            hidden="".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden),
            workspaces="".join(options),
        )


def _name(workspace: Workspace) -> str:
    return escape(f"{workspace.settings['workspace_name']} ({workspace.settings['workspace_slug']})")


def _scope(scope: str) -> str:
    subject, _, kind = scope.partition(":")
    verbs = "View and change" if kind == "read-write" else "View"
    return escape(f"{verbs} {WORDS.get(subject, subject)}")


def _failed(fault: str) -> Response:
    return HTMLResponse(_FAILED.substitute(fault=escape(fault)), status_code=400)


def _back(wish: Mapping[str, str], **answer: str) -> Response:
    """Send the browser to the app with an answer, its state untouched."""
    query = answer | ({"state": wish["state"]} if wish.get("state") else {})
    mark = "&" if urlsplit(wish["redirect_uri"]).query else "?"
    return RedirectResponse(f"{wish['redirect_uri']}{mark}{urlencode(query)}", status_code=302)
