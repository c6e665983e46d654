from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import pydantic
from ninja import Body, Query, Router
from ninja import Status as Answer
from pydantic import Field

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.api import event_types
from linktime.api.booking_shapes import BookingOut, Move, NewBooking, Remark, Status, shown, status_filter, with_parts
from linktime.api.fields import DescribedBy, Instant, Reference, Text
from linktime.api.keys import ApiRequest
from linktime.api.paging import Cursor, Limit, Page, page_of
from linktime.api.problems import faults_of
from linktime.bookings import actions, invitees, waiting
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.models import Booking
from linktime.core import clock
from linktime.core.errors import Fault, Invalid

router = Router(tags=["Bookings"])


class Filters(pydantic.BaseModel):
    """All of them together; `from` and `to` are about the meeting's start."""

    status: Status | None = None
    since: Instant | None = Field(None, alias="from", description="Begins then or later")
    until: Instant | None = Field(None, alias="to", description="Begins earlier")
    email: Text | None = Field(None, description="The invitee's, in any case")
    event_type: Reference | None = Field(None, description="Id or slug")


@router.get("/bookings", response=Page[BookingOut], summary="List bookings")
def list_bookings(
    request: ApiRequest, filters: Annotated[Filters, Query()], limit: Limit, cursor: Cursor
) -> Page[BookingOut]:
    """List bookings, those that begin last first."""
    now = clock.now()
    bookings = with_parts(access.visible(Booking.objects.all(), request.auth))
    if filters.status:
        bookings = bookings.filter(status_filter(filters.status, now))
    if filters.since:
        bookings = bookings.filter(start__gte=filters.since)
    if filters.until:
        bookings = bookings.filter(start__lt=filters.until)
    if filters.email:
        bookings = bookings.filter(invitee_email__iexact=filters.email.strip())
    if filters.event_type is not None:
        bookings = bookings.filter(event_type=event_types.find(request.auth, filters.event_type))
    return page_of(bookings, order=["-start", "id"], limit=limit, cursor=cursor, show=partial(shown, now=now))


@router.get("/bookings/{uid}", response=BookingOut, summary="Get a booking")
def get_booking(request: ApiRequest, uid: Text) -> BookingOut:
    return shown(_get(request.auth, uid), clock.now())


@router.post("/bookings", response={201: BookingOut}, summary="Book")
def create_booking(
    request: ApiRequest, values: Annotated[dict[str, Any], DescribedBy(NewBooking), Body(...)]
) -> Answer[BookingOut]:
    """Book a slot. 409 `slot_taken` brings the next three `alternatives`.

    The booking is `pending` where the event type wants the invitee to confirm the email address, or the host to accept.
    """
    now = clock.now()
    wanted = _wanted(request.auth, values)
    booking = actions.book(
        event_types.find(request.auth, wanted.event_type),
        start=wanted.start,
        duration=wanted.duration,
        invitee=InviteeDetails(**wanted.invitee.model_dump()),
        guests=wanted.guests,
        answers=wanted.answers,
        now=now,
        link=wanted.link,
    )
    return Answer(201, shown(booking, now))


@router.post("/bookings/{uid}/reschedule", response=BookingOut, summary="Reschedule a booking")
def reschedule_booking(request: ApiRequest, uid: Text, values: Move) -> BookingOut:
    """Move a booking; its uid and its length stay, and its host if free.

    409 `slot_taken` brings the next three `alternatives`. Deadlines are for invitees, not for the API.
    """
    now = clock.now()
    actions.reschedule(_get(request.auth, uid), start=values.start, reason=values.reason, now=now, by_host=True)
    return shown(_get(request.auth, uid), now)


@router.post("/bookings/{uid}/cancel", response=BookingOut, summary="Cancel a booking")
def cancel_booking(
    request: ApiRequest, uid: Text, values: Annotated[Remark, Body(default_factory=Remark)]
) -> BookingOut:
    """Cancel a booking. 409 `already_cancelled`, or `already_over` when the meeting has ended."""
    now = clock.now()
    actions.cancel(_get(request.auth, uid), reason=values.reason, now=now, by_host=True)
    return shown(_get(request.auth, uid), now)


@router.post("/bookings/{uid}/no-show", response=BookingOut, summary="Mark a no-show")
def mark_no_show(request: ApiRequest, uid: Text, values: Annotated[Remark, Body(default_factory=Remark)]) -> BookingOut:
    """Note that the invitee did not come. 409 `not_begun`, `already_cancelled` or `already_no_show`."""
    now = clock.now()
    actions.mark_no_show(_get(request.auth, uid), reason=values.reason, now=now)
    return shown(_get(request.auth, uid), now)


@router.post("/bookings/{uid}/accept", response=BookingOut, summary="Accept a booking")
def accept_booking(request: ApiRequest, uid: Text) -> BookingOut:
    """Accept a pending booking. 409 `not_verified`, `already_confirmed`, `already_cancelled` or `already_declined`."""
    now = clock.now()
    waiting.accept(_get(request.auth, uid), now=now)
    return shown(_get(request.auth, uid), now)


@router.post("/bookings/{uid}/decline", response=BookingOut, summary="Decline a booking")
def decline_booking(
    request: ApiRequest, uid: Text, values: Annotated[Remark, Body(default_factory=Remark)]
) -> BookingOut:
    """Decline a pending booking; its time is free again.

    409 `already_confirmed`, `already_cancelled` or `already_declined`.
    """
    now = clock.now()
    waiting.decline(_get(request.auth, uid), reason=values.reason, now=now)
    return shown(_get(request.auth, uid), now)


def _get(actor: Actor, uid: str) -> Booking:
    return access.get(with_parts(Booking.objects.all()), actor, uid=uid)


def _wanted(actor: Actor, values: Mapping[str, Any]) -> NewBooking:
    """Read a new booking. What has the wrong form is told together with what has the wrong content."""
    try:
        return NewBooking.model_validate(values)
    except pydantic.ValidationError as error:
        faults = {fault.field: fault for fault in faults_of(error)}
        content = () if "event_type" in faults else _faults_of_content(actor, values)
        more = {fault.field: fault for fault in content}
        raise Invalid(*(more | faults).values()) from error


def _faults_of_content(actor: Actor, values: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return what is wrong with the invitee, guests and answers, so far as they can be read."""
    event_type = event_types.find(actor, values["event_type"])
    invitee = values.get("invitee")
    if not isinstance(invitee, dict):
        return ()
    texts = {name: invitee.get(name, "") for name in InviteeDetails.__slots__}
    details = InviteeDetails(**{name: text if isinstance(text, str) else "" for name, text in texts.items()})
    try:
        invitees.clean(event_type, details, values.get("guests", []), values.get("answers", {}))
    except Invalid as error:
        return error.faults
    return ()
