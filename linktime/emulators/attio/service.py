"""The Attio emulator as one service: its workspaces, its grants, its addresses."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.routing import BaseRoute, Route

from linktime.emulators.attio.control import Extras
from linktime.emulators.attio.grants import Grants
from linktime.emulators.attio.notes import Notes
from linktime.emulators.attio.oauth.authorize import Authorize
from linktime.emulators.attio.oauth.token import Tokens
from linktime.emulators.attio.pages import Pages
from linktime.emulators.attio.people import People
from linktime.emulators.attio.rest import Rest
from linktime.emulators.attio.settings import SETTINGS
from linktime.emulators.attio.timeline import entry_of
from linktime.emulators.attio.workspace import Record, Workspace
from linktime.emulators.settings import SettingError, Settings

JSON = dict[str, Any]
FIRST = "6c1f0c5e-5a2b-4f7e-9a53-1f1d7c0f2a10"
ANY_METHOD = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]
CALLS = ("/v2/", "/oauth/", "/authorize")


class Attio:
    name = "attio"

    def __init__(self) -> None:
        self._shared: dict[str, Any] = {}
        self._workspaces: dict[str, Workspace] = {}
        self.grants = Grants(self.now)
        self.settings(None)

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + timedelta(seconds=self._first.settings["clock_offset_seconds"])

    def routes(self) -> list[BaseRoute]:
        rest = Rest(self.grants, self._workspaces.get)
        tokens = Tokens(self.grants, self._workspaces.get, self._first.settings)
        authorize = Authorize(self.grants, lambda: list(self._workspaces.values()), self._first.settings)
        return [
            Route("/authorize", authorize.ask, methods=["GET"]),
            Route("/authorize/decision", authorize.decide, methods=["POST"]),
            Route("/oauth/token", tokens.token, methods=["POST"]),
            Route("/oauth/introspect", tokens.introspect, methods=["POST"]),
            Route("/oauth/revoke", tokens.revoke, methods=["POST"]),
            Route("/v2/self", rest.self_, methods=["GET"]),
            Route("/v2/{rest:path}", rest.call, methods=ANY_METHOD),
            *Extras(self).routes(),
            *Pages(self).routes(),
        ]

    def is_call(self, path: str) -> bool:
        return path.startswith(CALLS)

    def delay(self, path: str) -> float:  # noqa: ARG002 - every call takes the same
        return float(self._first.settings["latency_ms"]) / 1000

    def state(self, organisation: str | None, *, deleted: bool) -> JSON:  # noqa: ARG002 - what is deleted is gone
        workspace = self.workspace(organisation)
        people, notes = People(workspace, {}), Notes(workspace, {})
        oldest = sorted(workspace.people.values(), key=lambda person: str(person["created_at"]))
        return {
            "organisation": workspace.id,
            "people": [people.render(person) for person in oldest],
            "notes": [notes.render(note) for note in workspace.notes.values()],
        }

    def settings(self, organisation: str | None) -> Settings:
        return self.workspace(organisation, make=True).settings

    def change(self, organisation: str | None, changes: JSON) -> None:
        self.settings(organisation).merge(changes)

    def organisations(self) -> list[JSON]:
        return [{"id": one.id, "name": one.settings["workspace_name"]} for one in self._workspaces.values()]

    def timeline(self, limit: int) -> list[JSON]:
        rows = [(one, person) for one in self._workspaces.values() for person in one.people.values()]
        newest = sorted(rows, key=lambda row: str(row[1]["created_at"]), reverse=True)
        return [entry_of(workspace, person) for workspace, person in newest[:limit]]

    def issue_token(self, wish: JSON, base_url: str) -> JSON:
        """The answer of the token endpoint, and who and where it is for: other services say that themselves."""
        workspace = self.workspace(wish.get("organisation"), make=True)
        scope = wish.get("scope", workspace.settings["scopes"])
        grant = self.grants.issue(wish.get("client_id", "control"), workspace.id, scope)
        return {
            "access_token": grant.token,
            "refresh_token": None,
            "token_type": "Bearer",
            "instance_url": f"{base_url}/{self.name}",
            "organisation": workspace.id,
        }

    def revoke_all(self) -> int:
        return self.grants.revoke_all()

    def reset(self) -> None:
        self._shared.clear()
        self._workspaces.clear()
        self.grants.revoke_all()
        self.settings(None)

    def workspace(self, workspace_id: str | None, *, make: bool = False) -> Workspace:
        """The workspace of this id, the first when none is said."""
        if workspace_id is None and self._workspaces:
            return self._first
        wanted = _canonical(workspace_id or FIRST)
        if wanted not in self._workspaces and not make:
            raise SettingError(f"There is no workspace {wanted}; POST to settings makes it.")
        return self._workspaces.get(wanted) or self._make(wanted)

    def find_person(self, record_id: str) -> tuple[Workspace, Record] | None:
        """Find a person in whichever workspace has them."""
        for workspace in self._workspaces.values():
            if record_id in workspace.people:
                return workspace, workspace.people[record_id]
        return None

    def find_note(self, note_id: str) -> tuple[Workspace, Record] | None:
        for workspace in self._workspaces.values():
            if note_id in workspace.notes:
                return workspace, workspace.notes[note_id]
        return None

    @property
    def revision(self) -> int:
        stores = sum(one.revision + one.settings.version for one in self._workspaces.values())
        return stores + self.grants.revision

    def dump(self) -> JSON:
        workspaces = {one.id: one.dump() for one in self._workspaces.values()}
        return {"shared": self._shared, "workspaces": workspaces, "grants": self.grants.dump()}

    def load(self, dump: JSON) -> None:
        self._workspaces.clear()
        self._shared.update(dump["shared"])
        for workspace_id, kept in dump["workspaces"].items():
            self._make(workspace_id).load(kept)
        self.grants.load(dump["grants"])

    @property
    def _first(self) -> Workspace:
        return next(iter(self._workspaces.values()))

    def _make(self, workspace_id: str) -> Workspace:
        workspace = Workspace(workspace_id, Settings(SETTINGS, self._shared), self.now)
        self._workspaces[workspace_id] = workspace
        return workspace


def _canonical(workspace_id: str) -> str:
    try:
        return str(uuid.UUID(str(workspace_id)))
    except ValueError as error:
        raise SettingError(f"{workspace_id!r} is not the id of a workspace: a UUID.") from error
