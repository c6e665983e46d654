"""HubSpot as data: how to get and keep a grant there, and what is promised before somebody connects.

Facts are from HubSpot's developer documentation ("OAuth", "OAuth errors", "Usage guidelines").
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from linktime.connections.facts import Credentials, Identity, LoginHost, OAuthFacts, Problem, Refusal, Unfit, Verdict
from linktime.connections.secret import Secret
from linktime.core import http
from linktime.crm.contract import Manifest
from linktime.crm.providers.hubspot import limits, words
from linktime.crm.providers.hubspot.batch import LARGEST
from linktime.crm.providers.hubspot.client import API_VERSION
from linktime.crm.providers.hubspot.remedies import CHECKED, REMEDIES

API_HOST = "api.hubapi.com"
SCOPES = ("oauth", "crm.objects.contacts.read", "crm.objects.contacts.write")
TEST_ACCOUNTS = ("SANDBOX", "DEVELOPER_TEST")

UNCLEAR = timedelta(minutes=5)

BY_ERROR = {
    "invalid_grant": Verdict(Refusal.REVOKED, timedelta()),
    "access_denied": Verdict(Refusal.REVOKED, timedelta()),  # BAD_HUB: the account is gone
    "invalid_client": Verdict(Refusal.MISCONFIGURED, UNCLEAR),
    "unsupported_grant_type": Verdict(Refusal.MISCONFIGURED, UNCLEAR),
}

PROBLEMS_BY_DESCRIPTION = (
    (
        "auth code",
        ("code_expired", "HubSpot's answer was too old, or had been used before.", "Press Connect again."),
    ),
    (
        "redirect",
        (
            "redirect_uri_mismatch",
            "The app in HubSpot has another callback URL.",
            "Copy the callback URL from this page into the app, upload it, and press Connect again.",
        ),
    ),
    (
        "verifier",
        (
            "pkce",
            "HubSpot could not match its answer with the question that was asked (PKCE).",
            "Press Connect again and finish in the same browser. If it stays, please report it.",
        ),
    ),
    (
        "client secret",
        (
            "invalid_client",
            "HubSpot does not accept this app's client secret.",
            "Copy the client secret again from the app's page in HubSpot, save it, and press Connect again.",
        ),
    ),
)
PROBLEMS_BY_ERROR = {
    "access_denied": (
        "access_denied",
        "You, or HubSpot on your behalf, did not allow the access.",
        "Press Connect again and then Connect app. Only a Super Admin, or a user with App Marketplace Access, can.",
    ),
    "invalid_client": (
        "invalid_client_id",
        "HubSpot does not know this app's client ID.",
        "Copy the client ID and the client secret again from the app's page in HubSpot, and press Connect again.",
    ),
    "invalid_scope": (
        "invalid_scope",
        "The app in HubSpot lacks a scope that LinkTime needs.",
        "Give the app the scopes oauth, crm.objects.contacts.read and crm.objects.contacts.write. Then press Connect.",
    ),
}


def refresh_verdict(error: str, _description: str) -> Verdict:
    """Sort a refusal of the token endpoint; what nobody knows is tried again later."""
    return BY_ERROR.get(error, Verdict(Refusal.LATER, UNCLEAR))


def callback_problem(error: str, description: str) -> Problem:
    """Explain what came back to the callback, or from the code's exchange."""
    told = description.lower()
    by_description = next((text for part, text in PROBLEMS_BY_DESCRIPTION if part in told), None)
    text = by_description or PROBLEMS_BY_ERROR.get(error)
    if text:
        return Problem(*text)
    said = f"{error[:100]} ({description[:300]})" if description else error[:100]
    return Problem("refused", f"HubSpot refused the connection: {said}.", "Press Connect again, or ask your admin.")


def host_problem(_host: str) -> Problem:
    return Problem("login_host", "HubSpot has one place to log in.", "Press Connect again.")


def identify(url: str, access_token: Secret, _answer: Mapping[str, Any], app: Credentials) -> Identity:
    """Ask which account it is, and what kind. Raises Unfit for a grant that lacks a scope."""
    facts = _introspected(url, access_token, app)
    missing = sorted(set(SCOPES) - set(facts["scopes"]))
    if missing:
        raise Unfit(_lacking(missing))
    details = http.request(
        "GET",
        f"{url}/account-info/{API_VERSION}/details",
        headers={"Authorization": f"Bearer {access_token.reveal()}"},
    ).json()
    environment = "sandbox" if details.get("accountType") in TEST_ACCOUNTS else "production"
    hub_id = str(facts["hub_id"])
    return Identity(hub_id, f"{facts.get('hub_domain') or 'HubSpot'} (Hub ID {hub_id})", environment)


def _introspected(url: str, access_token: Secret, app: Credentials) -> Mapping[str, Any]:
    form = {
        "client_id": app.client_id,
        "client_secret": app.client_secret.reveal(),
        "token_type_hint": "access_token",
        "token": access_token.reveal(),
    }
    response = http.request("POST", f"{url}/oauth/{API_VERSION}/token/introspect", form=form)
    facts = response.json()
    if not isinstance(facts, dict) or not facts.get("active") or not facts.get("hub_id"):
        raise ValueError(f"HubSpot answered {response.status} when asked for its account")
    return {"scopes": (), **facts}


def _lacking(scopes: list[str]) -> Problem:
    what = f"HubSpot did not grant {', '.join(scopes)}."
    return Problem("invalid_scope", what, "Give the app these scopes in HubSpot, and press Connect again.")


OAUTH = OAuthFacts(
    service="hubspot",
    label="HubSpot",
    scopes=SCOPES,
    login_hosts=(LoginHost("hubspot", "HubSpot", "https://app.hubspot.com"),),
    allowed_login_host=lambda _host: False,
    allowed_api_host=lambda host: host == API_HOST,
    authorize_path="/oauth/authorize",
    token_path=f"/oauth/{API_VERSION}/token",
    revoke_path=f"/oauth/{API_VERSION}/token/revoke",
    access_token_life=timedelta(minutes=30),
    keep_alive_after=None,
    refresh_verdict=refresh_verdict,
    callback_problem=callback_problem,
    host_problem=host_problem,
    api_url=f"https://{API_HOST}",
    identify=identify,
    token_host=f"https://{API_HOST}",
    app_revokes=True,
)

MANIFEST = Manifest(
    name="hubspot",
    label="HubSpot",
    oauth=OAUTH,
    batch=LARGEST,
    in_flight=1,
    rates=limits.RATES,
    budget=limits.budget,
    reads=(
        "the contacts of your invitees, by email",
        "the meetings that LinkTime made",
        "which properties contacts and meetings have, and which of them may be written",
        "the account's domain, its Hub ID, and whether it is a sandbox",
    ),
    writes=(
        "a contact for an invitee HubSpot doesn't know: email, name, phone if given",
        "a known contact's first name and phone, if given",
        "one meeting a booking: title, times, outcome, notes, location, its contact",
    ),
    never=(
        "A known contact's last name, owner, lifecycle stage and all other properties",
        "Companies, deals, tickets and every other object",
        "Deleting a contact, or a meeting that somebody has changed",
    ),
    remedies=REMEDIES,
    checked=CHECKED,
    app_steps=words.APP_STEPS,
    stuck=words.STUCK,
    revoke_there=words.REVOKE_THERE,
    records=words.RECORDS,
    comparison=words.COMPARISON,
)
