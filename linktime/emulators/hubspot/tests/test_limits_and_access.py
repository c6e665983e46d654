"""Who may call, and how often."""

import re

import pytest

from linktime.emulators.testing import ControlError

DETAILS = "/account-info/2026-09/details"
APP = {"client_id": "app", "client_secret": "secret"}
TOKEN = "/oauth/2026-09/token"


def test_the_limit_of_ten_seconds(hubspot, api):
    """Beyond it nothing is done, and no header says how long to wait."""
    hubspot.settings(ten_second_limit=2)
    assert api.get(DETAILS).headers["X-HubSpot-RateLimit-Remaining"] == "1"
    api.get(DETAILS)
    body = {"inputs": [{"id": "a@example.com", "idProperty": "email", "properties": {}}]}
    refused = api.post("/crm/objects/2026-09/contacts/batch/upsert", json=body)
    assert (refused.status_code, refused.json()["errorType"]) == (429, "RATE_LIMIT")
    assert refused.json()["policyName"] == "TEN_SECONDLY_ROLLING"
    assert "Retry-After" not in refused.headers
    assert hubspot.state()["contacts"] == []
    assert hubspot.api_calls() == 2
    hubspot.settings(clock_offset_seconds=11)
    assert api.get(DETAILS).status_code == 200


def test_a_daily_limit_in_the_newer_words(hubspot, api):
    hubspot.settings(daily_limit=1, limit_body="category", retry_after=True)
    api.get(DETAILS)
    refused = api.get(DETAILS)
    assert (refused.json()["category"], refused.json()["policyName"]) == ("RATE_LIMITS", "DAILY")
    assert refused.headers["Retry-After"] == "10"


@pytest.mark.parametrize(
    ("header", "category"),
    [
        ({}, "INVALID_AUTHENTICATION"),
        ({"Authorization": "Basic eDp5"}, "INVALID_AUTHENTICATION"),
        ({"Authorization": "Bearer nobody's"}, "EXPIRED_AUTHENTICATION"),
    ],
)
def test_a_call_without_a_token(anybody, header, category):
    answer = anybody.get(DETAILS, headers=header)
    assert (answer.status_code, answer.json()["category"]) == (401, category)


def test_an_uninstalled_app_is_out(hubspot, api):
    assert api.delete("/appinstalls/2026-09/external-install").status_code == 204
    assert api.get(DETAILS).status_code == 401


def test_introspection(hubspot, anybody):
    grant = hubspot.token(client_id="app")
    wish = APP | {"token_type_hint": "access_token", "token": grant["access_token"]}
    told = anybody.post(f"{TOKEN}/introspect", data=wish).json()
    assert (told["active"], told["hub_id"], told["hub_domain"]) == (True, 1234567, "emulator.example.com")
    assert anybody.post(f"{TOKEN}/introspect", data=wish | {"token": "x"}).json() == {"active": False}


def test_two_accounts_are_apart(hubspot, api):
    hubspot.settings(organisation="77", hub_domain="other.example")
    hubspot.create("contacts", organisation="77", email="a@example.com")
    assert hubspot.state()["contacts"] == []
    assert len(hubspot.state("77")["contacts"]) == 1
    with pytest.raises(ControlError):
        hubspot.state("78")


CONSENT = {
    "client_id": "app",
    "redirect_uri": "https://x.example/back",
    "scope": "oauth crm.objects.contacts.read",
    "state": "s",
}


def code_of(anybody, **wish):
    who = {"who": "1234567/222222", "decision": "allow"}
    answer = anybody.post("/oauth/authorize/decision", data=CONSENT | who | wish)
    return answer.headers["location"]


