from dataclasses import dataclass
from typing import Any

import pytest

from linktime.connections import oauth
from linktime.connections.events import ConnectionNeedsReconnect, ConnectionResumed
from linktime.connections.facts import Identity
from linktime.connections.models import Connection
from linktime.core import events, http
from linktime.crm.providers.salesforce.manifest import OAUTH
from linktime.emulators.testing import EmulatorProcess
from tests.people import NOW


@pytest.fixture
def emulator(running_emulator, settings):
    """A Salesforce, and an operator whose app is registered there."""
    app = {"client_id": "emulator", "client_secret": "consumer secret"}
    running_emulator.settings(apps=[app])
    settings.SERVICES = {"salesforce": {**app, "base_url": running_emulator.salesforce}}
    return running_emulator


@pytest.fixture
def told(monkeypatch):
    """The connection events that were published, as (name, connection's pk), and nobody else reacting to them."""
    seen: list[tuple[str, int]] = []
    for kind in (ConnectionResumed, ConnectionNeedsReconnect):
        reaction = [lambda event, name=kind.__name__: seen.append((name, event.connection.pk))]
        monkeypatch.setitem(events._subscribers, kind, reaction)
    return seen


@dataclass
class Salesforce:
    """Grants without the consent page."""

    emulator: EmulatorProcess

    def grant(self, person: Any, *, now=NOW, **wish: Any) -> Connection:
        """Store a grant that needed no consent page."""
        return self.store(person, self.emulator.token(**wish), now=now)

    def store(self, person: Any, answer: dict[str, Any], *, now=NOW) -> Connection:
        identity = Identity(answer["id"].split("/")[-2], "Acme", "production")
        return oauth.store_grant(
            person.account, person.user, OAUTH, token_answer=answer, identity=identity,
            login_url=self.emulator.salesforce, now=now,
        )  # fmt: skip

    def accepts(self, token: Any) -> bool:
        """Say whether an access token works at the API."""
        url = f"{self.emulator.salesforce}/services/data/v66.0/limits"
        return http.request("GET", url, headers={"Authorization": f"Bearer {token.reveal()}"}).ok

    def calls(self, end: str) -> int:
        return sum(call["path"].endswith(end) for call in self.emulator.requests())

    @property
    def refreshes(self) -> int:
        return self.calls("/oauth2/token")


@pytest.fixture
def salesforce(emulator):
    return Salesforce(emulator)
