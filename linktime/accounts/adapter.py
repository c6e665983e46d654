"""allauth's questions, answered for LinkTime."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse

from linktime.accounts import letters
from linktime.core import clock


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return bool(settings.ALLOW_SIGNUP)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a letter, which a worker posts."""
        site = {"name": "LinkTime", "domain": settings.BASE_URL}  # what allauth's own templates expect
        values = {"email": email, "base_url": settings.BASE_URL, "current_site": site, **context}
        letters.write(self.render_mail(template_prefix, email, values), now=clock.now())

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address: of those that trusted proxies have noted, the one before them all.

        Each proxy adds whom it heard from to X-Forwarded-For; what stands before those is the visitor's own claim.
        """
        noted = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        heard = [*noted, str(request.META["REMOTE_ADDR"])]
        address = heard[-1 - min(settings.TRUSTED_PROXIES, len(noted))]
        if address.endswith("]"):  # an IPv6 address as some proxies write it
            address = address.strip("[]")
        return clean_client_ip(address) or heard[-1]

    # Links in mails begin with BASE_URL, not with whatever host the request came in by.

    def get_reset_password_from_key_url(self, key: str) -> str:
        # allauth's own way to reverse it: the pattern wants the user's id and the token apart, a key is both
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # noqa: ARG002 - theirs
        return settings.BASE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def send_account_already_exists_mail(self, email: str) -> None:
        reset = settings.BASE_URL + reverse("account_reset_password")
        self.send_mail("account/email/account_already_exists", email, {"password_reset_url": reset})

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address, unless another user, who never confirmed it, signs in with it."""
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            taken = (
                "Another user signs in with this address. If it is yours, reset that user's password and go on there."
            )
            messages.error(request, taken)
            return False
