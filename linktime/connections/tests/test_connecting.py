"""The trip to Salesforce's consent page and back."""

import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection as database

from linktime.accounts.models import Plan
from linktime.connections import oauth, own_app, vault
from linktime.connections.models import Connection, PendingAuthorization
from linktime.connections.oauth import ConnectProblem
from linktime.core.errors import Forbidden
from linktime.crm.providers.salesforce.manifest import OAUTH
from tests.emulated import consent
from tests.people import NOW

SOON = NOW + timedelta(minutes=1)


def begin(person, login="production"):
    return oauth.begin(person.actor, OAUTH, login=login, now=NOW)


def problem_of(call, *arguments, **named):
    with pytest.raises(ConnectProblem) as caught:
        call(*arguments, **named)
    problem = caught.value.problem
    assert problem.what
    assert problem.remedy
    return problem.code


def finish(person, answer, now=SOON):
    return oauth.finish(person.actor, OAUTH, answer, now)


def test_connecting_keeps_the_grant_and_who_gave_it(alice, salesforce, told):
    salesforce.emulator.settings(require_pkce=True, organisation_name="Acme Ltd", is_sandbox=True)
    connection = finish(alice, consent(begin(alice)))
    connection.refresh_from_db()
    assert (connection.state, connection.organisation_name, connection.environment) == (
        "connected", "Acme Ltd", "sandbox",
    )  # fmt: skip
    assert (len(connection.organisation_key), connection.connected_by) == (18, alice.user)
    assert (connection.login_url, connection.client_id) == (salesforce.emulator.salesforce, "emulator")
    assert connection.api_url == salesforce.emulator.salesforce
    assert set(connection.scopes.split()) == {"id", "api", "refresh_token"}
    assert (connection.connected_at, connection.refreshed_at, connection.expires_at) == (
        SOON, SOON, SOON + timedelta(hours=2),
    )  # fmt: skip
    assert salesforce.accepts(vault.open_sealed(connection, "access_token"))
    assert told == [("ConnectionResumed", connection.pk)]


def test_the_question_is_complete(alice, salesforce):
    """State and PKCE are new each time; the callback is this installation's."""
    first, second = (parse_qs(urlsplit(begin(alice)).query) for _ in range(2))
    assert first["redirect_uri"] == ["http://127.0.0.1:8000/api/integrations/salesforce/callback"]
    assert first["redirect_uri"] == [oauth.callback_url("salesforce")]
    assert (first["response_type"], first["code_challenge_method"]) == (["code"], ["S256"])
    assert first["scope"] == ["id api refresh_token"]
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]


def test_neither_state_nor_verifier_is_stored_in_plain_text(alice, salesforce):
    state = parse_qs(urlsplit(begin(alice)).query)["state"][0]
    trip = PendingAuthorization.objects.get()
    verifier = vault.open_sealed(trip, "verifier").reveal()
    assert 43 <= len(verifier) <= 128
    assert state not in trip.state_digest
    assert verifier.encode() not in bytes(trip.verifier)


@pytest.mark.parametrize(
    ("login", "host"),
    [
        ("production", "login.salesforce.com"),
        ("sandbox", "test.salesforce.com"),
        ("acme.my.salesforce.com", "acme.my.salesforce.com"),
        ("  https://Acme.my.salesforce.com/ ", "acme.my.salesforce.com"),
        ("acme--uat.sandbox.my.salesforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme-dev-ed.develop.my.salesforce.com", "acme-dev-ed.develop.my.salesforce.com"),
    ],
)
def test_the_login_is_at_salesforce(alice, settings, login, host):
    settings.SERVICES = {"salesforce": {"client_id": "a", "client_secret": "b", "base_url": ""}}
    url = urlsplit(begin(alice, login))
    assert (url.scheme, url.netloc, url.path) == ("https", host, "/services/oauth2/authorize")


@pytest.mark.parametrize(
    "login",
    [
        "",
        "my_domain",
        "acme",
        "acme.lightning.force.com",
        "https://acme.lightning.salesforce.com",
        "http://acme.my.salesforce.com",
        "acme.my.salesforce.com:8443",
        "acme.my.salesforce.com/path",
        "acme.my.salesforce.com?x=1",
        "me@acme.my.salesforce.com",
        "me:x@acme.my.salesforce.com",
        "evil.example/.my.salesforce.com",
        "evil.example#.my.salesforce.com",
        "my.salesforce.com.evil.example",
        "acme.my.salesforce.com.evil.example",
        "evil-my.salesforce.com",
        "a.b.my.salesforce.com",
        "-acme.my.salesforce.com",
        "[acme.my.salesforce.com",
        "acme.my.salesforce.com\n.evil.example",
        "xn--\u0430cme.my.salesforce.com",
    ],
)
def test_nothing_else_is_a_login_host(alice, settings, login):
    settings.SERVICES = {"salesforce": {"client_id": "a", "client_secret": "b", "base_url": ""}}
    assert problem_of(begin, alice, login) == "login_host"
    assert not PendingAuthorization.objects.exists()


def test_a_refusal_is_told(alice, salesforce):
    assert problem_of(finish, alice, consent(begin(alice), "deny")) == "access_denied"
    assert not Connection.objects.exists()


def test_an_answer_without_a_question_is_refused(alice, salesforce):
    begin(alice)
    for query in ({}, {"code": "x"}, {"code": "x", "state": "guessed"}, {"error": "access_denied", "state": ""}):
        assert problem_of(finish, alice, query) == "unknown_state"


def test_an_answer_without_a_code_is_refused(alice, salesforce):
    state = parse_qs(urlsplit(begin(alice)).query)["state"][0]
    assert problem_of(finish, alice, {"state": state}) == "no_code"


