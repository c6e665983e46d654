"""The CRM in memory as data."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from linktime.connections.facts import Credentials, Identity, LoginHost, OAuthFacts, Problem, Refusal, Verdict
from linktime.connections.secret import Secret
from linktime.core import http
from linktime.crm.contract import Manifest
from linktime.crm.testing.grants import LIFE
from linktime.crm.testing.memory.service import MOST, MemoryService

NAME = "memory"
REMEDIES = {
    "rule": ("A rule of this CRM refuses the booking.", "Change the rule. Then press Retry."),
    "required": ("A new contact must have more than LinkTime fills.", "Make it optional. Then press Retry."),
    "too_long": ("A text is longer than this CRM takes.", "Shorten it. Then press Retry."),
}


def refresh_verdict(_error: str, _description: str) -> Verdict:
    return Verdict(Refusal.REVOKED, timedelta())


def problem(error: str, _description: str = "") -> Problem:
    return Problem(error, "It refused the connection.", "Press Connect again.")


def identify(url: str, access_token: Secret, _answer: Mapping[str, Any], _app: Credentials) -> Identity:
    headers = {"Authorization": f"Bearer {access_token.reveal()}"}
    told = http.request("GET", f"{url}/me", headers=headers).json()
    return Identity(told["organisation"], told["name"], "production")


MANIFEST = Manifest(
    name=NAME,
    label="Memory",
    oauth=OAuthFacts(
        service=NAME,
        label="Memory",
        scopes=("everything",),
        login_hosts=(LoginHost(NAME, "Memory", MemoryService.url),),
        allowed_login_host=lambda _host: False,
        allowed_api_host=lambda _host: False,
        authorize_path="/authorize",
        token_path="/token",  # noqa: S106 - a path, no password
        revoke_path="/revoke",
        access_token_life=LIFE,
        keep_alive_after=None,
        refresh_verdict=refresh_verdict,
        callback_problem=problem,
        host_problem=problem,
        api_url=MemoryService.url,
        identify=identify,
    ),
    batch=MOST,
    in_flight=1,
    reads=("the meetings that LinkTime made", "what a new contact must have"),
    writes=("a contact for each invitee", "one meeting a booking"),
    never=("A known contact's last name",),
    remedies=REMEDIES,
    checked={"required"},
)
