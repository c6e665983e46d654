"""Keys rotate while everything runs: nothing is lost, and what was broken off goes on."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from linktime.cli import encryption
from linktime.connections import rotation, vault
from linktime.connections.models import Connection, OAuthApp
from linktime.connections.secret import Secret
from tests.people import NOW

OLD, NEW, BOTH = {"old": b"o" * 32}, {"new": b"n" * 32}, {"new": b"n" * 32, "old": b"o" * 32}


@pytest.fixture
def make(alice, settings):
    """Makes connections whose access token is sealed under the old key, with the new one ready."""

    def make(text="5Aep861token", number=0):
        settings.ENCRYPTION_KEYS = OLD
        values = {"organisation_key": f"00D{number}", "state": "disconnected", "connected_at": NOW}
        row = Connection.objects.create(account=alice.account, service="salesforce", **values)
        keep(row, text)
        settings.ENCRYPTION_KEYS = BOTH
        return row

    return make


def keep(row, text):
    row.access_token = vault.seal(Secret(text), row, "access_token")
    row.save(update_fields=["access_token"])


def text_of(row, settings):
    """Open a token with nothing but the new key."""
    settings.ENCRYPTION_KEYS = NEW
    row.refresh_from_db()
    return vault.open_sealed(row, "access_token").reveal()


def rotate(at=None) -> tuple[rotation.Rotation, list[tuple[int, int]]]:
    """Rotate, with `at` called after each secret."""
    seen = []

    def progress(done, total):
        seen.append((done, total))
        if at:
            at(done)

    return rotation.rotate(progress), seen


def test_every_secret_comes_under_the_newest_key(make, alice, settings):
    row = make()
    settings.ENCRYPTION_KEYS = OLD
    app = OAuthApp.objects.create(account=alice.account, service="x", client_id="a", client_secret=b"")
    app.client_secret = vault.seal(Secret("consumer"), app, "client_secret")
    app.save()
    TOTP.activate(alice.user, generate_totp_secret())
    codes = RecoveryCodes.activate(alice.user).get_unused_codes()
    settings.ENCRYPTION_KEYS = BOTH
    assert rotation.key_ids() == {"old": 4}
    found, seen = rotate()
    assert (found.changed, found.broken) == (4, {})
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert rotation.key_ids() == {"new": 4}
    assert text_of(row, settings) == "5Aep861token"
    app.refresh_from_db()
    assert vault.open_sealed(app, "client_secret").reveal() == "consumer"
    assert alice.user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes() == codes


def test_what_is_done_is_not_done_again(make):
    make()
    rotate()
    assert rotate() == (rotation.Rotation(), [])


def test_a_rotation_that_was_broken_off_goes_on(make, settings):
    rows = [make(number=number) for number in range(3)]

    def break_off(done):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(break_off)
    found, seen = rotate()
    assert (found.changed, seen) == (1, [(1, 1)])
    assert {text_of(row, settings) for row in rows} == {"5Aep861token"}


def test_what_somebody_refreshes_meanwhile_is_kept(make, settings):
    """One that is still to come, and one at the very moment it is written."""
    row, other = make(number=1), make(number=2)
    found, _ = rotate(lambda done: keep(other, "newer") if done == 1 else None)
    assert found.changed == 1
    assert (text_of(row, settings), text_of(other, settings)) == ("5Aep861token", "newer")


def test_a_secret_that_changes_at_that_very_moment_is_not_overwritten(make, settings, monkeypatch):
    row = make()
    open_sealed = vault.open_sealed

    def open_late(found, field):
        secret = open_sealed(found, field)
        keep(Connection.objects.get(pk=found.pk), "newer")
        return secret

    with monkeypatch.context() as late:
        late.setattr(vault, "open_sealed", open_late)
        assert rotate()[0].changed == 0
    assert text_of(row, settings) == "newer"


def test_what_an_old_process_writes_behind_it_is_done_too(make, settings):
    """It was started with the old list of keys."""
    row = make()

    def write_under_the_old_key(done):
        if done == 1:
            settings.ENCRYPTION_KEYS = OLD
            keep(row, "from an old process")
            settings.ENCRYPTION_KEYS = BOTH

    assert rotate(write_under_the_old_key)[0].changed == 2
    assert text_of(row, settings) == "from an old process"


def test_one_that_does_not_open_is_named_and_holds_up_nobody(make, settings):
    lost, row = make(number=1), make(number=2)
    settings.ENCRYPTION_KEYS = {"lost": b"l" * 32}
    keep(lost, "gone")
    settings.ENCRYPTION_KEYS = BOTH
    found, _ = rotate()
    assert found.changed == 1
    assert list(found.broken) == [f"connections.connection {lost.pk} access_token"]
    assert rotation.key_ids() == {"lost": 1, "new": 1}
    assert text_of(row, settings) == "5Aep861token"


def test_the_command_says_when_older_keys_may_go(make, capsys):
    make()
    assert encryption.rotate() == 0
    assert "1 secrets were encrypted anew.\nOlder keys can be removed" in capsys.readouterr().out


def test_the_command_says_when_they_may_not(make, settings, capsys):
    lost = make()
    settings.ENCRYPTION_KEYS = NEW
    assert encryption.rotate() == 1
    told = capsys.readouterr().err
    assert f"connections.connection {lost.pk} access_token does not open" in told
    assert "1 under old. Keep the older keys." in told
