"""Attio as data: how to get and keep a grant there, and what is promised before somebody connects.

Facts are from Attio's documentation ("Authenticating", "OAuth", "Rate limiting") and its API reference.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from linktime.connections.facts import Credentials, Identity, LoginHost, OAuthFacts, Problem, Refusal, Unfit, Verdict
from linktime.connections.secret import Secret
from linktime.core import http
from linktime.crm.contract import Manifest
from linktime.crm.providers.attio import limits, words
from linktime.crm.providers.attio.remedies import CHECKED, REMEDIES
from linktime.crm.providers.attio.scopes import missing_scopes

PROBLEMS = {
    "access_denied": (
        "access_denied",
        "You did not allow the access.",
        "Press Connect again and then Allow. Connecting needs an admin of the Attio workspace.",
    ),
    "invalid_grant": (
        "code_expired",
        "Attio's answer was too old, or had been used before.",
        "Press Connect again.",
    ),
    "invalid_client": (
        "invalid_client",
        "Attio does not accept this app's client id or secret.",
        "Copy both again from the app's OAuth tab at build.attio.com, save them here, and press Connect again.",
    ),
}


def refresh_verdict(_error: str, _description: str) -> Verdict:
    """Say what a refusal would mean; there is nothing to refresh."""
    return Verdict(Refusal.REVOKED, timedelta())


def callback_problem(error: str, description: str) -> Problem:
    """Explain what came back to the callback, or from the code's exchange."""
    if error in PROBLEMS:
        return Problem(*PROBLEMS[error])
    said = f"{error[:100]} ({description[:300]})" if description else error[:100]
    return Problem("refused", f"Attio refused the connection: {said}.", "Press Connect again, or ask your admin.")


def host_problem(_host: str) -> Problem:
    return Problem("login_host", "Attio has one place to log in.", "Press Connect without an address.")


def identify(url: str, access_token: Secret, _answer: Mapping[str, Any], _app: Credentials) -> Identity:
    """Ask for the workspace, and whether the app has been given what LinkTime needs."""
    response = http.request("GET", f"{url}/v2/self", headers={"Authorization": f"Bearer {access_token.reveal()}"})
    told = response.json()
    if not isinstance(told, dict) or told.get("active") is not True:
        raise ValueError(f"Attio answered {response.status} when asked for its workspace")
    if missing := missing_scopes(str(told.get("scope", ""))):
        raise Unfit(_lacks(missing))
    try:
        return Identity(str(told["workspace_id"]), str(told["workspace_name"]), "production")
    except LookupError as error:
        raise ValueError("Attio did not say which workspace it is") from error


def _lacks(missing: list[str]) -> Problem:
    return Problem(
        "scope_missing",
        f"The app at Attio lacks what LinkTime needs: {', '.join(missing)}.",
        "Add it on the app's Scopes tab at build.attio.com, then connect again.",
    )


def nowhere(_host: str) -> bool:
    """No host is typed, and none is named."""
    return False


OAUTH = OAuthFacts(
    service="attio",
    label="Attio",
    scopes=(),  # configured in the app
    login_hosts=(LoginHost("attio", "Attio", "https://app.attio.com"),),
    allowed_login_host=nowhere,
    allowed_api_host=nowhere,
    authorize_path="/authorize",
    token_path="/oauth/token",  # noqa: S106 - a path, no password
    revoke_path="/oauth/revoke",
    access_token_life=None,
    keep_alive_after=None,
    refresh_verdict=refresh_verdict,
    callback_problem=callback_problem,
    host_problem=host_problem,
    api_url="https://api.attio.com",
    identify=identify,
    pkce=False,
)

MANIFEST = Manifest(
    name="attio",
    label="Attio",
    oauth=OAUTH,
    batch=100,
    in_flight=6,
    rates=limits.RATES,
    budget=limits.budget,
    reads=(
        "the person with the invitee's email: name and phone numbers",
        "that person's notes, only to find out whether a note arrived whose answer was lost",
        "which attributes people have, and which of them apps may write",
        "the workspace's name, and the scopes of the access",
    ),
    writes=(
        "a person for an invitee Attio doesn't know: email, name, phone if given",
        "a known person's name and phone, only where there is none",
        "one note on the person for each change: booked, rescheduled, cancelled, no-show",
    ),
    never=(
        "A person's other emails, other phone numbers and all other attributes",
        "Companies, deals, lists, tasks, emails, calls and every other object",
        "Changing a note, or deleting one that isn't a word-for-word second copy of LinkTime's own",
    ),
    remedies=REMEDIES,
    checked=CHECKED,
    app_steps=words.APP_STEPS,
    stuck=words.STUCK,
    revoke_there=words.REVOKE_THERE,
    records=words.RECORDS,
    comparison=words.COMPARISON,
    made="Note added",
    changed="Note added",
)
