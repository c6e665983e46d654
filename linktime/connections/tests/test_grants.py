"""What stays and what goes when somebody reconnects, connects elsewhere, or disconnects."""

import threading
from datetime import timedelta

import pytest
from django.db import connection as database

from linktime.connections import oauth, tokens, vault
from linktime.connections.models import Connection
from linktime.core import http
from linktime.crm.providers.salesforce.manifest import OAUTH
from tests.people import NOW

OTHER = "00D5e000000abcdEAA"

pytestmark = pytest.mark.usefixtures("told")


def disconnect(connection, now=NOW):
    oauth.disconnect(connection, OAUTH, now)


def test_reconnecting_to_the_same_organisation_goes_on_with_the_same_row(alice, salesforce, told):
    first = salesforce.grant(alice)
    disconnect(first)
    second = salesforce.grant(alice, now=NOW + timedelta(days=1))
    assert second.pk == first.pk
    assert (second.state, second.connected_at, second.disconnected_at) == ("connected", NOW + timedelta(days=1), None)
    assert second.generation > first.generation
    assert [name for name, _ in told] == ["ConnectionResumed"] * 2


def test_reconnecting_mends_a_connection_that_needed_it(alice, salesforce):
    connection = salesforce.grant(alice)
    Connection.objects.update(state="needs_reconnect", error_code="invalid_grant", error_message="dead")
    again = salesforce.grant(alice)
    assert (again.pk, again.state, again.error_code, again.error_message) == (connection.pk, "connected", "", "")


def test_another_organisation_starts_afresh_and_the_first_is_let_go(
    alice, salesforce, django_capture_on_commit_callbacks
):
    first = salesforce.grant(alice)
    old = vault.open_sealed(first, "access_token")
    with django_capture_on_commit_callbacks(execute=True):
        second = salesforce.grant(alice, organisation=OTHER)
    first.refresh_from_db()
    assert second.pk != first.pk
    assert (first.state, first.access_token, first.refresh_token) == ("disconnected", None, None)
    assert second.state == "connected"
    assert not salesforce.accepts(old)
    assert salesforce.accepts(vault.open_sealed(second, "access_token"))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_live_connection(alice, salesforce):
    """Two owners come back from two organisations at the same instant."""
    answers = [salesforce.emulator.token(organisation=key) for key in (OTHER, "00D5e000000abceEAA")]
    gate, failures = threading.Barrier(2), []

    def connect(answer):
        database.ensure_connection()
        gate.wait()
        try:
            salesforce.store(alice, answer)
        except Exception as error:  # noqa: BLE001 - any failure fails the test
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=connect, args=(answer,)) for answer in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sorted(Connection.objects.values_list("state", flat=True)) == ["connected", "disconnected"]


def test_two_accounts_connect_the_same_organisation_and_do_not_touch_each_other(alice, charlie, salesforce):
    hers, his = salesforce.grant(alice), salesforce.grant(charlie)
    disconnect(his)
    hers.refresh_from_db()
    assert (hers.state, hers.organisation_key) == ("connected", his.organisation_key)


def test_disconnecting_erases_here_and_revokes_there(alice, salesforce, django_capture_on_commit_callbacks):
    connection = salesforce.grant(alice)
    token = vault.open_sealed(connection, "access_token")
    with django_capture_on_commit_callbacks(execute=True):
        disconnect(connection)
    connection.refresh_from_db()
    assert (connection.state, connection.access_token, connection.refresh_token) == ("disconnected", None, None)
    assert (connection.disconnected_at, connection.organisation_name) == (NOW, "Acme")
    assert not salesforce.accepts(token)


def test_a_grant_is_revoked_only_when_its_erasure_is_committed(alice, salesforce, django_capture_on_commit_callbacks):
    connection = salesforce.grant(alice)
    token = vault.open_sealed(connection, "access_token")
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        disconnect(connection)
        assert salesforce.accepts(token)
    assert len(callbacks) == 1


@pytest.fixture(params=["dead grant", "network down", "server error", "key lost"])
def broken(request, salesforce, settings, monkeypatch):
    """Call it to break something."""

    def network_down():
        raise http.NotSent("no")

    def break_it():
        match request.param:
            case "dead grant":
                salesforce.emulator.revoke()
            case "network down":
                monkeypatch.setattr("linktime.core.http._transport", network_down)
            case "server error":
                salesforce.emulator.fault({"kind": "status", "status": 500, "body": ""}, path="/revoke")
            case "key lost":
                settings.ENCRYPTION_KEYS = {"other": b"o" * 32}

    return break_it


def test_disconnecting_works_whatever_is_broken(alice, salesforce, broken, django_capture_on_commit_callbacks):
    connection = salesforce.grant(alice)
    broken()
    with django_capture_on_commit_callbacks(execute=True):
        disconnect(connection)
    connection.refresh_from_db()
    assert (connection.state, connection.refresh_token) == ("disconnected", None)


def test_disconnecting_twice_is_as_good_as_once(alice, salesforce, django_capture_on_commit_callbacks):
    connection = salesforce.grant(alice)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            disconnect(connection)
    assert salesforce.calls("/oauth2/revoke") == 1


@pytest.mark.django_db(transaction=True)
def test_a_grant_that_is_renewed_while_somebody_disconnects_is_revoked_too(alice, salesforce):
    """The refresh was under way: its new tokens are neither stored nor left alive over there."""
    connection = salesforce.grant(alice)
    salesforce.emulator.settings(rotate_refresh_tokens=True, token_latency_ms=400)
    failures = []

    def refresh():
        try:
            tokens.refreshed(connection.pk, OAUTH, stale=None, now=NOW)
        except tokens.GrantDead as error:
            failures.append(error)
        finally:
            database.close()

    thread = threading.Thread(target=refresh)
    thread.start()
    while not Connection.objects.filter(refreshing_until__isnull=False).exists():
        pass
    Connection.objects.update(refresh_token=None)  # what was revoked at this moment was no longer valid over there
    disconnect(connection)
    thread.join()
    connection.refresh_from_db()
    assert len(failures) == 1
    assert (connection.state, connection.access_token, connection.refresh_token) == ("disconnected", None, None)
    revoked = [call["status"] for call in salesforce.emulator.requests() if call["path"].endswith("/revoke")]
    assert revoked == [200, 200]  # the access token that was stored, and the refresh token that came after
