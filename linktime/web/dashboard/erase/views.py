"""Forget an invitee. First what is known of an address, then, confirmed, nothing any more."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.bookings import erasure
from linktime.core import clock
from linktime.core.errors import Invalid
from linktime.crm.erasure import contacts_of
from linktime.web import faults
from linktime.web.dashboard.page import member_page, page
from linktime.web.fields import carried


class EraseForm(forms.Form):
    email = carried("Email address", forms.EmailInput(), required=True, autocomplete="off")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    access.require_owner(actor)
    form = EraseForm(request.POST or None)
    if not form.is_valid():
        return _ask(request, actor, form)
    try:
        return _answer(request, actor, form.cleaned_data["email"])
    except Invalid as error:
        faults.show(form, error)
        return _ask(request, actor, form)


def _answer(request: HttpRequest, actor: Actor, email: str) -> HttpResponse:
    if request.POST.get("erase"):
        known = erasure.erase_invitee(actor.account, email, clock.now())
        messages.success(request, f"Erased from {_bookings(len(known.bookings) + known.guest_of)}.")
        return redirect("erase_invitee")
    known = erasure.look(actor.account, email, clock.now())
    context = {"known": known, "contacts": contacts_of(known.bookings), "words": _bookings(len(known.bookings))}
    return page(request, actor, "dashboard/erase/confirm.html", context)


def _ask(request: HttpRequest, actor: Actor, form: EraseForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(request, actor, "dashboard/erase/ask.html", {"form": form}, status)


def _bookings(count: int) -> str:
    return "1 booking" if count == 1 else f"{count} bookings"
