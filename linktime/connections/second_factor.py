"""The secrets of second factors, which allauth would keep in plain text: sealed like every other secret."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from linktime.connections import vault

PLACE = "second factor"
SECRETS = ("secret", "seed")


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    def encrypt(self, text: str) -> str:
        return vault.seal_text(text, PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.open_text(encrypted_text, PLACE)


def reencrypt_all() -> int:
    """Bring every second factor under the newest key and return how many there were."""
    count = 0
    for factor in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN):
        sealed = {name: factor.data[name] for name in SECRETS if name in factor.data}
        anew = {name: vault.seal_text(vault.open_text(text, PLACE), PLACE) for name, text in sealed.items()}
        unchanged = Authenticator.objects.filter(pk=factor.pk, data=factor.data)
        count += unchanged.update(data=factor.data | anew)
    return count
