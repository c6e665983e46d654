"""Bookings that wait for their host: accept them, or decline them with a reason."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.bookings import waiting
from linktime.bookings.models import Booking
from linktime.core import clock
from linktime.core.errors import Conflict, Invalid
from linktime.web import faults
from linktime.web.dashboard.page import member_page, page
from linktime.web.fields import carried


class DeclineForm(forms.Form):
    reason = carried("Reason (optional)", forms.Textarea({"rows": 3}))


@require_POST
@member_page
def accept(request: HttpRequest, actor: Actor, uid: str) -> HttpResponse:
    booking = access.get(Booking.objects.all(), actor, uid=uid)
    try:
        waiting.accept(booking, now=clock.now())
    except Conflict as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, f"Accepted. {booking.invitee_name} gets a mail with the invitation.")
    return redirect("booking_detail", uid)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def decline(request: HttpRequest, actor: Actor, uid: str) -> HttpResponse:
    """Ask for the reason, and decline."""
    booking = access.get(Booking.objects.all(), actor, uid=uid)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            waiting.decline(booking, reason=form.cleaned_data["reason"], now=clock.now())
        except Invalid as error:
            faults.show(form, error)
        except Conflict as error:
            messages.error(request, error.detail)
            return redirect("booking_detail", uid)
        else:
            messages.success(request, f"Declined. {booking.invitee_name} gets a mail.")
            return redirect("bookings")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(request, actor, "dashboard/bookings/decline.html", {"booking": booking, "form": form}, status)
