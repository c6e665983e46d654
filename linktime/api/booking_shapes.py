"""A booking as the API takes it and shows it."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet
from pydantic import BaseModel, Field

from linktime.api.fields import Instant, Json, Moment, Reference, Shape, Text
from linktime.bookings.meetings import booking_url
from linktime.bookings.models import Booking, BookingChange

type Status = Literal["pending", "confirmed", "declined", "cancelled", "no_show", "completed"]


class NewInvitee(Shape):
    """`phone` is international, or national in the country of `time_zone`; `locale` a language tag such as `en-GB`."""

    name: Text = Field(examples=["Grace Hopper"])
    email: Text = Field(examples=["grace@example.com"])
    phone: Text = ""
    time_zone: Text = Field("", description="IANA name; by default the schedule's")
    locale: Text = ""
    notes: Text = ""


class NewBooking(Shape):
    event_type: Reference = Field(description="Id or slug")
    start: Instant
    duration: int | None = Field(None, description="Minutes; by default the event type's first")
    invitee: NewInvitee
    guests: list[Text] = Field(default_factory=list, description="Emails")
    answers: dict[Text, Json] = Field(default_factory=dict, description="By the questions' keys")
    link: Text = Field("", description="The token of a single-use link")


class Move(Shape):
    start: Instant
    reason: Text = ""


class Remark(Shape):
    reason: Text = ""


class EventTypeRef(BaseModel):
    id: int
    slug: str
    title: str


class HostRef(BaseModel):
    id: int
    name: str


class InviteeOut(BaseModel):
    """`phone` is E.164; what was not given is empty."""

    name: str
    email: str
    phone: str
    time_zone: str
    locale: str
    notes: str


class Change(BaseModel):
    """The previous times are set for `rescheduled` alone. What waits first begins as `requested`, not as `booked`."""

    kind: Literal[
        "booked", "requested", "verified", "confirmed", "declined", "expired", "rescheduled", "cancelled", "no_show"
    ]
    revision: int
    at: Moment
    previous_start: Moment | None
    previous_end: Moment | None
    reason: str


class BookingOut(BaseModel):
    """`revision` rises by one with each change. Whoever knows `url`, the invitee's page, may change the booking.

    While `status` is `pending`, nobody but host and invitee hears of it; `declined` is also what nobody confirmed in
    time (its history then ends with `expired`).
    """

    uid: str
    status: Status
    revision: int
    event_type: EventTypeRef
    start: Moment
    end: Moment
    hosts: list[HostRef]
    invitee: InviteeOut
    guests: list[str]
    answers: dict[str, Any]
    location: str
    url: str
    history: list[Change]


def with_parts(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Fetch what `shown` needs: three queries for any number of bookings."""
    return bookings.select_related("event_type").prefetch_related("booking_hosts__host", "changes")


def shown(booking: Booking, now: datetime) -> BookingOut:
    event_type = booking.event_type
    hosts = booking.fresh_hosts or sorted(booking.booking_hosts.all(), key=lambda row: row.pk)
    return BookingOut(
        uid=booking.uid,
        status=status_of(booking, now),
        revision=booking.revision,
        event_type=EventTypeRef(id=event_type.pk, slug=event_type.slug, title=booking.title),
        start=booking.start,
        end=booking.end,
        hosts=[HostRef(id=row.host_id, name=str(row.host)) for row in hosts],
        invitee=_invitee(booking),
        guests=booking.guests,
        answers={answer["key"]: answer["value"] for answer in booking.answers},
        location=booking.location,
        url=booking_url(booking),
        history=[_change(change) for change in booking.fresh_changes or booking.changes.all()],
    )


def status_of(booking: Booking, now: datetime) -> Status:
    """A confirmed meeting that has ended counts as completed."""
    match booking.status:
        case "pending" | "declined" | "cancelled" | "no_show":
            return booking.status
    return "completed" if booking.end <= now else "confirmed"


def status_filter(status: Status, now: datetime) -> Q:
    """Choose bookings by `status_of`."""
    match status:
        case "completed":
            return Q(status=Booking.Status.CONFIRMED, end__lte=now)
        case "confirmed":
            return Q(status=Booking.Status.CONFIRMED, end__gt=now)
    return Q(status=status)


def _invitee(booking: Booking) -> InviteeOut:
    return InviteeOut(
        name=booking.invitee_name,
        email=booking.invitee_email,
        phone=booking.invitee_phone,
        time_zone=booking.invitee_time_zone,
        locale=booking.invitee_locale,
        notes=booking.notes,
    )


def _change(change: BookingChange) -> Change:
    return Change.model_validate(change, from_attributes=True)
