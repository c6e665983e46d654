"""Secrets are unreadable without their key, outside their place, and everywhere but where they are used."""

import logging
import pickle
import traceback

import pytest
from django.db import connection as database

from linktime.connections import vault
from linktime.connections.models import Connection
from linktime.connections.secret import Secret
from tests.people import NOW

KEYS = {"new": b"n" * 32, "old": b"o" * 32}


@pytest.fixture
def make(alice):
    def make_connection(key="00D1", **fields):
        values = {"service": "salesforce", "organisation_key": key, "state": "disconnected", "connected_at": NOW}
        return Connection.objects.create(account=alice.account, **values, **fields)

    return make_connection


def sealed(row, text="5Aep861token"):
    row.access_token = vault.seal(Secret(text), row, "access_token")
    row.save()
    return row


def test_what_is_sealed_opens_again(make):
    row = Connection.objects.get(pk=sealed(make(), "tökén").pk)
    assert vault.open_sealed(row, "access_token").reveal() == "tökén"


def test_the_same_secret_is_never_sealed_the_same_way(make):
    row = make()
    assert vault.seal(Secret("a"), row, "access_token") != vault.seal(Secret("a"), row, "access_token")


def test_the_database_holds_no_plain_text(make):
    sealed(make())
    with database.cursor() as cursor:
        cursor.execute(
            "select string_agg(t::text || encode(t.access_token, 'escape'), '') from connections_connection t"
        )
        assert "5Aep861" not in cursor.fetchone()[0]


def test_a_secret_does_not_open_in_another_row_or_column(make):
    row, other = sealed(make()), make("00D2")
    other.access_token = row.refresh_token = row.access_token
    for place, field in ((other, "access_token"), (row, "refresh_token")):
        with pytest.raises(vault.Tampered):
            vault.open_sealed(place, field)


@pytest.mark.parametrize("place", [0, 1, 2, 8, -1])
def test_a_changed_secret_does_not_open(make, place):
    row = sealed(make())
    changed = bytearray(row.access_token)
    changed[place] ^= 1
    row.access_token = bytes(changed)
    with pytest.raises(vault.VaultError):
        vault.open_sealed(row, "access_token")


@pytest.mark.parametrize("junk", [b"", b"\x01", b"\x01\x04test", b"\x01\x04test1234", b"plain text"])
def test_junk_does_not_open(make, junk):
    with pytest.raises(vault.Tampered):
        vault.open_sealed(make(access_token=junk), "access_token")


def test_a_lost_key_is_named(make, settings):
    settings.ENCRYPTION_KEYS = {"old": KEYS["old"]}
    row = sealed(make())
    settings.ENCRYPTION_KEYS = {"new": KEYS["new"]}
    with pytest.raises(vault.UnknownKey, match="'old'"):
        vault.open_sealed(row, "access_token")


def test_a_row_without_a_key_holds_no_secret(alice):
    with pytest.raises(ValueError, match="saved"):
        vault.seal(Secret("a"), Connection(account=alice.account), "access_token")


def test_all_secret_columns_are_known():
    found = {(model.__name__, field) for model, field in vault.columns()}
    assert found >= {
        ("Connection", "access_token"),
        ("Connection", "refresh_token"),
        ("OAuthApp", "client_secret"),
        ("PendingAuthorization", "verifier"),
    }


def test_a_secret_shows_itself_to_nobody(caplog):
    secret = Secret("5Aep861")
    logging.getLogger("linktime").warning("token %s %r", secret, [secret])
    shown = "".join(traceback.format_exception(ValueError(secret)))
    assert "5Aep861" not in caplog.text + shown + f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert (secret == Secret("5Aep861"), secret == Secret("x"), secret == "5Aep861") == (True, False, False)
