"""What Salesforce says, and what it means for a grant or a person."""

from datetime import timedelta

import pytest

from linktime.connections.facts import Credentials, Refusal
from linktime.connections.secret import Secret
from linktime.crm.providers.salesforce import manifest
from linktime.crm.providers.salesforce.manifest import OAUTH

APP = Credentials("key", Secret("secret"), own=False)
REVOKED, LATER, MISCONFIGURED = Refusal.REVOKED, Refusal.LATER, Refusal.MISCONFIGURED


@pytest.mark.parametrize(
    ("error", "description", "refusal", "seconds"),
    [
        ("invalid_grant", "expired access/refresh token", REVOKED, 0),
        ("invalid_grant", "user hasn't approved this consumer", REVOKED, 0),
        ("invalid_grant", "inactive user", REVOKED, 0),
        ("invalid_grant", "inactive organization", REVOKED, 0),
        ("invalid_grant", "something new", REVOKED, 0),
        ("invalid_grant", "token request is already being processed", LATER, 2),
        ("invalid_grant", "expired authorization code", LATER, 30),
        ("invalid_grant", "ip restricted", LATER, 1800),
        ("invalid_grant", "IP restricted or invalid login hours", LATER, 1800),
        ("inactive_user", "user is inactive", REVOKED, 0),
        ("inactive_org", "organization is locked, closed, or suspended", REVOKED, 0),
        ("invalid_client", "invalid client credentials", MISCONFIGURED, 300),
        ("invalid_client", "app must be installed into org", LATER, 1800),
        ("invalid_client_id", "client identifier invalid", MISCONFIGURED, 300),
        ("invalid_app_access", "user is not admin approved to access this app", LATER, 1800),
        ("rate_limit_exceeded", "number of logins exceeded", LATER, 3600),
        ("unknown_error", "retry your request", LATER, 30),
        ("server_error", "", LATER, 30),
        ("never_heard_of", "", LATER, 300),
    ],
)
def test_refusals_of_a_refresh(error, description, refusal, seconds):
    verdict = OAUTH.refresh_verdict(error, description)
    assert (verdict.refusal, verdict.after) == (refusal, timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("error", "description", "code", "says"),
    [
        ("access_denied", "end-user denied authorization", "access_denied", "Allow"),
        ("access-denied", "", "access_denied", "Allow"),
        ("invalid_client_id", "client identifier invalid", "invalid_client_id", "2 to 10 minutes"),
        ("invalid_client", "invalid client credentials", "invalid_client", "consumer secret"),
        ("invalid_client", "app must be installed into org", "not_installed", "admin"),
        ("invalid_app_access", "user is not admin approved to access this app", "not_installed", "admin"),
        ("invalid_grant", "ip restricted", "ip_restricted", "Login IP Ranges"),
        ("invalid_grant", "IP restricted or invalid login hours", "ip_restricted", "Login IP Ranges"),
        ("invalid_grant", "expired authorization code", "code_expired", "Connect again"),
        ("invalid_grant", "invalid authorization code", "code_expired", "Connect again"),
        ("invalid_grant", "invalid code verifier", "pkce", "Connect again"),
        ("invalid_request", "missing required code challenge", "pkce", "Connect again"),
        ("invalid_grant", "inactive user", "inactive_user", "active user"),
        ("inactive_org", "organization is locked, closed, or suspended", "inactive_org", "admin"),
        ("invalid_scope", "", "invalid_scope", "refresh_token"),
        ("redirect_uri_mismatch", "redirect_uri must match configuration", "redirect_uri_mismatch", "callback URL"),
        ("app_blocked", "", "app_blocked", "unblock"),
        ("rate_limit_exceeded", "number of logins exceeded", "rate_limit_exceeded", "hour"),
    ],
)
def test_what_stops_a_connection_is_explained(error, description, code, says):
    problem = OAUTH.callback_problem(error, description)
    assert problem.code == code
    assert says in problem.remedy


def test_what_nobody_foresaw_is_told_in_salesforces_words():
    problem = OAUTH.callback_problem("new_error", "the moon is full" + "!" * 1000)
    assert "new_error (the moon is full" in problem.what
    assert len(problem.what) < 500


@pytest.mark.parametrize("host", ["acme.my.salesforce.com", "eu1.salesforce.com", "login.salesforce.com"])
def test_api_hosts(host):
    assert OAUTH.allowed_api_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "salesforce.com",
        "evilsalesforce.com",
        "salesforce.com.evil.example",
        "a.salesforce.com:99",
        "a@b.salesforce.com",
    ],
)
def test_hosts_of_others(host):
    assert not OAUTH.allowed_api_host(host)


def test_an_address_where_one_works_is_told_from_one_where_one_logs_in():
    assert "where you work" in OAUTH.host_problem("acme.lightning.force.com").what
    assert "My Domain host" in OAUTH.host_problem("acme.example").what


@pytest.mark.parametrize("is_sandbox", [True, False])
def test_who_granted(salesforce, is_sandbox):
    answer = salesforce.emulator.token()
    salesforce.emulator.settings(is_sandbox=is_sandbox, organisation_name="Acme Ltd")
    found = OAUTH.identify(salesforce.emulator.salesforce, Secret(answer["access_token"]), answer, APP)
    assert found.organisation_key == answer["id"].split("/")[-2]
    assert (found.organisation_name, found.environment) == ("Acme Ltd", "sandbox" if is_sandbox else "production")


@pytest.mark.parametrize("body", ["<html>", "[]", '{"records": []}', '{"records": [{}]}', "null"])
def test_an_organisation_that_can_not_be_understood(salesforce, body):
    salesforce.emulator.fault({"kind": "status", "status": 200, "body": body}, path="/query")
    with pytest.raises(ValueError, match=r"organisation|Expecting"):
        manifest.identify(salesforce.emulator.salesforce, Secret("x"), {}, APP)
