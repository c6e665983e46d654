"""Whoever asks gets an access token that works."""

import logging
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now

from linktime.connections import states, tokens, vault
from linktime.connections.models import Connection
from linktime.connections.tokens import Move
from linktime.core import http
from linktime.core.turns import Turns
from linktime.crm.providers.salesforce.manifest import OAUTH
from tests.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

FRESH, ENDING, ENDED = timedelta(minutes=5, seconds=1), timedelta(minutes=5), timedelta()


@pytest.mark.parametrize(
    ("left", "claimed", "put_off", "move"),
    [
        (FRESH, False, False, Move.USE),
        (FRESH, True, True, Move.USE),
        (ENDING, False, False, Move.REFRESH),
        (ENDING, True, False, Move.USE),
        (ENDING, False, True, Move.USE),
        (ENDED, False, False, Move.REFRESH),
        (ENDED, True, False, Move.WAIT),
        (ENDED, True, True, Move.WAIT),
        (ENDED, False, True, Move.LATER),
    ],
)
def test_what_is_done_about_a_token(left, claimed, put_off, move):
    assert tokens.decide(usable=True, left=left, claimed=claimed, put_off=put_off) is move
    assert tokens.decide(usable=False, left=left, claimed=claimed, put_off=put_off) is Move.GIVE_UP


@pytest.fixture
def connection(alice, salesforce):
    return salesforce.grant(alice)


def access(connection, **ahead):
    return tokens.access_token(connection.pk, OAUTH, now=NOW + timedelta(**ahead))


def stored(connection, field="access_token"):
    return vault.open_sealed(Connection.objects.get(pk=connection.pk), field)


def test_a_fresh_token_is_used_without_asking_anybody(connection, salesforce):
    assert access(connection, minutes=114) == stored(connection)
    assert salesforce.refreshes == 0


def test_a_token_is_refreshed_5_minutes_before_it_ends(connection, salesforce):
    first = stored(connection)
    second = access(connection, minutes=115)
    assert second == stored(connection) != first
    assert salesforce.accepts(second)
    assert salesforce.refreshes == 1
    row = Connection.objects.get()
    assert row.expires_at == NOW + timedelta(minutes=115, hours=2)
    assert (row.refreshed_at, row.generation) == (NOW + timedelta(minutes=115), connection.generation + 1)
    assert (row.refreshing_until, row.refresh_after, row.error_code) == (None, None, "")


def test_a_refresh_token_stays_unless_it_is_rotated(connection, salesforce):
    kept = stored(connection, "refresh_token")
    access(connection, hours=3)
    assert stored(connection, "refresh_token") == kept
    salesforce.emulator.settings(rotate_refresh_tokens=True)
    for hours in (6, 9, 12):
        assert salesforce.accepts(access(connection, hours=hours))
    assert stored(connection, "refresh_token") != kept


def test_a_refused_token_is_replaced(connection, salesforce):
    stale = stored(connection)
    new = tokens.refreshed(connection.pk, OAUTH, stale=stale, now=NOW)
    assert new != stale
    assert salesforce.accepts(new)


def test_a_refused_token_that_somebody_has_replaced_is_not_refreshed_again(connection, salesforce):
    stale = stored(connection)
    first = tokens.refreshed(connection.pk, OAUTH, stale=stale, now=NOW)
    assert tokens.refreshed(connection.pk, OAUTH, stale=stale, now=NOW) == first
    assert salesforce.refreshes == 1


def test_an_organisation_that_moved_is_followed_and_nobody_else(connection, salesforce):
    moved = {"access_token": "new", "instance_url": "https://acme2.my.salesforce.com/"}
    salesforce.emulator.fault({"kind": "status", "status": 200, "body": moved}, path="/oauth2/token$", times=1)
    access(connection, hours=3)
    assert Connection.objects.get().api_url == "https://acme2.my.salesforce.com"
    foreign = {"access_token": "newer", "instance_url": "https://evil.example"}
    salesforce.emulator.fault({"kind": "status", "status": 200, "body": foreign}, path="/oauth2/token$", times=1)
    assert access(connection, hours=6).reveal() == "newer"
    assert Connection.objects.get().api_url == "https://acme2.my.salesforce.com"


def test_a_revoked_grant_needs_a_person_and_that_is_told_once(connection, salesforce, told):
    salesforce.emulator.revoke()
    told.clear()
    for _ in range(2):
        with pytest.raises(tokens.GrantDead, match="expired access/refresh token"):
            access(connection, hours=3)
    row = Connection.objects.get()
    assert (row.state, row.error_code) == ("needs_reconnect", "invalid_grant")
    assert told == [("ConnectionNeedsReconnect", row.pk)]
    assert salesforce.refreshes == 1


def test_a_death_is_told_once_however_many_find_out(connection, told):
    told.clear()
    finders = [Connection.objects.get() for _ in range(2)]
    found = [states.grant_died(finder, code="needs_reconnect", message="401") for finder in finders]
    assert found == [True, False]
    assert told == [("ConnectionNeedsReconnect", connection.pk)]


def test_a_late_verdict_on_an_older_grant_kills_no_newer_one(connection, alice, salesforce, monkeypatch):
    """The refresh was refused, but somebody reconnected while it was on its way."""
    salesforce.emulator.revoke()
    grant_died = tokens.states.grant_died

    def die_late(*arguments, **named):
        salesforce.grant(alice)
        return grant_died(*arguments, **named)

    monkeypatch.setattr(tokens.states, "grant_died", die_late)
    assert salesforce.accepts(access(connection, hours=3))
    assert Connection.objects.get().state == "connected"


