"""The HubSpot emulator as one service: its accounts, its grants, its addresses."""

import html
import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.routing import BaseRoute

from linktime.emulators.hubspot import associations, rows
from linktime.emulators.hubspot.account import USERS, Account
from linktime.emulators.hubspot.control import Extras
from linktime.emulators.hubspot.oauth.authorize import Authorize
from linktime.emulators.hubspot.oauth.grants import Grants
from linktime.emulators.hubspot.oauth.token import Tokens
from linktime.emulators.hubspot.pages import Pages
from linktime.emulators.hubspot.properties import CONTACTS, MEETINGS, TYPES
from linktime.emulators.hubspot.rest import Rest
from linktime.emulators.hubspot.settings import SETTINGS
from linktime.emulators.hubspot.store import Record
from linktime.emulators.settings import SettingError, Settings

JSON = dict[str, Any]
FIRST_ACCOUNT = "1234567"
SCOPES = "oauth crm.objects.contacts.read crm.objects.contacts.write"
CALLS = ("/crm/", "/account-info/", "/appinstalls/", "/oauth/2026-", "/oauth/v")
LATEST = 30
_TAG = re.compile(r"<[^>]+>")


class HubSpot:
    name = "hubspot"

    def __init__(self, seed: int | None = None) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - for the order of results, not for secrets
        self._last_id = 100
        self._shared: dict[str, Any] = {}
        self._accounts: dict[str, Account] = {}
        self.grants = Grants(self.now)
        self.settings(None)

    def now(self) -> datetime:
        offset = Settings(SETTINGS, self._shared)["clock_offset_seconds"]
        return datetime.now(tz=UTC) + timedelta(seconds=offset)

    def new_id(self) -> str:
        """Make an id that no account has had, not even before a reset."""
        self._last_id += 1
        return str(self._last_id)

    def routes(self) -> list[BaseRoute]:
        def shared() -> Settings:
            return self._first.settings

        return [
            *Authorize(self.grants, lambda: list(self._accounts.values()), shared).routes(),
            *Tokens(self.grants, self._accounts.get, shared).routes(),
            *Pages(self).routes(),
            *Extras(self).routes(),
            *Rest(self.grants, self._accounts.get).routes(),
        ]

    def is_call(self, path: str) -> bool:
        return path.startswith(CALLS)

    def delay(self, path: str) -> float:
        more = self._first.settings["token_latency_ms"] if path.endswith("/token") else 0
        return float(self._first.settings["latency_ms"] + more) / 1000

    def state(self, organisation: str | None, *, deleted: bool) -> JSON:
        account = self.account(organisation)
        facts: JSON = {"organisation": account.id, "associations": associations.everything(account)}
        for name, kind in TYPES.items():
            kept = [*account.store.all(name), *(account.store.all(name, archived=True) if deleted else ())]
            ordered = sorted(kept, key=lambda record: int(record.id))
            facts[name] = [rows.whole(account, kind, record, f"/{self.name}") for record in ordered]
        return facts

    def settings(self, organisation: str | None) -> Settings:
        return self.account(organisation, make=True).settings

    def change(self, organisation: str | None, changes: JSON) -> None:
        self.account(organisation, make=True).settings.merge(changes)

    def organisations(self) -> list[JSON]:
        return [{"id": one.id, "name": one.settings["hub_domain"]} for one in self._accounts.values()]

    def timeline(self, limit: int) -> list[JSON]:
        return [row for account in self._accounts.values() for row in _timeline(account, limit)][:limit]

    def issue_token(self, wish: JSON, base_url: str) -> JSON:
        account = self.account(wish.get("organisation"), make=True)
        user = str(wish.get("user_id") or next(iter(USERS)))
        if user not in USERS:
            raise SettingError("There is no such user.")
        grant = self.grants.approve(wish.get("client_id", ""), account.id, user, wish.get("scope", SCOPES).split())
        access = self.grants.issue(grant, account.settings["access_token_seconds"])
        return {
            "token_type": "bearer",
            "access_token": access.token,
            "refresh_token": grant.refresh_token,
            "expires_in": account.settings["access_token_seconds"],
            "instance_url": f"{base_url}/{self.name}",
            "organisation": account.id,
            "hub_id": account.hub_id,
            "scopes": grant.scopes,
        }

    def revoke_all(self) -> int:
        return self.grants.revoke_all()

    def reset(self) -> None:
        self._shared.clear()
        self._accounts.clear()
        self.grants.revoke_all()
        self.settings(None)

    def account(self, hub_id: str | None, *, make: bool = False) -> Account:
        """The account of this hub id, the first when none is said."""
        if hub_id is None and self._accounts:
            return self._first
        wanted = FIRST_ACCOUNT if hub_id is None else str(hub_id)
        if not (wanted.isascii() and wanted.isdigit()):
            raise SettingError(f"{hub_id!r} is not the id of an account: a number.")
        if wanted not in self._accounts and not make and self._accounts:
            raise SettingError(f"There is no account {wanted}; POST to settings makes it.")
        return self._accounts.get(wanted) or self._make(wanted)

    def find_record(self, record_id: str) -> tuple[Account, str, Record] | None:
        """Find a record in whichever account has it."""
        for account in self._accounts.values():
            found = account.store.any(record_id)
            if found:
                return account, *found
        return None

    @property
    def revision(self) -> int:
        stores = sum(one.store.revision + one.settings.version for one in self._accounts.values())
        return stores + self.grants.revision

    def dump(self) -> JSON:
        return {
            "last_id": self._last_id,
            "shared": self._shared,
            "accounts": {account.id: account.dump() for account in self._accounts.values()},
            "grants": self.grants.dump(),
        }

    def load(self, dump: JSON) -> None:
        self._accounts.clear()
        self._last_id = dump["last_id"]
        self._shared.update(dump["shared"])
        for hub_id, kept in dump["accounts"].items():
            self._make(hub_id).load(kept)
        self.grants.load(dump["grants"])

    @property
    def _first(self) -> Account:
        return next(iter(self._accounts.values()))

    def _make(self, hub_id: str) -> Account:
        settings = Settings(SETTINGS, self._shared)
        account = Account(hub_id, settings, clock=self.now, new_id=self.new_id, rng=self._rng)
        self._accounts[hub_id] = account
        return account


