"""The Integrations page: connecting, its errors, disconnecting. Salesforce's answers are tested in `connections`."""

import re
from datetime import timedelta

import pytest

from linktime.accounts.models import Plan
from linktime.connections.models import Connection, OAuthApp, PendingAuthorization
from linktime.connections.oauth import callback_url
from linktime.core import clock
from linktime.crm import registry
from tests.people import NOW

PAGE = "/dashboard/integrations/"


@pytest.fixture(autouse=True)
def _an_app(settings):
    settings.SERVICES = {"salesforce": {"client_id": "operators-key", "client_secret": "s", "base_url": ""}}


@pytest.fixture
def connection(alice):
    return Connection.objects.create(
        account=alice.account, service="salesforce", organisation_key="00D1", organisation_name="Engines",
        environment="sandbox", login_url="https://login.salesforce.com", api_url="https://e.my.salesforce.com",
        client_id="operators-key", connected_at=NOW, connected_by=alice.user,
    )  # fmt: skip


def shown(client, path=PAGE):
    return re.sub(r"\s+", " ", client.get(path).content.decode())


def test_before_connecting_it_says_what_will_happen(as_alice):
    page = shown(as_alice)
    for words in ("Not connected", "never touches", "Connect Salesforce", "Stuck at Salesforce?", "My Domain"):
        assert words in page
    assert f'value="{callback_url("salesforce")}"' in page
    assert 'placeholder="acme.my.salesforce.com"' in page
    assert f'data-copy="{callback_url("salesforce")}"' in page


def test_connecting_leads_to_the_chosen_login(as_alice):
    page = as_alice.post(f"{PAGE}salesforce/connect", {"login": "sandbox"}).content.decode()
    assert 'content="0;url=https://test.salesforce.com/services/oauth2/authorize?' in page
    assert PendingAuthorization.objects.count() == 1


def test_a_my_domain_is_typed(as_alice):
    typed = {"login": "my_domain", "host": "acme--uat.sandbox.my.salesforce.com"}
    page = as_alice.post(f"{PAGE}salesforce/connect", typed).content.decode()
    assert "https://acme--uat.sandbox.my.salesforce.com/services/oauth2/authorize" in page


def test_another_host_is_refused_with_what_to_do(as_alice):
    typed = {"login": "my_domain", "host": "evil.example.com"}
    assert as_alice.post(f"{PAGE}salesforce/connect", typed).headers["Location"] == PAGE
    page = shown(as_alice)
    assert "not a My Domain host" in page
    assert "acme.my.salesforce.com" in page
    assert "not a My Domain host" not in shown(as_alice), "it is said once"


@pytest.mark.parametrize("query", ["", "?error=access_denied&state=x", "?code=x&state=unknown", "?code=%00&state=%00"])
def test_whatever_comes_back_ends_on_the_page(as_alice, query):
    response = as_alice.get(f"/api/integrations/salesforce/callback{query}")
    assert response.headers["Location"] == PAGE
    assert 'role="alert"' in shown(as_alice)


def test_an_unknown_service_is_not_there(as_alice):
    assert as_alice.get("/api/integrations/nothing/callback").status_code == 404
    assert as_alice.post(f"{PAGE}nothing/connect").status_code == 404


@pytest.mark.parametrize(
    ("state", "words", "offered"),
    [("connected", "Connected", "Disconnect"), ("needs_reconnect", "Needs reconnecting", "Reconnect"),
     ("disconnected", "Was connected to Engines", "Connect Salesforce")],
)  # fmt: skip
def test_each_state_offers_the_next_step(as_alice, connection, state, words, offered):
    Connection.objects.update(state=state)
    page = shown(as_alice)
    assert words in page
    assert offered in page


def test_what_works_can_be_reconnected_as_somebody_else(as_alice, connection):
    """Remedies ask for it: the user who connected may lack a right, or have left."""
    page = shown(as_alice)
    assert "Reconnect, as another user for example" in page
    assert page.count('action="/dashboard/integrations/salesforce/connect"') == 1
    Connection.objects.update(state="paused")
    assert "Reconnect" not in shown(as_alice)