@pytest.mark.parametrize("state", ["disconnected", "needs_reconnect"])
def test_what_is_not_connected_has_no_token(connection, state):
    Connection.objects.update(state=state)
    for ask in (access, lambda c: tokens.refreshed(c.pk, OAUTH, stale=None, now=NOW)):
        with pytest.raises(tokens.GrantDead):
            ask(connection)


def test_a_connection_that_is_gone_has_no_token(connection):
    connection.delete()
    with pytest.raises(tokens.GrantDead):
        tokens.access_token(0, OAUTH, now=NOW)


@pytest.mark.parametrize(
    ("trouble", "error", "after"),
    [
        ({"ip_restricted": True}, tokens.RefreshLater, timedelta(minutes=30)),
        ({"app_not_installed": True}, tokens.RefreshLater, timedelta(minutes=30)),
        ({"apps": [{"client_id": "emulator", "client_secret": "another"}]}, tokens.AppMisconfigured, None),
        ({"apps": [{"client_id": "another", "client_secret": "x"}]}, tokens.AppMisconfigured, None),
    ],
)
def test_obstacles_of_an_admin_drop_nobody(connection, salesforce, trouble, error, after):
    """It is tried again slowly, not hammered, and the connection says why."""
    salesforce.emulator.settings(**trouble)
    with pytest.raises(error) as refused:
        access(connection, hours=3)
    if after:
        assert refused.value.after == after
    with pytest.raises(tokens.RefreshLater) as later:
        access(connection, hours=3)
    assert timedelta() < later.value.after <= timedelta(minutes=30)
    row = Connection.objects.get()
    assert (row.state, row.refreshing_until) == ("connected", None)
    assert "Salesforce" in row.error_message
    assert salesforce.refreshes == 1


FAILURES = [
    {"kind": "status", "status": 503, "body": "<html>Maintenance</html>"},
    {"kind": "status", "status": 400, "body": {"error": "unknown_error", "error_description": "retry your request"}},
    {"kind": "status", "status": 400, "body": {"error": "invalid_grant", "error_description":
                                               "token request is already being processed"}},
    {"kind": "drop"},
]  # fmt: skip


@pytest.mark.parametrize("action", FAILURES)
def test_an_outage_passes(connection, salesforce, action):
    salesforce.emulator.fault(action, path="/oauth2/token$", times=1)
    with pytest.raises(tokens.RefreshLater) as later:
        access(connection, hours=3)
    assert timedelta() < later.value.after <= timedelta(seconds=30)
    Connection.objects.update(refresh_after=Now())
    assert salesforce.accepts(access(connection, hours=3))
    row = Connection.objects.get()
    assert (row.error_code, row.error_message, row.refresh_after) == ("", "", None)


def test_a_token_that_is_still_valid_outlives_an_outage(connection, salesforce):
    salesforce.emulator.fault({"kind": "drop"}, path="/oauth2/token$")
    for _ in range(2):
        assert access(connection, minutes=118) == stored(connection)
    assert salesforce.refreshes == 1


def test_a_rotated_token_whose_answer_was_lost_needs_a_person_in_the_end(connection, salesforce):
    """The old token is tried once more, for nothing else is left; it is a replay over there, and ends the grant."""
    salesforce.emulator.settings(rotate_refresh_tokens=True)
    salesforce.emulator.fault({"kind": "commit_then_drop"}, path="/oauth2/token$", times=1)
    with pytest.raises(tokens.RefreshLater):
        access(connection, hours=3)
    Connection.objects.update(refresh_after=None)
    with pytest.raises(tokens.GrantDead):
        access(connection, hours=3)


def test_a_dead_claim_ends_by_itself(connection, salesforce, monkeypatch):
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.3)
    Connection.objects.update(refreshing_until=Now() + timedelta(seconds=90))
    assert access(connection, minutes=118) == stored(connection)
    with pytest.raises(tokens.RefreshLater):
        access(connection, hours=3)
    Connection.objects.update(refreshing_until=Now())
    assert salesforce.accepts(access(connection, hours=3))


def test_who_waits_for_anothers_refresh_holds_up_no_request(connection, monkeypatch):
    def answer(_environ, _start_response):
        with pytest.raises(tokens.RefreshLater):
            access(connection, hours=3)
        return [application._line._free]

    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.05)
    Connection.objects.update(refreshing_until=Now() + timedelta(seconds=90))
    application = Turns(answer, 1)
    assert application({"wsgi.input": None}, None) == [1]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_lasts_over_the_network(connection):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        access(connection, hours=3)


def test_a_lost_key_is_something_for_the_operator(connection, settings):
    settings.ENCRYPTION_KEYS = {"other": b"o" * 32}
    for hours in (0, 3):
        with pytest.raises(tokens.AppMisconfigured, match="LINKTIME_ENCRYPTION_KEYS"):
            access(connection, hours=hours)
    assert Connection.objects.get().state == "connected"


def test_tokens_reach_no_log_and_no_message(connection, salesforce, caplog):
    """Nor the error that is stored for the page."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    secrets = [stored(connection), stored(connection, "refresh_token"), access(connection, hours=3)]
    salesforce.emulator.fault({"kind": "drop"}, path="/oauth2/token$", times=1)
    with pytest.raises(tokens.RefreshLater) as outage:
        access(connection, hours=6)
    Connection.objects.update(refresh_after=None)
    salesforce.emulator.revoke()
    with pytest.raises(tokens.GrantDead) as dead:
        access(connection, hours=6)
    row = Connection.objects.get()
    shown = (
        caplog.text + repr([outage.value, dead.value, row, row.__dict__]) + row.error_message + str(http.HttpError())
    )
    for secret in secrets:
        assert secret.reveal() not in shown
    assert "consumer secret" not in shown
