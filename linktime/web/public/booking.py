"""The page where an invitee picks a time and books it."""

from collections.abc import Sequence
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from linktime.accounts.brand import brand_of
from linktime.bookings import actions
from linktime.bookings.actions import SlotTaken
from linktime.bookings.models import Booking
from linktime.core import clock
from linktime.core.errors import Invalid
from linktime.scheduling.models import EventType
from linktime.scheduling.slots import Slot
from linktime.web import rate
from linktime.web.models import book_once
from linktime.web.public import embed, find, picker, prefill
from linktime.web.public.forms import InviteeForm
from linktime.web.public.picker import Wish
from linktime.web.reading import Reading
from linktime.web.visitor import reading_of, remember


@require_safe
def host(request: HttpRequest, handle: str) -> HttpResponse:
    """List what can be booked with a host."""
    account = find.account(handle)
    listed = EventType.objects.filter(account=account, active=True, visibility=EventType.Visibility.PUBLIC)
    event_types = listed.select_related("host").order_by("id")
    return render(
        request, "public/host.html", {"account": account, "event_types": event_types, "brand": brand_of(account)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    """Show a month and its times, or the form for a time that was picked; a POST books it."""
    event_type = find.event_type(handle, slug)
    reading = reading_of(request, event_type.schedule.time_zone)
    now = clock.now()
    query = request.POST if request.method == "POST" else request.GET
    wish = picker.wish_of(query, event_type.durations, reading, now)
    if request.method == "POST" and wish.start:
        return confirm(request, event_type, reading, wish)
    slot = picker.on_offer(event_type, wish, now)
    if slot:
        page = form_page(request, InviteeForm(event_type, initial=prefill.given(request)), reading, wish)
    else:
        context = {"event_type": event_type, "brand": brand_of(event_type.account), "reading": reading, "wish": wish}
        page = render(request, "public/pick.html", context | {"picker": picker.pick(event_type, wish, reading, now)})
    return remember(request, page)


def confirm(request: HttpRequest, event_type: EventType, reading: Reading, wish: Wish) -> HttpResponse:
    """Book what the form says, or show it again with what is wrong and everything that was typed."""
    form = InviteeForm(event_type, request.POST)
    if not rate.refused(request, form) and form.is_valid():
        try:
            return redirect(embed.booked_address(request, _book(form, reading, wish)))
        except SlotTaken as error:
            return form_page(request, form, reading, wish, error.alternatives)
        except Invalid as error:
            form.show(error)
    return form_page(request, form, reading, wish)


def _book(form: InviteeForm, reading: Reading, wish: Wish) -> Booking:
    event_type, start = form.event_type, wish.must_start
    token = form.cleaned_data["token"]
    return book_once(
        (str(event_type.pk), token, start.isoformat(), str(wish.duration), form.cleaned_data["email"]),
        lambda: actions.book(
            event_type,
            start=start,
            duration=wish.duration,
            invitee=form.details(time_zone=reading.zone.key, locale=reading.locale),
            guests=form.guests(),
            answers=form.answers(),
            now=clock.now(),
        ),
    )


def form_page(
    request: HttpRequest,
    form: InviteeForm,
    reading: Reading,
    wish: Wish,
    alternatives: Sequence[Slot] | None = None,
) -> HttpResponse:
    """Show the form for the picked time; `alternatives` are given when somebody else was faster."""
    taken = alternatives is not None
    context = {
        "event_type": form.event_type,
        "brand": brand_of(form.event_type.account),
        "form": form,
        "reading": reading,
        "wish": wish,
        "taken": taken,
        "alternatives": alternatives,
    }
    status = HTTPStatus.CONFLICT if taken else rate.status_of(form)
    return render(request, "public/form.html", context, status=status)
