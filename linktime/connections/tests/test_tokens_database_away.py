"""A refresh token that was rotated is stored, whatever the database does at that moment."""

import threading
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import connection as database

from linktime.connections import token_endpoint, tokens, vault
from linktime.connections.models import Connection
from linktime.crm.providers.salesforce.manifest import OAUTH
from tests.people import NOW

LATER = NOW + timedelta(hours=3)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("told")]


@pytest.fixture
def cut(monkeypatch):
    """Cut everybody off from the database, once, when the token endpoint has answered; let them in after 2 s."""
    values = database.settings_dict
    door = psycopg.connect(host=values["HOST"], user=values["USER"], dbname="postgres", autocommit=True)
    refresh = token_endpoint.refresh

    def allow(yes):
        door.execute(f'alter database "{values["NAME"]}" allow_connections {yes}')

    def cut_off():
        allow(False)
        door.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [values["NAME"]])
        threading.Timer(2, allow, [True]).start()

    def refresh_and_cut(*arguments, **named):
        monkeypatch.setattr(token_endpoint, "refresh", refresh)
        answer = refresh(*arguments, **named)
        cut_off()
        return answer

    monkeypatch.setattr(token_endpoint, "refresh", refresh_and_cut)
    yield
    allow(True)
    door.close()


@pytest.mark.usefixtures("cut")
def test_a_rotated_token_survives_a_database_that_is_away(alice, salesforce):
    connection = salesforce.grant(alice)
    salesforce.emulator.settings(rotate_refresh_tokens=True)
    begun = time.monotonic()
    token = tokens.access_token(connection.pk, OAUTH, now=LATER)
    assert time.monotonic() - begun > 1.5
    row = Connection.objects.get()
    assert vault.open_sealed(row, "access_token") == token
    assert row.generation == connection.generation + 1
    assert salesforce.accepts(tokens.refreshed(connection.pk, OAUTH, stale=token, now=LATER))


def test_an_update_whose_confirmation_was_lost_counts(alice, salesforce, monkeypatch):
    """It was committed, and the connection broke before we knew: the second try finds it done."""
    connection = salesforce.grant(alice)
    generation, lost = tokens._generation, []

    class Rows:
        def __init__(self, rows):
            self.rows = rows

        def update(self, **columns):
            changed = self.rows.update(**columns)
            if "access_token" in columns and not lost:
                lost.append(changed)
                raise tokens.OperationalError("server closed the connection unexpectedly")
            return changed

        def filter(self, *conditions, **fields):
            return Rows(self.rows.filter(*conditions, **fields))

    monkeypatch.setattr(tokens, "_generation", lambda row: Rows(generation(row)))
    token = tokens.access_token(connection.pk, OAUTH, now=LATER)
    assert lost == [1]
    assert vault.open_sealed(Connection.objects.get(), "access_token") == token
    assert salesforce.refreshes == 1
