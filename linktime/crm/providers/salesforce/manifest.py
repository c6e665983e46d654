"""Salesforce as data: how to get and keep a grant there, and what is promised before somebody connects.

Facts are from Salesforce's help ("OAuth 2.0 web server flow", "refresh token flow", "OAuth 2.0 authorization errors").
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from linktime.connections.facts import Credentials, Identity, LoginHost, OAuthFacts, Problem, Refusal, Verdict
from linktime.connections.secret import Secret
from linktime.core import http
from linktime.crm.contract import Manifest
from linktime.crm.providers.salesforce import limits, words
from linktime.crm.providers.salesforce.options import DUPLICATES
from linktime.crm.providers.salesforce.remedies import CHECKED, REMEDIES

API_VERSION = "v66.0"
BATCH = 1_000  # five collections of 200, each on its way while the one before is remembered
IN_FLIGHT = 2

# acme.my.salesforce.com, and acme--uat.sandbox.my.salesforce.com or another partition
MY_DOMAIN = re.compile(
    r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?:sandbox|develop|scratch|trailblaze|demo|free|patch))?"
    r"\.my\.salesforce\.com"
)
API_HOST = re.compile(r"(?:[a-z0-9-]+\.)+salesforce\.com")

SOON = timedelta(seconds=2)
OUTAGE = timedelta(seconds=30)
UNCLEAR = timedelta(minutes=5)
ADMIN = timedelta(minutes=30)  # an admin over there has to change something
LOGIN_LIMIT = timedelta(hours=1)

# Token endpoint, at a refresh: a description decides before its error, for `invalid_grant` means many things
BY_DESCRIPTION = (
    ("already being processed", Verdict(Refusal.LATER, SOON, "refresh_later")),
    # older organisations' "already being processed"
    ("expired authorization code", Verdict(Refusal.LATER, OUTAGE, "refresh_later")),
    ("ip restricted", Verdict(Refusal.LATER, ADMIN, "ip_restricted")),
    ("invalid login hours", Verdict(Refusal.LATER, ADMIN, "ip_restricted")),
    ("app must be installed", Verdict(Refusal.LATER, ADMIN, "not_installed")),
)
BY_ERROR = {
    "invalid_grant": Verdict(Refusal.REVOKED, timedelta()),
    "inactive_user": Verdict(Refusal.REVOKED, timedelta()),
    "inactive_org": Verdict(Refusal.REVOKED, timedelta()),
    "invalid_client": Verdict(Refusal.MISCONFIGURED, UNCLEAR),
    "invalid_client_id": Verdict(Refusal.MISCONFIGURED, UNCLEAR),
    "app_not_found": Verdict(Refusal.MISCONFIGURED, UNCLEAR),
    "unsupported_grant_type": Verdict(Refusal.MISCONFIGURED, UNCLEAR),
    "invalid_app_access": Verdict(Refusal.LATER, ADMIN, "not_installed"),
    "app_blocked": Verdict(Refusal.LATER, ADMIN),
    "oauth_flow_disabled": Verdict(Refusal.LATER, ADMIN),
    "rate_limit_exceeded": Verdict(Refusal.LATER, LOGIN_LIMIT),
    "server_error": Verdict(Refusal.LATER, OUTAGE),
    "service_unavailable": Verdict(Refusal.LATER, OUTAGE),
    "system_down": Verdict(Refusal.LATER, OUTAGE),
    "unknown_error": Verdict(Refusal.LATER, OUTAGE),
}

_NOT_INSTALLED = (
    "not_installed",
    "Your Salesforce admin has not let this app into the organisation yet.",
    "Ask an admin to connect first, or to install the app in Setup → Connected Apps OAuth Usage. Then try again.",
)
_RESTRICTED = (
    "ip_restricted",
    "Salesforce refuses logins from this server's address, or at this hour.",
    "Ask an admin to allow the address in your profile's Login IP Ranges. Then press Connect again.",
)
_INACTIVE_USER = (
    "inactive_user",
    "This Salesforce user has been deactivated.",
    "Log in at Salesforce as an active user, and press Connect again.",
)
_INACTIVE_ORG = (
    "inactive_org",
    "This Salesforce organisation is locked, closed or suspended.",
    "Ask your Salesforce admin or Salesforce's support, or connect another organisation.",
)
_NO_SECOND_TIME = (
    "code_expired",
    "Salesforce's answer was too old, or had been used before.",
    "Press Connect again.",
)
_PKCE = (
    "pkce",
    "Salesforce could not match its answer with the question that was asked (PKCE).",
    "Press Connect again and finish in the same browser. If it stays, please report it.",
)
PROBLEMS_BY_DESCRIPTION = (
    ("app must be installed", _NOT_INSTALLED),
    ("not admin approved", _NOT_INSTALLED),
    ("ip restricted", _RESTRICTED),
    ("invalid login hours", _RESTRICTED),
    ("authorization code", _NO_SECOND_TIME),
    ("code verifier", _PKCE),
    ("code challenge", _PKCE),
    ("inactive user", _INACTIVE_USER),
    ("inactive organization", _INACTIVE_ORG),
)
PROBLEMS_BY_ERROR = {
    "access_denied": (
        "access_denied",
        "You, or Salesforce on your behalf, did not allow the access.",
        "Press Connect again and then Allow. If you were not asked, ask your admin whether the app is blocked.",
    ),
    "invalid_client_id": (
        "invalid_client_id",
        "Salesforce does not know this app's consumer key.",
        "A new app can take 2 to 10 minutes to become active: wait, then try again. If it stays, compare the key.",
    ),
    "invalid_client": (
        "invalid_client",
        "Salesforce does not accept this app's consumer secret.",
        "Copy the consumer secret again from the app in Salesforce, save it, and press Connect again.",
    ),
    "redirect_uri_mismatch": (
        "redirect_uri_mismatch",
        "The app in Salesforce has another callback URL.",
        "Copy the callback URL from this page into the app, wait 2 to 10 minutes, and press Connect again.",
    ),
    "invalid_scope": (
        "invalid_scope",
        "The app in Salesforce lacks a scope that LinkTime needs.",
        "Give the app the scopes id, api and refresh_token, wait 2 to 10 minutes, and press Connect again.",
    ),
    "inactive_user": _INACTIVE_USER,
    "inactive_org": _INACTIVE_ORG,
    "invalid_app_access": _NOT_INSTALLED,
    "app_blocked": (
        "app_blocked",
        "Your Salesforce admin has blocked this app.",
        "Ask an admin to unblock it in Setup → Connected Apps OAuth Usage. Then press Connect again.",
    ),
    "rate_limit_exceeded": (
        "rate_limit_exceeded",
        "There were too many logins of this user in an hour.",
        "Wait an hour, and press Connect again.",
    ),
}


def my_domain(host: str) -> bool:
    return MY_DOMAIN.fullmatch(host) is not None


def api_host(host: str) -> bool:
    return API_HOST.fullmatch(host) is not None


def refresh_verdict(error: str, description: str) -> Verdict:
    """Sort a refusal of the token endpoint; what nobody knows is tried again later."""
    told = description.lower()
    by_description = next((verdict for text, verdict in BY_DESCRIPTION if text in told), None)
    return by_description or BY_ERROR.get(error, Verdict(Refusal.LATER, UNCLEAR))


def callback_problem(error: str, description: str) -> Problem:
    """Explain what came back to the callback, or from the code's exchange; one help page spells `access-denied`."""
    told, known = description.lower(), error.replace("-", "_")
    by_description = next((text for part, text in PROBLEMS_BY_DESCRIPTION if part in told), None)
    text = by_description or PROBLEMS_BY_ERROR.get(known)
    return Problem(*text) if text else _unknown_problem(known, description)


