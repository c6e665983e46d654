"""Settings: oneself, the account, its members and its API keys."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from linktime.accounts import access, actions
from linktime.accounts.access import Actor
from linktime.accounts.models import ApiKey, Membership, Plan
from linktime.core import clock
from linktime.core.errors import Conflict, Invalid
from linktime.web import faults, rate, zones
from linktime.web.dashboard.page import SESSION_KEY, member_page, page
from linktime.web.dashboard.settings import mail
from linktime.web.fields import carried


class ProfileForm(forms.Form):
    name = carried("Your name", required=True, autocomplete="name")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = [(zone.name, f"{zone.label} ({zone.offset})") for zone in zones.choices(clock.now())]
        own = self.initial["time_zone"]
        offered = found if own in dict(found) else [(own, own), *found]
        self.fields["time_zone"] = forms.ChoiceField(label="Time zone", choices=offered)


class AccountForm(forms.Form):
    account_name = carried("Name", required=True)
    handle = carried("Address", required=True, autocapitalize="none", spellcheck="false")


class MemberForm(forms.Form):
    email = carried("Email", forms.EmailInput(), required=True)
    role = forms.ChoiceField(label="Role", choices=Membership.Role.choices, initial=Membership.Role.MEMBER)


class KeyForm(forms.Form):
    key_name = carried("Name", required=True, placeholder="What it is for")
    scope = forms.ChoiceField(label="May", choices=ApiKey.Scope.choices)


@require_safe
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _page(request, actor)


@require_POST
@member_page
def profile(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = ProfileForm(request.POST, initial={"time_zone": actor.user.time_zone})
    return _done(request, actor, "profile", form, act=lambda typed: actions.update_profile(actor.user, **typed))


@require_POST
@member_page
def account(request: HttpRequest, actor: Actor) -> HttpResponse:
    def rename(typed: dict[str, Any]) -> None:
        actions.rename(actor, name=typed["account_name"], handle=typed["handle"])
        request.session[SESSION_KEY] = actor.account.handle

    return _done(request, actor, "account", AccountForm(request.POST), act=rename, names={"name": "account_name"})


@require_POST
@member_page
def add_member(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _done(
        request, actor, "member", MemberForm(request.POST), act=lambda typed: actions.add_member(actor, **typed)
    )


@require_POST
@member_page
def change_member(request: HttpRequest, actor: Actor, membership_id: int) -> HttpResponse:
    """Change a member's role, or take them out."""
    try:
        if request.POST.get("remove"):
            actions.remove_member(actor, membership_id)
        else:
            actions.change_role(actor, membership_id, role=request.POST.get("role", ""))
    except (Conflict, Invalid) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Saved.")
    return redirect("settings")


@require_POST
@member_page
def issue_key(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a key and show it, this once."""
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            key, text = actions.issue_key(actor, name=form.cleaned_data["key_name"], scope=form.cleaned_data["scope"])
        except Invalid as error:
            faults.show(form, error, {"name": "key_name"})
        else:
            return page(request, actor, "dashboard/settings/new_key.html", {"key": key, "text": text})
    return _page(request, actor, {"key": form})


@require_POST
@member_page
def revoke_key(request: HttpRequest, actor: Actor, key_id: int) -> HttpResponse:
    actions.revoke_key(actor, key_id)
    messages.success(request, "The key no longer works.")
    return redirect("settings")


def _done(
    request: HttpRequest,
    actor: Actor,
    name: str,
    form: forms.Form,
    *,
    act: Callable[[dict[str, Any]], Any],
    names: dict[str, str] | None = None,
) -> HttpResponse:
    """Do what a form asks, or show the page with what is wrong at its fields."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Invalid as error:
            faults.show(form, error, names)
        except Conflict as error:
            form.add_error(None, error.detail)
    if form.errors:
        return _page(request, actor, {name: form})
    messages.success(request, "Saved.")
    return redirect("settings")


def _page(request: HttpRequest, actor: Actor, filled: dict[str, forms.Form] | None = None) -> HttpResponse:
    filled = filled or {}
    user, own = actor.user, actor.account
    keys = access.visible(ApiKey.objects.select_related("user"), actor).order_by("-id")
    context = {
        "profile_form": ProfileForm(initial={"name": user.name, "time_zone": user.time_zone}),
        "account_form": AccountForm(initial={"account_name": own.name, "handle": own.handle}),
        "member_form": MemberForm(),
        "key_form": KeyForm(),
        "memberships": own.memberships.select_related("user").order_by("id"),
        "roles": Membership.Role.choices,
        "keys": keys,
        "plan": Plan(own.plan),
        "digest_wanted": mail.digest_wanted(actor),
    } | {f"{name}_form": form for name, form in filled.items()}
    status = max((rate.status_of(form) for form in filled.values()), default=200)
    return page(request, actor, "dashboard/settings/settings.html", context, status)
