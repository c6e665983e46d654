"""Connecting an account: the consent page and back, refreshing, giving the grant back."""

from urllib.parse import parse_qs, urlsplit

import pytest

from linktime.connections import oauth, tokens
from linktime.connections.facts import Refusal
from linktime.connections.oauth import ConnectProblem
from linktime.core.clock import now
from linktime.crm.providers.hubspot.manifest import OAUTH, callback_problem, refresh_verdict
from tests.emulated import consent

pytestmark = pytest.mark.django_db


def begin(person):
    return oauth.begin(person.actor, OAUTH, login="hubspot", now=now())


def connect(person, decision="allow"):
    return oauth.finish(person.actor, OAUTH, consent(begin(person), decision), now())


def test_the_account_is_shown(alice, emulator):
    connection = connect(alice)
    assert (connection.state, connection.environment) == ("connected", "production")
    assert connection.organisation_name == "emulator.example.com (Hub ID 1234567)"
    assert (connection.organisation_key, connection.api_url) == ("1234567", emulator.url)
    assert tokens.access_token(connection.pk, OAUTH, now=now()).reveal()


def test_a_sandbox_is_told_from_production(alice, emulator):
    emulator.settings(is_sandbox=True)
    assert connect(alice).environment == "sandbox"


def test_the_consent_page_is_asked_for_three_scopes(alice, emulator):
    asked = parse_qs(urlsplit(begin(alice)).query)
    assert asked["scope"] == ["oauth crm.objects.contacts.read crm.objects.contacts.write"]
    assert asked["code_challenge_method"] == ["S256"]


def test_the_real_service_has_its_consent_page_and_its_tokens_at_two_hosts(alice, settings):
    settings.SERVICES = {"hubspot": {"client_id": "a", "client_secret": "b", "base_url": ""}}
    assert begin(alice).startswith("https://app.hubspot.com/oauth/authorize?")
    assert OAUTH.token_base("https://app.hubspot.com") == "https://api.hubapi.com"
    assert OAUTH.token_base("http://127.0.0.1:8100/hubspot") == "http://127.0.0.1:8100/hubspot"


def test_a_wrong_secret_is_explained(alice, emulator):
    emulator.settings(apps=[{"client_id": "emulator", "client_secret": "another"}])
    with pytest.raises(ConnectProblem) as caught:
        connect(alice)
    assert caught.value.problem.code == "invalid_client"


def test_a_grant_without_a_scope_is_given_back(alice, emulator):
    wanted = begin(alice).replace("+crm.objects.contacts.write", "").replace("%20crm.objects.contacts.write", "")
    with pytest.raises(ConnectProblem) as caught:
        oauth.finish(alice.actor, OAUTH, consent(wanted), now())
    assert caught.value.problem.code == "invalid_scope"
    assert "crm.objects.contacts.write" in caught.value.problem.what
    assert emulator.requests()[-1]["path"].endswith("/token/revoke")


def test_disconnecting_gives_the_refresh_token_back(alice, emulator, django_capture_on_commit_callbacks):
    connection = connect(alice)
    with django_capture_on_commit_callbacks(execute=True):
        oauth.disconnect(connection, OAUTH, now())
    last = emulator.requests()[-1]
    assert (last["path"], last["status"]) == ("/hubspot/oauth/2026-09/token/revoke", 200)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rotates", [False, True])
def test_a_token_is_refreshed_before_it_ends_whether_or_not_it_rotates(alice, emulator, later, rotates):
    emulator.settings(rotate_refresh_tokens=rotates)
    connection = connect(alice)
    first = tokens.access_token(connection.pk, OAUTH, now=now())
    assert tokens.access_token(connection.pk, OAUTH, now=later(minutes=24)()) == first
    second = tokens.access_token(connection.pk, OAUTH, now=later(minutes=26)())
    assert tokens.access_token(connection.pk, OAUTH, now=later(minutes=52)()) not in (first, second)


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        ("invalid_grant", Refusal.REVOKED),
        ("access_denied", Refusal.REVOKED),
        ("invalid_client", Refusal.MISCONFIGURED),
        ("server_error", Refusal.LATER),
    ],
)
def test_what_a_refused_refresh_means(error, refusal):
    assert refresh_verdict(error, "").refusal == refusal


@pytest.mark.parametrize(
    ("error", "description", "code"),
    [
        ("invalid_grant", "missing or unknown auth code", "code_expired"),
        ("invalid_grant", "missing or invalid redirect uri", "redirect_uri_mismatch"),
        ("invalid_client", "missing or unknown client id", "invalid_client_id"),
        ("invalid_client", "missing or invalid client secret", "invalid_client"),
        ("something", "new", "refused"),
    ],
)
def test_what_came_back_is_explained(error, description, code):
    assert callback_problem(error, description).code == code
