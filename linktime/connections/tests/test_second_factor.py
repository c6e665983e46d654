"""Second factors are sealed like every other secret."""

import base64

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from linktime.connections import second_factor, vault


@pytest.fixture
def secret(alice):
    text = generate_totp_secret()
    TOTP.activate(alice.user, text)
    return text


def stored(kind):
    return Authenticator.objects.get(type=kind).data


def test_a_totp_secret_is_not_readable_in_the_database(secret):
    sealed = stored("totp")["secret"]
    assert secret not in sealed
    assert secret.encode() not in base64.b64decode(sealed)
    assert vault.open_text(sealed, second_factor.PLACE) == secret


def test_what_was_changed_does_not_open(secret):
    with pytest.raises(vault.Tampered):
        vault.open_text(stored("totp")["secret"][:-8] + "AAAAAAA=", second_factor.PLACE)
    with pytest.raises(vault.Tampered):
        vault.open_text("no base64", second_factor.PLACE)
    with pytest.raises(vault.Tampered):
        vault.open_text(stored("totp")["secret"], "somewhere else")