def test_a_code_is_good_once_and_for_its_redirect_url_alone(anybody):
    assert anybody.get("/oauth/authorize", params=CONSENT).status_code == 200
    code = re.search(r"code=([^&]+)&state=s", code_of(anybody)).group(1)
    wish = APP | {"grant_type": "authorization_code", "code": code, "redirect_uri": CONSENT["redirect_uri"]}
    answer = anybody.post(TOKEN, data=wish).json()
    assert (answer["hub_id"], answer["expires_in"], answer["scopes"]) == (1234567, 1800, CONSENT["scope"].split())
    assert anybody.post(TOKEN, data=wish).json()["status"] == "BAD_AUTH_CODE"
    code = re.search(r"code=([^&]+)", code_of(anybody)).group(1)
    moved = wish | {"code": code, "redirect_uri": "https://y.example"}
    assert anybody.post(TOKEN, data=moved).json()["status"] == "BAD_REDIRECT_URI"


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": ""},
        {"redirect_uri": "http://x.example/back"},
        {"redirect_uri": "http://["},
        {"redirect_uri": ""},
        {"scope": "crm.objects.everything"},
        {"scope": ""},
    ],
)
def test_a_wrong_question_ends_on_a_page(anybody, wrong):
    answer = anybody.get("/oauth/authorize", params=CONSENT | wrong)
    assert (answer.status_code, "Authorization failed" in answer.text) == (400, True)


def test_ones_own_machine_needs_no_https(anybody):
    for host in ("localhost:8000", "127.0.0.1:8000", "localhost"):
        wish = CONSENT | {"redirect_uri": f"http://{host}/back"}
        assert anybody.get("/oauth/authorize", params=wish).status_code == 200


def test_a_challenge_wants_its_verifier(anybody):
    code = re.search(r"code=([^&]+)", code_of(anybody, code_challenge="x" * 43)).group(1)
    wish = APP | {"grant_type": "authorization_code", "code": code, "redirect_uri": CONSENT["redirect_uri"]}
    assert anybody.post(TOKEN, data=wish | {"code_verifier": "y" * 43}).json()["status"] == "BAD_CODE_VERIFIER"


def test_a_rotated_refresh_token_is_dead(hubspot, anybody):
    hubspot.settings(rotate_refresh_tokens=True)
    wish = APP | {"grant_type": "refresh_token", "refresh_token": hubspot.token()["refresh_token"]}
    assert anybody.post(TOKEN, data=wish).json()["refresh_token"] != wish["refresh_token"]
    assert anybody.post(TOKEN, data=wish).json()["status"] == "BAD_REFRESH_TOKEN"


def test_properties_are_told_to_whoever_may_touch_the_records(hubspot, anybody):
    """Those that were archived are not among them, and can't be written."""
    hubspot.settings(
        archived_properties=["meetings.hs_meeting_location"],
        read_only_properties=["contacts.phone"],
        removed_options=["meetings.hs_meeting_outcome.NO_SHOW"],
    )
    token = hubspot.token(scope="oauth crm.objects.contacts.write")["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    told = anybody.get("/crm/properties/2026-09/meetings", headers=headers).json()["results"]
    meetings = {row["name"]: row for row in told}
    assert "hs_meeting_location" not in meetings
    assert "NO_SHOW" not in [option["value"] for option in meetings["hs_meeting_outcome"]["options"]]
    contacts = anybody.get("/crm/properties/2026-09/contacts", headers=headers).json()["results"]
    read_only = {row["name"]: row["modificationMetadata"]["readOnlyValue"] for row in contacts}
    assert (read_only["phone"], read_only["firstname"]) == (True, False)
    start = {"hs_timestamp": "2026-11-23T15:00:00Z"}
    for given, code in (
        ({"hs_meeting_location": "x"}, "PROPERTY_DOESNT_EXIST"),
        ({"hs_meeting_outcome": "NO_SHOW"}, "INVALID_OPTION"),
    ):
        body = {"properties": {**start, **given}, "associations": []}
        assert code in anybody.post("/crm/objects/2026-09/meetings", json=body, headers=headers).json()["message"]
    phone = anybody.post(
        "/crm/objects/2026-09/contacts", json={"properties": {"phone": "1"}, "associations": []}, headers=headers
    )
    assert "READ_ONLY_VALUE" in phone.json()["message"]


def test_properties_are_told_to_nobody_else(hubspot, anybody):
    headers = {"Authorization": f"Bearer {hubspot.token(scope='oauth')['access_token']}"}
    refused = anybody.get("/crm/properties/2026-09/contacts", headers=headers)
    assert (refused.status_code, refused.json()["category"]) == (403, "MISSING_SCOPES")
