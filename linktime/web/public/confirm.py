"""The page that the mail to an invitee leads to: it confirms the email address.

Opening it changes nothing: programs that look through mail open every link.
"""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linktime.accounts.brand import brand_of
from linktime.bookings import waiting
from linktime.bookings.models import Booking
from linktime.core import clock
from linktime.core.errors import Conflict
from linktime.web.public import find
from linktime.web.visitor import reading_of


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, uid: str) -> HttpResponse:
    booking = find.booking(uid)
    if booking.waits_for != Booking.WaitsFor.INVITEE:
        return redirect("booking", uid)
    if request.method == "POST":
        return _confirmed(booking, request.POST.get("token", ""))
    context = {
        "booking": booking,
        "brand": brand_of(booking.account),
        "reading": reading_of(request, booking.invitee_time_zone),
        "token": request.GET.get("token", ""),
    }
    return render(request, "public/confirm.html", context)


def _confirmed(booking: Booking, token: str) -> HttpResponse:
    """Confirm; who comes too late, or twice, sees on the booking's page how it stands."""
    with suppress(Conflict):
        waiting.verify(booking, token=token, now=clock.now())
    return redirect("booking", booking.uid)
