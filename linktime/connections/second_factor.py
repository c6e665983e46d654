"""The secrets of second factors, which allauth would keep in plain text: sealed like every other secret."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from linktime.connections import vault

PLACE = "second factor"
SECRETS = ("secret", "seed")


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    def encrypt(self, text: str) -> str:
        return vault.seal_text(text, PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.open_text(encrypted_text, PLACE)


def sealed_texts(factor: Authenticator) -> dict[str, str]:
    """Return the sealed texts of a factor by their names in its data."""
    return {name: factor.data[name] for name in SECRETS if name in factor.data}


def factors() -> QuerySet[Any]:
    """Return the factors that have a secret; a key of WebAuthn has none here."""
    found: QuerySet[Any] = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    return found


def reseal(pk: int) -> int:
    """Bring one factor under the newest key, unless somebody changes it at this moment; return how many it was."""
    factor = factors().filter(pk=pk).first()
    if factor is None:
        return 0
    anew = {name: vault.seal_text(vault.open_text(text, PLACE), PLACE) for name, text in sealed_texts(factor).items()}
    return factors().filter(pk=pk, data=factor.data).update(data=factor.data | anew)
