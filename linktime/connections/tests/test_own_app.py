"""An account's own consumer key and secret."""

import pytest

from linktime.accounts.models import Plan
from linktime.connections import own_app, tokens, vault
from linktime.connections.models import Connection, OAuthApp
from linktime.core.errors import Forbidden, Invalid
from linktime.crm.providers.salesforce.manifest import OAUTH
from tests.people import NOW

pytestmark = pytest.mark.usefixtures("told")


def give(person, client_id="3MVG9own", client_secret="ownsecret"):
    own_app.set_own_app(person.actor, "salesforce", client_id=client_id, client_secret=client_secret)


def test_the_accounts_own_app_comes_before_the_operators(alice, charlie, emulator):
    give(alice, " 3MVG9own\n")
    hers = own_app.credentials(alice.account, "salesforce")
    assert (hers.client_id, hers.client_secret.reveal(), hers.own) == ("3MVG9own", "ownsecret", True)
    assert own_app.own_client_id(alice.actor, "salesforce") == "3MVG9own"
    his = own_app.credentials(charlie.account, "salesforce")
    assert (his.client_id, his.own) == ("emulator", False)
    assert own_app.own_client_id(charlie.actor, "salesforce") == ""


def test_the_secret_is_stored_encrypted_and_never_shown(alice, emulator):
    give(alice)
    app = OAuthApp.objects.get()
    assert b"ownsecret" not in bytes(app.client_secret)
    assert "ownsecret" not in repr(own_app.credentials(alice.account, "salesforce"))


def test_a_new_secret_replaces_the_old_one(alice, emulator):
    give(alice)
    give(alice, client_secret="newer")
    assert own_app.credentials(alice.account, "salesforce").client_secret.reveal() == "newer"
    assert OAuthApp.objects.count() == 1


@pytest.mark.parametrize(
    ("client_id", "client_secret", "field"),
    [("", "s", "client_id"), ("a", "  ", "client_secret"), ("a b", "s", "client_id"), ("a", "s\0", "client_secret"),
     ("a" * 256, "s", "client_id"), ("ä", "s", "client_id"), ("a", "s\r\nx", "client_secret")],
)  # fmt: skip
def test_what_is_no_key_or_secret_is_refused(alice, client_id, client_secret, field):
    with pytest.raises(Invalid) as refused:
        give(alice, client_id, client_secret)
    assert [fault.field for fault in refused.value.faults] == [field]
    assert not OAuthApp.objects.exists()


def test_only_owners_of_a_paid_account_change_it(alice, bob):
    with pytest.raises(Forbidden):
        give(bob)
    with pytest.raises(Forbidden):
        own_app.remove_own_app(bob.actor, "salesforce")
    alice.account.plan = Plan.FREE
    with pytest.raises(Forbidden):
        give(alice)


def test_a_grant_belongs_to_the_app_it_was_given_to(alice, salesforce, told):
    """Another app can't renew it: the connection must be made again, and that is told once."""
    give(alice, "first")
    connection = salesforce.grant(alice)
    give(alice, "second")
    connection.refresh_from_db()
    assert (connection.state, connection.error_code) == ("needs_reconnect", "app_changed")
    own_app.remove_own_app(alice.actor, "salesforce")
    assert [name for name, _ in told] == ["ConnectionResumed", "ConnectionNeedsReconnect"]


def test_the_operators_app_goes_on_serving_the_grants_it_was_given(alice, salesforce, told):
    connection = salesforce.grant(alice)
    give(alice)
    connection.refresh_from_db()
    assert connection.state == "connected"
    assert own_app.credentials_of(connection).own is False


def test_the_same_app_with_a_new_secret_keeps_the_connection(alice, salesforce, told):
    connection = salesforce.grant(alice)
    give(alice, "emulator", "consumer-secret")
    connection.refresh_from_db()
    assert connection.state == "connected"


@pytest.mark.django_db(transaction=True)
def test_an_operator_who_takes_the_app_away_drops_nobody(alice, salesforce, settings):
    connection = salesforce.grant(alice)
    settings.SERVICES = {"salesforce": {**settings.SERVICES["salesforce"], "client_id": "another"}}
    with pytest.raises(tokens.AppMisconfigured):
        tokens.refreshed(connection.pk, OAUTH, stale=None, now=NOW)
    connection.refresh_from_db()
    assert (connection.state, connection.error_code) == ("connected", "app_changed")
    assert vault.open_sealed(connection, "refresh_token")
    assert Connection.objects.get().refreshing_until is None
