"""The invitee's own page of a booking: see it, move it, cancel it. Whoever has the address may.

Hosts come here from their dashboard: they read in their own zone, and an event type's deadlines are not for them, only
the meeting's end is.
"""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from linktime.accounts.brand import brand_of
from linktime.accounts.models import User
from linktime.bookings import actions
from linktime.bookings.actions import AlreadyCancelled, SlotTaken
from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking, Hold
from linktime.core import clock
from linktime.core.errors import Invalid, NotFound
from linktime.notifications.ics import Method, calendar_file
from linktime.notifications.messages import organizer
from linktime.scheduling.slots import Slot
from linktime.web import faults, rate, zones
from linktime.web.public import add_to_calendar, find, keeping, picker
from linktime.web.public.forms import ReasonForm
from linktime.web.public.picker import Wish
from linktime.web.reading import Reading
from linktime.web.visitor import reading_of, remember

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def show(request: HttpRequest, uid: str) -> HttpResponse:
    booking = find.booking(uid)
    meeting = meeting_of(booking)
    member = _member(request, booking)
    reading = _reading(request, booking, member)
    theirs = Reading(zones.zone(meeting.host.time_zone), reading.locale, reading.hours)
    now = clock.now()
    context = {
        "booking": booking,
        "brand": brand_of(booking.account),
        "meeting": meeting,
        "last": meeting.history[-1],
        "reading": reading,
        "host_reading": theirs if theirs.clock(meeting.start) != reading.clock(meeting.start) else None,
        "over": meeting.end <= now,
        "movable": member is not None or now <= booking.movable_until,
        "cancellable": member is not None or now <= booking.cancellable_until,
        "limited": not member and min(booking.movable_until, booking.cancellable_until) < meeting.end,
        "calendars": add_to_calendar.links(meeting),
        "is_host": member is not None,
    }
    return render(request, "public/booking.html", context)


@require_safe
def calendar(request: HttpRequest, uid: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    booking = find.booking(uid)
    if booking.confirmed_at is None:
        raise NotFound("There is no calendar entry: this meeting is not confirmed.")
    meeting = meeting_of(booking)
    method = Method.CANCEL if meeting.cancelled else Method.PUBLISH
    content = calendar_file(meeting, method, organizer=organizer(), zone=meeting.invitee.time_zone)
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@require_http_methods(METHODS)
def cancel(request: HttpRequest, uid: str) -> HttpResponse:
    booking = find.booking(uid)
    member = _member(request, booking)
    if _closed(booking, booking.end if member else booking.cancellable_until):
        return redirect("booking", uid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    asked = request.method == "POST" and not rate.refused(request, form) and form.is_valid()
    if asked and _cancelled(booking, form, by_host=member is not None):
        return redirect("booking", uid)
    reading = _reading(request, booking, member)
    context = {"booking": booking, "brand": brand_of(booking.account), "form": form, "reading": reading}
    return render(request, "public/cancel.html", context, status=rate.status_of(form))


@require_http_methods(METHODS)
def reschedule(request: HttpRequest, uid: str) -> HttpResponse:
    """Pick a new time as the old one was picked, then confirm the move."""
    booking = find.booking(uid)
    member = _member(request, booking)
    reading = _reading(request, booking, member)
    now = clock.now()
    query = request.POST if request.method == "POST" else request.GET
    wish = picker.wish_of(query, [booking.minutes], reading, now)
    until = booking.end if member else booking.movable_until
    if _closed(booking, until) or (request.method == "POST" and wish.start == booking.start):
        return redirect("booking", uid)
    if request.method == "POST" and wish.start:
        return _move(request, booking, reading, wish, by_host=member is not None)
    visitor = keeping.visitor_of(request)
    if picker.on_offer(booking.event_type, wish, now, moving=booking, visitor=visitor):
        hold = keeping.keep(request, booking.event_type, wish, now, moving=booking)
        page = _move_page(request, booking, ReasonForm(), reading, wish, hold=hold)
        return remember(request, keeping.remember(request, page, hold))
    shown = picker.pick(booking.event_type, wish, reading, now, moving=booking, visitor=visitor)
    context = _moving(booking, reading, wish) | {"picker": shown}
    return remember(request, render(request, "public/pick.html", context))


def _move(request: HttpRequest, booking: Booking, reading: Reading, wish: Wish, *, by_host: bool) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not rate.refused(request, form) and form.is_valid():
        try:
            actions.reschedule(
                booking,
                start=wish.must_start,
                reason=form.cleaned_data["reason"],
                now=clock.now(),
                by_host=by_host,
                visitor=keeping.visitor_of(request),
            )
        except SlotTaken as error:
            return _move_page(request, booking, form, reading, wish, alternatives=error.alternatives)
        except Invalid as error:
            faults.show(form, error)
        else:
            return redirect("booking", booking.uid)
    return _move_page(request, booking, form, reading, wish, hold=keeping.kept(request, wish, clock.now()))


def _move_page(
    request: HttpRequest,
    booking: Booking,
    form: ReasonForm,
    reading: Reading,
    wish: Wish,
    *,
    hold: Hold | None = None,
    alternatives: Sequence[Slot] | None = None,
) -> HttpResponse:
    taken = alternatives is not None
    shown = {"form": form, "hold": hold, "taken": taken, "alternatives": alternatives}
    context = _moving(booking, reading, wish) | shown
    status = HTTPStatus.CONFLICT if taken else rate.status_of(form)
    return render(request, "public/move.html", context, status=status)


def _moving(booking: Booking, reading: Reading, wish: Wish) -> dict[str, object]:
    return {
        "moving": True,
        "booking": booking,
        "brand": brand_of(booking.account),
        "event_type": booking.event_type,
        "reading": reading,
        "wish": wish,
    }


def _closed(booking: Booking, until: datetime) -> bool:
    now = clock.now()
    return booking.cancelled or booking.declined or booking.end <= now or until < now


def _cancelled(booking: Booking, form: ReasonForm, *, by_host: bool) -> bool:
    """Cancel; pressed twice, the second time finds what it wanted."""
    try:
        actions.cancel(booking, reason=form.cleaned_data["reason"], now=clock.now(), by_host=by_host)
    except AlreadyCancelled:
        return True
    except Invalid as error:
        faults.show(form, error)
        return False
    return True


def _member(request: HttpRequest, booking: Booking) -> User | None:
    """Return who is signed in, as a member of the booking's account."""
    user = request.user
    return user if user.is_authenticated and user.memberships.filter(account=booking.account_id).exists() else None


def _reading(request: HttpRequest, booking: Booking, member: User | None) -> Reading:
    return reading_of(request, member.time_zone if member else booking.invitee_time_zone)
