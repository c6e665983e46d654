"""The Salesforce emulator as one service: its organisations, its grants, its addresses."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.routing import BaseRoute, Route

from linktime.emulators.salesforce.control import Extras
from linktime.emulators.salesforce.ids import canonical, make_id
from linktime.emulators.salesforce.lightning import Lightning
from linktime.emulators.salesforce.oauth.authorize import Authorize
from linktime.emulators.salesforce.oauth.grants import DEFAULT_SCOPE, Grants
from linktime.emulators.salesforce.oauth.identity import Identity
from linktime.emulators.salesforce.oauth.token import Tokens
from linktime.emulators.salesforce.organisation import Organisation
from linktime.emulators.salesforce.resources import NEWEST, Resources
from linktime.emulators.salesforce.rest import Rest
from linktime.emulators.salesforce.rows import render
from linktime.emulators.salesforce.schema import SObject
from linktime.emulators.salesforce.settings import SETTINGS
from linktime.emulators.salesforce.store import Record
from linktime.emulators.settings import SettingError, Settings

JSON = dict[str, Any]
FIRST_ORGANISATION = make_id("00D", 1)
ANY_METHOD = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]
STATE = ("contacts", "events", "leads", "accounts", "users")
LATEST = 30
CALLS = ("/services/", "/id/", "/.well-known/")


class Salesforce:
    name = "salesforce"

    def __init__(self, seed: int | None = None) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - for the order of rows, not for secrets
        self._last_id = 1
        self._shared: dict[str, Any] = {}
        self._organisations: dict[str, Organisation] = {}
        self.grants = Grants(self._organisations.get, self.now)
        self.resources = Resources()
        self.settings(None)

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + timedelta(seconds=self._first.settings["clock_offset_seconds"])

    def new_id(self, prefix: str) -> str:
        """Make an id that no organisation has had, not even before a reset."""
        self._last_id += 1
        return make_id(prefix, self._last_id)

    def routes(self) -> list[BaseRoute]:
        rest = Rest(self.grants, self.resources)
        shared = self._first.settings
        tokens = Tokens(self.grants, self._organisations.get, shared)
        authorize = Authorize(self.grants, lambda: list(self._organisations.values()), shared)
        identity = Identity(self.grants)
        oauth = "/services/oauth2"
        return [
            Route(f"{oauth}/authorize", authorize.ask, methods=["GET"]),
            Route(f"{oauth}/authorize/decision", authorize.decide, methods=["POST"]),
            Route("/setup/secur/RemoteAccessErrorPage.apexp", authorize.failed, methods=["GET"]),
            Route(f"{oauth}/token", tokens.token, methods=["POST"]),
            Route(f"{oauth}/revoke", tokens.revoke, methods=["GET", "POST"]),
            Route(f"{oauth}/introspect", tokens.introspect, methods=["POST"]),
            Route(f"{oauth}/userinfo", identity.userinfo, methods=["GET", "POST"]),
            Route("/id/{org_id}/{user_id}", identity.identity, methods=["GET", "POST"]),
            Route("/.well-known/openid-configuration", identity.discovery, methods=["GET"]),
            Route("/services/data", rest.versions, methods=["GET"]),
            Route("/services/data/", rest.versions, methods=["GET"]),
            Route("/services/data/{rest:path}", rest.call, methods=ANY_METHOD),
            *Extras(self).routes(),
            *Lightning(self).routes(),
        ]

    def is_call(self, path: str) -> bool:
        return path.startswith(CALLS)

    def delay(self, path: str) -> float:
        """The token endpoint passes its time itself, while it holds the token."""
        return 0 if path == "/services/oauth2/token" else float(self._first.settings["latency_ms"]) / 1000

    def state(self, organisation: str | None, *, deleted: bool) -> JSON:
        org = self.organisation(organisation)
        rows: JSON = {"organisation": org.id, "api_calls_today": org.used}
        for name in STATE:
            sobject = org.schema.objects[name.removesuffix("s")]
            records = sorted(org.store.all(sobject.name), key=lambda record: (record["CreatedDate"], record["Id"]))
            shown = (record for record in records if deleted or not record["IsDeleted"])
            base = f"/services/data/v{NEWEST}.0"
            rows[name] = [render(org, sobject, record, sobject.fields, base) for record in shown]
        return rows

    def settings(self, organisation: str | None) -> Settings:
        return self.organisation(organisation, make=True).settings

    def change(self, organisation: str | None, changes: JSON) -> None:
        org = self.organisation(organisation, make=True)
        org.settings.merge(changes)
        org.refresh_row()

    def organisations(self) -> list[JSON]:
        return [{"id": org.id, "name": org.settings["organisation_name"]} for org in self._organisations.values()]

    def timeline(self, limit: int) -> list[JSON]:
        return [row for org in self._organisations.values() for row in _timeline(org, limit)][:limit]

    def issue_token(self, wish: JSON, base_url: str) -> JSON:
        org = self.organisation(wish.get("organisation"), make=True)
        user = org.store.get("User", wish.get("user_id") or org.first_user)
        if user is None:
            raise SettingError("There is no such user.")
        app, scope = wish.get("client_id", ""), wish.get("scope", DEFAULT_SCOPE)
        grant = self.grants.approve(app, org.id, user["Id"], scope, counted=False)
        access = self.grants.issue(grant)
        url = f"{base_url}/{self.name}"
        return {
            "access_token": access.token,
            "refresh_token": grant.refresh_token,
            "instance_url": url,
            "id": f"{url}/id/{org.id}/{user['Id']}",
            "scope": scope,
            "organisation": org.id,
        }

    def revoke_all(self) -> int:
        return self.grants.revoke_all()

    def reset(self) -> None:
        self._shared.clear()
        self._organisations.clear()
        self.grants.revoke_all()
        self.resources.queries.clear()
        self.settings(None)

    def organisation(self, org_id: str | None, *, make: bool = False) -> Organisation:
        """The organisation of this id, the first when none is said."""
        wanted = FIRST_ORGANISATION if org_id is None and not self._organisations else org_id
        if wanted is None:
            return self._first
        full = canonical(str(wanted))
        if full is None or not full.startswith("00D"):
            raise SettingError(f"{org_id!r} is not the id of an organisation: 15 or 18 characters, 00D first.")
        if full not in self._organisations and not make and self._organisations:
            raise SettingError(f"There is no organisation {full}; POST to settings makes it.")
        return self._organisations.get(full) or self._found(full)

    def find_record(self, record_id: str) -> tuple[Organisation, SObject, Record] | None:
        """Find a record in whichever organisation has it."""
        for org in self._organisations.values():
            sobject = org.schema.of_id(record_id)
            record = org.store.get(sobject.name, record_id) if sobject else None
            if sobject and record:
                return org, sobject, record
        return None

    def refresh_sandbox(self, org_id: str | None) -> Organisation:
        """Give an organisation a new id; everybody must connect again."""
        org = self.organisation(org_id)
        self.grants.revoke_all(org.id)
        place = list(self._organisations)
        row = org.store.get("Organization", org.id) or {}
        org.store.remove("Organization", org.id)
        old, org.id = org.id, self.new_id("00D")
        org.store.put("Organization", row | {"Id": org.id})
        renamed = {org.id if key == old else key: self._organisations[key] for key in place}
        self._organisations.clear()
        self._organisations.update(renamed)
        return org

    @property
    def revision(self) -> int:
        stores = sum(org.store.revision + org.settings.version for org in self._organisations.values())
        return stores + self.grants.revision

    def dump(self) -> JSON:
        organisations = {org.id: org.dump() for org in self._organisations.values()}
        return {
            "last_id": self._last_id,
            "shared": self._shared,
            "organisations": organisations,
            "grants": self.grants.dump(),
        }

    def load(self, dump: JSON) -> None:
        self._organisations.clear()
        self._last_id = dump["last_id"]
        self._shared.update(dump["shared"])
        for org_id, kept in dump["organisations"].items():
            self._make(org_id).load(kept)
        self.grants.load(dump["grants"])

    @property
    def _first(self) -> Organisation:
        return next(iter(self._organisations.values()))

    def _make(self, org_id: str) -> Organisation:
        settings = Settings(SETTINGS, self._shared)
        org = Organisation(org_id, settings, clock=self.now, new_id=self.new_id, rng=self._rng)
        self._organisations[org_id] = org
        return org

    def _found(self, org_id: str) -> Organisation:
        org = self._make(org_id)
        org.found()
        return org


def _timeline(org: Organisation, limit: int) -> list[JSON]:
    live = (record for record in org.store.all("Contact") if not record["IsDeleted"])
    newest = sorted(live, key=lambda record: (record["CreatedDate"], record["Id"]), reverse=True)[:limit]
    return [_contact(org, record) for record in newest]


def _contact(org: Organisation, record: Record) -> JSON:
    events = [event for event in org.store.with_value("Event", "WhoId", record["Id"]) if not event["IsDeleted"]]
    latest = sorted(events, key=lambda event: str(event["StartDateTime"]))[-LATEST:]
    return {
        "id": record["Id"],
        "organisation": org.id,
        "title": record["Name"],
        "detail": " · ".join(filter(None, (record.get("Email"), record.get("Phone")))),
        "url": f"/salesforce/lightning/r/Contact/{record['Id']}/view",
        "entries": [_event(event) for event in latest],
    }


def _event(event: Record) -> JSON:
    return {
        "id": event["Id"],
        "title": event.get("Subject") or "(no subject)",
        "start": event["StartDateTime"],
        "end": event["EndDateTime"],
        "text": event.get("Description") or "",
        "place": event.get("Location") or "",
        "url": f"/salesforce/lightning/r/Event/{event['Id']}/view",
    }