def _unknown_problem(error: str, description: str) -> Problem:
    said = f"{error[:100]} ({description[:300]})" if description else error[:100]
    return Problem("refused", f"Salesforce refused the connection: {said}.", "Press Connect again, or ask your admin.")


def host_problem(host: str) -> Problem:
    what = "That is not a My Domain host of Salesforce."
    if host.endswith((".lightning.force.com", ".lightning.salesforce.com")):
        what = "That is the address where you work in Salesforce, not the one where you log in."
    remedy = "Enter it as in Setup → My Domain, like acme.my.salesforce.com or acme--uat.sandbox.my.salesforce.com."
    return Problem("login_host", what, remedy)


def api_url(answer: Mapping[str, Any]) -> str:
    return str(answer.get("instance_url", ""))


def identify(url: str, access_token: Secret, _answer: Mapping[str, Any], _app: Credentials) -> Identity:
    """Ask the organisation for its name; one with a trial's end is a scratch organisation, which is a sandbox to us."""
    soql = "SELECT Id, Name, IsSandbox FROM Organization LIMIT 1"
    response = http.request(
        "GET",
        f"{url}/services/data/{API_VERSION}/query?{urlencode({'q': soql})}",
        headers={"Authorization": f"Bearer {access_token.reveal()}"},
    )
    try:
        found = response.json()["records"][0]
        environment = "sandbox" if found["IsSandbox"] else "production"
        return Identity(str(found["Id"]), str(found["Name"]), environment)
    except (LookupError, TypeError) as error:
        raise ValueError(f"Salesforce answered {response.status} when asked for its organisation") from error


OAUTH = OAuthFacts(
    service="salesforce",
    label="Salesforce",
    scopes=("id", "api", "refresh_token"),
    login_hosts=(
        LoginHost("production", "Production", "https://login.salesforce.com"),
        LoginHost("sandbox", "Sandbox", "https://test.salesforce.com"),
        LoginHost("my_domain", "My Domain", "", example="acme.my.salesforce.com"),
    ),
    allowed_login_host=my_domain,
    allowed_api_host=api_host,
    authorize_path="/services/oauth2/authorize",
    token_path="/services/oauth2/token",  # noqa: S106 - a path, no password
    revoke_path="/services/oauth2/revoke",
    access_token_life=timedelta(hours=2),
    keep_alive_after=timedelta(days=25),
    refresh_verdict=refresh_verdict,
    callback_problem=callback_problem,
    host_problem=host_problem,
    api_url=api_url,
    identify=identify,
)

MANIFEST = Manifest(
    name="salesforce",
    label="Salesforce",
    oauth=OAUTH,
    batch=BATCH,
    in_flight=IN_FLIGHT,
    budget=limits.budget,
    reads=(
        "Contacts, by the invitee's email",
        "the Events that LinkTime made",
        "which fields Contacts and Events have, and which of them the connected user may write",
        "the organisation's name, and whether it is a sandbox",
    ),
    writes=(
        "a Contact for an invitee Salesforce doesn't know: email, name, phone if given",
        "a known Contact's first name and phone, if given",
        "one Event a booking: subject, times, description, location",
    ),
    never=(
        "A Contact's last name, owner and all other fields",
        "Leads, Accounts, Opportunities and every other object",
        "Deleting anything, but for the copy that a lost request made a second time and nobody has changed",
    ),
    remedies=REMEDIES,
    checked=CHECKED,
    app_steps=words.APP_STEPS,
    stuck=words.STUCK,
    revoke_there=words.REVOKE_THERE,
    records=words.RECORDS,
    comparison=words.COMPARISON,
    options=(DUPLICATES,),
    made="Event created",
    changed="Event updated",
)
