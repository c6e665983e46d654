"""Connecting a workspace: the consent page and back, with a token that never ends and can't be refreshed."""

from urllib.parse import parse_qs, urlsplit

import pytest

from linktime.connections import oauth, tokens
from linktime.connections.models import Connection
from linktime.connections.oauth import ConnectProblem
from linktime.connections.tokens import GrantDead
from linktime.core import http
from linktime.core.clock import now
from linktime.crm.providers.attio.manifest import OAUTH
from tests.emulated import consent

pytestmark = pytest.mark.django_db


def begin(person):
    return oauth.begin(person.actor, OAUTH, login="attio", now=now())


def connect(person, decision="allow"):
    return oauth.finish(person.actor, OAUTH, consent(begin(person), decision), now())


def test_the_workspace_is_shown_and_the_token_has_no_end(alice, emulator):
    connection = connect(alice)
    assert (connection.state, connection.organisation_name) == ("connected", "LinkTime Emulator")
    assert connection.organisation_key == emulator.state()["organisation"]
    assert (connection.expires_at, connection.refresh_token, connection.api_url) == (None, None, emulator.url)
    assert tokens.access_token(connection.pk, OAUTH, now=now()).reveal()


def test_the_consent_page_is_asked_for_what_attio_documents_and_nothing_else(alice, emulator):
    asked = parse_qs(urlsplit(begin(alice)).query)
    assert set(asked) == {"response_type", "client_id", "redirect_uri", "state"}


def test_a_code_that_was_used_is_explained(alice, emulator):
    emulator.fault({"kind": "status", "status": 400, "body": {"error": "invalid_grant"}}, path="/oauth/token$")
    with pytest.raises(ConnectProblem) as caught:
        connect(alice)
    assert caught.value.problem.code == "code_expired"


def test_an_app_without_a_scope_is_not_connected_and_its_grant_is_given_back(alice, emulator):
    emulator.settings(scopes="record_permission:read-write object_configuration:read")
    with pytest.raises(ConnectProblem) as caught:
        connect(alice)
    assert caught.value.problem.code == "scope_missing"
    assert "note:read-write" in str(caught.value)
    assert not Connection.objects.exists()
    assert emulator.requests()[-1]["path"].endswith("/oauth/revoke")


def test_disconnecting_revokes_the_token_there(alice, emulator, django_capture_on_commit_callbacks):
    connection = connect(alice)
    token = tokens.access_token(connection.pk, OAUTH, now=now())
    with django_capture_on_commit_callbacks(execute=True):
        oauth.disconnect(connection, OAUTH, now())
    told = http.request("GET", f"{emulator.url}/v2/self", headers={"Authorization": f"Bearer {token.reveal()}"})
    assert told.json() == {"active": False}


@pytest.mark.django_db(transaction=True)
def test_a_token_that_is_refused_is_dead_for_there_is_nothing_to_refresh(alice, emulator):
    connection = connect(alice)
    stale = tokens.access_token(connection.pk, OAUTH, now=now())
    with pytest.raises(GrantDead):
        tokens.refreshed(connection.pk, OAUTH, stale=stale, now=now())
    connection.refresh_from_db()
    assert connection.state == "needs_reconnect"


def test_a_grant_that_sleeps_is_left_alone(alice, emulator, later):
    from linktime.connections import tasks

    connect(alice)
    assert not list(tasks.sleeping(later(days=900)()))


def test_no_other_host_can_be_typed(alice, emulator, settings):
    settings.SERVICES = {"attio": settings.SERVICES["attio"] | {"base_url": ""}}
    assert begin(alice).startswith("https://app.attio.com/authorize?")
    with pytest.raises(ConnectProblem):
        oauth.begin(alice.actor, OAUTH, login="attio.evil.example", now=now())
