"""Signing up, a person and the account that comes with them; and moving to another address."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.forms import AddEmailForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from linktime.accounts import actions, handles
from linktime.accounts.models import Account, User
from linktime.core import text
from linktime.core.errors import Invalid


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth has no types
    """`time_zone` is the browser's, filled in by a script; without one, or with an unknown one, it is UTC."""

    name = forms.CharField(
        label="Your name",
        max_length=actions.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    handle = forms.CharField(
        label="Your address here",
        help_text="People book you at this address. Leave it empty to have it made from your name.",
        max_length=handles.LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-browser-time-zone": ""}))

    field_order = ("name", "email", "password1", "handle", "time_zone")

    def clean_name(self) -> str:
        with shown_at_field():
            return text.line(self.cleaned_data["name"], at_most=actions.LONGEST_NAME)

    def clean_handle(self) -> str:
        if not self.cleaned_data["handle"]:
            return ""
        with shown_at_field():
            handle = handles.chosen(self.cleaned_data["handle"])
        if Account.objects.filter(handle=handle).exists():
            raise forms.ValidationError("Somebody else has this address. Choose another one.", code="taken")
        return handle

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        return zone if zone in text.zone_names() else "UTC"

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Save user, account and all that reacts to it, or nothing."""
        try:
            with transaction.atomic():
                user, response = super().try_save(request)
        except (IntegrityError, Invalid) as error:  # the address or the handle was free a moment ago
            messages.error(request, "Somebody was faster with this address. Please try again.")
            raise ImmediateHttpResponse(redirect("account_signup")) from error
        return user, response

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002 - allauth's signature
        """Make the account; allauth calls this when it has saved the user."""
        user.name, user.time_zone = self.cleaned_data["name"], self.cleaned_data["time_zone"]
        user.save(update_fields=["name", "time_zone"])
        actions.create_account(owner=user, name=user.name, handle=self.cleaned_data["handle"])


class ChangeEmailForm(AddEmailForm):  # type: ignore[misc]  # allauth has no types
    """The address a person signs in with stays until the new one is confirmed.

    allauth's own form first drops whatever is unconfirmed, the address in use included: the user would have none.
    """

    def save(self, request: HttpRequest) -> EmailAddress:
        user, email = self.user, self.cleaned_data["email"]
        with transaction.atomic():
            EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email).delete()
            address = EmailAddress.objects.create(user=user, email=email)
            address.send_confirmation(request)
        return address


@contextmanager
def shown_at_field() -> Iterator[None]:
    """Turn our Invalid into a form's error at the field under test."""
    try:
        yield
    except Invalid as error:
        raise forms.ValidationError([fault.message for fault in error.faults]) from error
