"""However many ask, one refreshes."""

import threading
from datetime import timedelta

import pytest
from django.db import connection as database

from linktime.connections import tokens, vault
from linktime.connections.models import Connection
from linktime.crm.providers.salesforce.manifest import OAUTH
from tests.people import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("told")]


def all_at_once(number, ask):
    """Call `ask` in so many threads at the same moment and return what they got."""
    gate, got = threading.Barrier(number), []

    def run():
        gate.wait()
        try:
            got.append(ask())
        except tokens.TokenError as error:
            got.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


@pytest.fixture
def connection(alice, salesforce):
    salesforce.emulator.settings(rotate_refresh_tokens=True, token_latency_ms=400)
    return salesforce.grant(alice)


def test_many_with_an_ended_token_wait_for_one_refresh(connection, salesforce):
    got = all_at_once(10, lambda: tokens.access_token(connection.pk, OAUTH, now=NOW + timedelta(hours=3)))
    assert all(token == got[0] for token in got)
    assert salesforce.accepts(got[0])
    assert salesforce.refreshes == 1


def test_many_with_a_token_that_still_works_go_on_with_it(connection, salesforce):
    old = vault.open_sealed(connection, "access_token")
    got = all_at_once(10, lambda: tokens.access_token(connection.pk, OAUTH, now=NOW + timedelta(minutes=117)))
    assert sum(token == old for token in got) == 9
    assert salesforce.refreshes == 1


def test_many_that_were_refused_get_one_new_token(connection, salesforce):
    stale = vault.open_sealed(connection, "access_token")
    got = all_at_once(10, lambda: tokens.refreshed(connection.pk, OAUTH, stale=stale, now=NOW))
    assert all(token == got[0] != stale for token in got)
    assert salesforce.refreshes == 1


def test_many_learn_that_a_grant_is_dead_and_the_owner_once(connection, salesforce, told):
    salesforce.emulator.revoke()
    told.clear()
    got = all_at_once(10, lambda: tokens.access_token(connection.pk, OAUTH, now=NOW + timedelta(hours=3)))
    assert {type(error) for error in got} == {tokens.GrantDead}
    assert told == [("ConnectionNeedsReconnect", connection.pk)]
    assert Connection.objects.get().state == "needs_reconnect"
