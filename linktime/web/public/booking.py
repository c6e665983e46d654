"""The page where an invitee picks a time and books it."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linktime.accounts.brand import brand_of
from linktime.bookings import actions
from linktime.bookings.actions import SlotTaken
from linktime.bookings.models import Booking, Hold
from linktime.core import clock
from linktime.core.errors import Invalid
from linktime.scheduling import links
from linktime.scheduling.links import LinkNeeded, LinkUsed
from linktime.scheduling.models import EventType
from linktime.scheduling.slots import Slot
from linktime.web import rate
from linktime.web.models import book_once
from linktime.web.public import embed, find, keeping, picker, prefill
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
    """Show a month and its times, or the form for a time that was picked, which is kept then; a POST books it."""
    event_type = find.event_type(handle, slug)
    try:
        return _pick(request, event_type)
    except (LinkUsed, LinkNeeded) as error:
        return _no_link(request, event_type, error)


def _pick(request: HttpRequest, event_type: EventType) -> HttpResponse:
    reading = reading_of(request, event_type.schedule.time_zone)
    now = clock.now()
    query = request.POST if request.method == "POST" else request.GET
    wish = picker.wish_of(query, event_type.durations, reading, now)
    if request.method == "POST" and wish.start:
        return confirm(request, event_type, reading, wish)
    links.check(event_type, request.GET.get(embed.LINK, ""))
    visitor = keeping.visitor_of(request)
    if picker.on_offer(event_type, wish, now, visitor=visitor):
        hold = keeping.keep(request, event_type, wish, now)
        form = InviteeForm(event_type, time_zone=reading.zone.key, initial=prefill.initial(request, event_type))
        page = keeping.remember(request, form_page(request, form, reading, wish, hold=hold), hold)
    else:
        context = {"event_type": event_type, "brand": brand_of(event_type.account), "reading": reading, "wish": wish}
        shown = picker.pick(event_type, wish, reading, now, visitor=visitor)
        page = render(request, "public/pick.html", context | {"picker": shown})
    return remember(request, page)


def confirm(request: HttpRequest, event_type: EventType, reading: Reading, wish: Wish) -> HttpResponse:
    """Book what the form says, or show it again with what is wrong and everything that was typed."""
    form = InviteeForm(event_type, request.POST, time_zone=reading.zone.key)
    if not rate.refused(request, form) and form.is_valid():
        try:
            return redirect(_next_page(request, _book(request, form, reading, wish)))
        except SlotTaken as error:
            return form_page(request, form, reading, wish, alternatives=error.alternatives)
        except Invalid as error:
            form.show(error)
    return form_page(request, form, reading, wish, hold=keeping.kept(request, wish, clock.now()))


def _next_page(request: HttpRequest, booking: Booking) -> str:
    """Return where it goes on: where the host wants, but not within a frame, nor before the address is confirmed."""
    elsewhere = booking.event_type.redirect_url
    if elsewhere and not embed.is_embedded(request) and booking.waits_for != Booking.WaitsFor.INVITEE:
        return elsewhere
    return embed.booked_address(request, booking)


def _book(request: HttpRequest, form: InviteeForm, reading: Reading, wish: Wish) -> Booking:
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
            visitor=keeping.visitor_of(request),
            link=request.GET.get(embed.LINK, ""),
        ),
    )


def form_page(
    request: HttpRequest,
    form: InviteeForm,
    reading: Reading,
    wish: Wish,
    *,
    hold: Hold | None = None,
    alternatives: Sequence[Slot] | None = None,
) -> HttpResponse:
    """Show the form for the picked time, with its `hold`; `alternatives` are given when somebody else was faster."""
    taken = alternatives is not None
    context = {
        "event_type": form.event_type,
        "brand": brand_of(form.event_type.account),
        "form": form,
        "reading": reading,
        "wish": wish,
        "hold": hold,
        "visitor": hold.visitor if hold and embed.is_embedded(request) else "",
        "taken": taken,
        "alternatives": alternatives,
    }
    status = HTTPStatus.CONFLICT if taken else rate.status_of(form)
    return _leading_on(form.event_type, render(request, "public/form.html", context, status=status))


def _leading_on[R: HttpResponse](event_type: EventType, response: R) -> R:
    """Let the form lead where the host wants: a browser asks the page's policy about redirects too."""
    if event_type.redirect_url:
        site = urlsplit(event_type.redirect_url)
        allowed = [CSP.SELF, f"{site.scheme}://{site.netloc}"]
        vars(response)["_csp_config"] = settings.SECURE_CSP | {"form-action": allowed}
    return response


def _no_link(request: HttpRequest, event_type: EventType, error: LinkUsed | LinkNeeded) -> HttpResponse:
    context = {
        "event_type": event_type,
        "brand": brand_of(event_type.account),
        "title": _("This link has been used") if isinstance(error, LinkUsed) else _("A link of your host's is needed"),
        "detail": error.detail,
    }
    return render(request, "public/no_link.html", context, status=HTTPStatus.GONE)
