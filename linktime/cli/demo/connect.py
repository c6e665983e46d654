"""Connect the demo's account with the stand-in CRMs: the grant comes without a consent page, the rest is the usual."""

import time
from datetime import datetime
from typing import Any

from django.conf import settings

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.cli.problems import Stop
from linktime.connections.facts import Credentials
from linktime.connections.grants import api_url, store_grant
from linktime.connections.models import Connection
from linktime.connections.secret import Secret
from linktime.core import http
from linktime.crm import registry

PATIENCE = 30.0  # seconds; the emulators start beside us


def connect_missing(actor: Actor, now: datetime) -> None:
    """Connect every CRM that never was; what somebody has disconnected stays so."""
    known = set(access.visible(Connection.objects.all(), actor).values_list("service", flat=True))
    for crm in registry.crms():
        if crm not in known:
            _connect(actor, crm, now)


def _connect(actor: Actor, crm: str, now: datetime) -> None:
    """Connect one CRM, as its callback would."""
    facts, base_url = registry.facts(crm), settings.SERVICES[crm]["base_url"]
    answer = _token(f"{base_url}/_emulator/token", settings.SERVICES[crm]["client_id"])
    app = Credentials(settings.SERVICES[crm]["client_id"], Secret(settings.SERVICES[crm]["client_secret"]), own=False)
    identity = facts.identify(api_url(facts, answer), Secret(answer["access_token"]), answer, app)
    store_grant(actor.account, actor.user, facts, token_answer=answer, identity=identity, login_url=base_url, now=now)


def _token(url: str, client_id: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            answer = http.request("POST", url, json_body={"client_id": client_id})
        except http.HttpError as error:
            if time.monotonic() > until:
                raise Stop(f"The emulators do not answer ({error}).") from error
            time.sleep(0.1)
        else:
            return _grant(answer)


def _grant(answer: http.Response) -> dict[str, Any]:
    if not answer.ok:
        raise Stop(f"The emulators give no grant: {answer.status} {answer.body[:200].decode(errors='replace')}")
    grant: dict[str, Any] = answer.json()
    return grant