@pytest.mark.usefixtures("told")
def test_a_callback_works_once(alice, salesforce):
    answer = consent(begin(alice))
    finish(alice, answer)
    assert problem_of(finish, alice, answer) == "already_used"
    assert Connection.objects.get().state == "connected"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("told")
def test_a_callback_opened_twice_at_once_works_once(alice, salesforce):
    answer = consent(begin(alice))
    salesforce.emulator.settings(token_latency_ms=200)
    outcomes, gate = [], threading.Barrier(2)

    def open_it():
        gate.wait()
        try:
            outcomes.append(finish(alice, answer).state)
        except ConnectProblem as problem:
            outcomes.append(problem.code)
        finally:
            database.close()

    threads = [threading.Thread(target=open_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already_used", "connected"]
    assert salesforce.calls("/oauth2/token") == 1


def test_an_answer_after_15_minutes_is_too_late(alice, salesforce):
    answer = consent(begin(alice))
    assert problem_of(finish, alice, answer, NOW + timedelta(minutes=15, seconds=1)) == "expired"


@pytest.mark.usefixtures("told")
def test_nobody_finishes_what_somebody_else_began(alice, bob, charlie, salesforce):
    """Neither a stranger nor a colleague can use alice's answer up, and she can still use it."""
    bob.role = "owner"
    answer = consent(begin(alice))
    for person in (charlie, bob):
        assert problem_of(finish, person, answer) == "unknown_state"
    assert finish(alice, answer).account == alice.account


def test_only_owners_of_a_paid_account_connect(alice, bob, salesforce):
    with pytest.raises(Forbidden) as refused:
        begin(bob)
    assert refused.value.code == "owner_required"
    answer = consent(begin(alice))
    alice.account.plan = Plan.FREE
    for call in (lambda: begin(alice), lambda: finish(alice, answer)):
        with pytest.raises(Forbidden) as refused:
            call()
        assert refused.value.code == "plan_required"


def test_without_an_app_there_is_nothing_to_connect_with(alice, settings):
    settings.SERVICES = {"salesforce": {"client_id": "", "client_secret": "", "base_url": ""}}
    assert problem_of(begin, alice) == "no_app"


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        ({"ip_restricted": True}, "ip_restricted"),
        ({"app_not_installed": True}, "not_installed"),
        ({"user_inactive": True}, "inactive_user"),
        ({"org_inactive": True}, "inactive_org"),
        ({"apps": [{"client_id": "emulator", "client_secret": "another"}]}, "invalid_client"),
        ({"apps": [{"client_id": "another", "client_secret": "x"}]}, "invalid_client_id"),
        ({"clock_offset_seconds": 3600}, "code_expired"),
    ],
)
def test_what_the_token_endpoint_refuses_is_told(alice, salesforce, trouble, code):
    answer = consent(begin(alice))
    salesforce.emulator.settings(**trouble)
    assert problem_of(finish, alice, answer) == code
    assert not Connection.objects.exists()


def test_an_app_that_is_not_installed_is_told_from_the_consent_page(alice, salesforce):
    salesforce.emulator.settings(app_not_installed=True)
    assert problem_of(finish, alice, consent(begin(alice))) == "not_installed"


@pytest.mark.parametrize(
    "action",
    [
        {"kind": "status", "status": 503, "body": "<html>Down for maintenance</html>"},
        {"kind": "status", "status": 200, "body": "<html>hello</html>"},
        {"kind": "status", "status": 200, "body": "[1]"},
        {"kind": "status", "status": 200, "body": "{}"},
        {"kind": "drop"},
        {"kind": "commit_then_drop"},
    ],
)
def test_a_token_endpoint_that_fails_leaves_nothing_behind(alice, salesforce, action):
    answer = consent(begin(alice))
    salesforce.emulator.fault(action, path="/oauth2/token$")
    assert problem_of(finish, alice, answer) == "unreachable"
    assert not Connection.objects.exists()


@pytest.mark.parametrize("action", [{"kind": "drop"}, {"kind": "status", "status": 500, "body": "oops"}])
def test_a_grant_whose_giver_can_not_be_asked_is_given_back(alice, salesforce, action):
    answer = consent(begin(alice))
    salesforce.emulator.fault(action, path="/query")
    assert problem_of(finish, alice, answer) == "unreachable"
    assert not Connection.objects.exists()
    assert salesforce.calls("/oauth2/revoke") == 1


def test_a_token_is_not_sent_to_somebody_elses_api(alice, salesforce):
    answer = consent(begin(alice))
    foreign = {"access_token": "a", "refresh_token": "b", "instance_url": "https://evil.example"}
    salesforce.emulator.fault({"kind": "status", "status": 200, "body": foreign}, path="/oauth2/token$")
    assert problem_of(finish, alice, answer) == "wrong_api"
    assert not Connection.objects.exists()


def test_access_for_a_few_hours_only_is_not_kept(alice, salesforce):
    answer = consent(begin(alice))
    short = {"access_token": "a", "instance_url": salesforce.emulator.salesforce}
    salesforce.emulator.fault({"kind": "status", "status": 200, "body": short}, path="/oauth2/token$")
    assert problem_of(finish, alice, answer) == "no_refresh_token"


def test_a_lost_key_is_told_as_what_to_do(alice, salesforce, settings):
    own_app.set_own_app(alice.actor, "salesforce", client_id="own", client_secret="s")
    settings.ENCRYPTION_KEYS = {"other": b"o" * 32}
    assert problem_of(begin, alice) == "unreadable_secret"


def test_old_trips_are_forgotten(alice, salesforce):
    begin(alice)
    oauth.begin(alice.actor, OAUTH, login="production", now=NOW + timedelta(days=2))
    assert PendingAuthorization.objects.count() == 1