def _timeline(account: Account, limit: int) -> list[JSON]:
    newest = sorted(account.store.all("contacts"), key=lambda record: int(record.id), reverse=True)[:limit]
    return [_contact(account, record) for record in newest]


def _contact(account: Account, record: Record) -> JSON:
    facts = record.properties
    found = (account.store.get("meetings", one) for one in account.store.associated("contacts", record.id))
    meetings = sorted(filter(None, found), key=lambda one: one.properties["hs_timestamp"])[-LATEST:]
    name = " ".join(filter(None, (facts.get("firstname"), facts.get("lastname"))))
    return {
        "id": record.id,
        "organisation": account.id,
        "title": name or facts.get("email") or "(no name)",
        "detail": " · ".join(filter(None, (facts.get("email"), facts.get("phone")))),
        "url": rows.address(account, CONTACTS, record, "/hubspot"),
        "entries": [_meeting(account, meeting) for meeting in meetings],
    }


def _meeting(account: Account, record: Record) -> JSON:
    facts = record.properties
    texts = (plain(facts.get("hs_meeting_body", "")), facts.get("hs_internal_meeting_notes"))
    return {
        "id": record.id,
        "title": facts.get("hs_meeting_title") or "(no title)",
        "start": facts.get("hs_meeting_start_time") or facts["hs_timestamp"],
        "end": facts.get("hs_meeting_end_time") or facts["hs_timestamp"],
        "text": "\n\n".join(filter(None, texts)),
        "place": " · ".join(filter(None, (facts.get("hs_meeting_outcome"), facts.get("hs_meeting_location")))),
        "url": rows.address(account, MEETINGS, record, "/hubspot"),
    }


def plain(body: str) -> str:
    """The text of a meeting's body, which is HTML."""
    return html.unescape(_TAG.sub("", body.replace("<br>", "\n").replace("</p><p>", "\n\n")))