def test_a_connection_shows_where_and_how_it_does(as_alice, connection):
    page = shown(as_alice)
    for words in ("Engines", "Sandbox", "Last synced", "Waiting", "Failed"):
        assert words in page


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [("invalid_grant", "Salesforce does not renew the access: expired access/refresh token", "somebody took it back"),
     ("odd_error", "Salesforce does not renew the access: odd_error", "does not renew the access: odd_error"),
     ("inactive_user", "Salesforce does not renew the access", "has been deactivated."),
     ("", "", "The CRM no longer accepts this connection."),
     ("API_DISABLED_FOR_ORG", "The REST API is not enabled", "has no access to the API")],
)  # fmt: skip
def test_a_dead_grant_says_why_and_to_reconnect(as_alice, connection, code, message, words):
    Connection.objects.update(state="needs_reconnect", error_code=code, error_message=message)
    page = shown(as_alice)
    assert words in re.sub(r"<[^>]+>", " ", page).replace("  ", " ")
    assert "Mend it in Salesforce" not in page
    assert ">Reconnect<" in page or "Reconnect</button>" in page


def test_each_card_leads_to_its_guide(as_alice, settings):
    settings.SERVICES = {crm: {"client_id": "k", "client_secret": "s", "base_url": ""} for crm in registry.crms()}
    page = shown(as_alice)
    for crm in registry.crms():
        assert f'href="/docs/crm/{crm}"' in page
        assert f"{registry.provider(crm).manifest.records} for every booking." in page
    assert 'href="/docs/crm"' in page
    assert 'href="/docs/privacy"' in page


def test_where_there_is_one_place_to_log_in_nobody_is_asked(as_alice, settings):
    settings.SERVICES = {crm: {"client_id": "k", "client_secret": "s", "base_url": ""} for crm in registry.crms()}
    page = shown(as_alice)
    assert "Where do you log in to Salesforce?" in page
    assert "Where do you log in to HubSpot?" not in page
    answer = as_alice.post(f"{PAGE}hubspot/connect", {"login": "hubspot"}).content.decode()
    assert "https://app.hubspot.com/oauth/authorize" in answer


def test_free_needs_pro(as_alice, alice, connection):
    alice.account.plan = Plan.FREE
    alice.account.save()
    page = shown(as_alice)
    assert "need the Pro plan" in page
    assert "Connect Salesforce" not in page
    assert as_alice.post(f"{PAGE}salesforce/connect", {"login": "production"}).status_code == 403


def test_disconnecting_is_explained_then_done(as_alice, connection, monkeypatch):
    page = shown(as_alice, f"{PAGE}salesforce/disconnect")
    assert "Contacts and Events in Salesforce stay" in page
    assert "Revoke" in page
    as_alice.post(f"{PAGE}salesforce/disconnect")
    connection.refresh_from_db()
    assert connection.state == Connection.State.DISCONNECTED
    assert "Disconnected." in shown(as_alice)


def test_members_can_look_and_owners_can_connect(as_bob, connection):
    assert "Disconnect" not in shown(as_bob)
    assert as_bob.post(f"{PAGE}salesforce/connect", {"login": "production"}).status_code == 403
    assert as_bob.post(f"{PAGE}salesforce/disconnect").status_code == 403


def test_an_own_app_is_kept_without_showing_its_secret(as_alice):
    typed = {"client_id": "own-key", "client_secret": "own-secret-text"}
    assert as_alice.post(f"{PAGE}salesforce/app", typed).headers["Location"] == PAGE
    page = shown(as_alice)
    assert "own-key" in page
    assert "own-secret-text" not in page
    assert b"own-secret-text" not in bytes(OAuthApp.objects.get().client_secret)
    as_alice.post(f"{PAGE}salesforce/app", {"remove": "yes"})
    assert not OAuthApp.objects.exists()


def test_a_broken_key_is_refused_at_its_field(as_alice):
    response = as_alice.post(f"{PAGE}salesforce/app", {"client_id": "two words", "client_secret": "x"})
    assert response.status_code == 422
    assert 'id="id_client_id_error"' in response.content.decode()


def test_an_owner_chooses_what_a_duplicate_rule_leads_to(as_alice, as_bob, connection):
    assert 'value="save" checked' in shown(as_alice)
    as_alice.post(f"{PAGE}salesforce/options", {"duplicates": "ask"})
    assert 'value="ask" checked' in shown(as_alice)
    assert as_alice.post(f"{PAGE}salesforce/options", {"duplicates": "merge"}).status_code == 422
    assert as_bob.post(f"{PAGE}salesforce/options", {"duplicates": "save"}).status_code == 403
    connection.refresh_from_db()
    assert connection.options == {"duplicates": "ask"}


def test_a_renewal_that_is_put_off_says_what_is_in_the_way(as_alice, connection):
    Connection.objects.update(error_code="ip_restricted", refresh_after=clock.now() + timedelta(minutes=30))
    assert "Login IP Ranges" in shown(as_alice)
    Connection.objects.update(refresh_after=None)
    assert "Login IP Ranges" not in shown(as_alice)
