from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import QuerySet
from ninja import Body, Router, Status
from pydantic import BaseModel, Field

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.api.fields import DescribedBy, Shape
from linktime.api.keys import ApiRequest
from linktime.api.paging import Cursor, Limit, Page, page_of
from linktime.core import clock
from linktime.core.compiled import Compiled, Given
from linktime.core.errors import NotFound
from linktime.scheduling import event_types, links
from linktime.scheduling.models import EventType

router = Router(tags=["Event types"])

type Assignment = Literal["single", "round_robin", "collective"]
type Visibility = Literal["public", "hidden", "link_only"]


class Location(Shape):
    """Where it takes place. With `phone`, `value` is the number to call; left empty, the invitee's is asked for."""

    kind: Literal["phone", "in_person", "link", "custom"]
    value: str = ""


class Rolling(Shape):
    kind: Literal["rolling"]
    days: int = Field(ge=0)


class BusinessDays(Shape):
    """Days from Monday to Friday that are no public holidays."""

    kind: Literal["business_days"]
    days: int = Field(ge=0)


class DateRange(Shape):
    """Dates of the host's calendar, both included."""

    kind: Literal["range"]
    start: str = Field(examples=["2026-12-01"])
    end: str = Field(examples=["2026-12-31"])


class Limits(Shape):
    """How many meetings a host has at most; days, weeks (from Monday) and months are those of the host's calendar."""

    day: int | None = Field(None, ge=1)
    week: int | None = Field(None, ge=1)
    month: int | None = Field(None, ge=1)


class HostOption(Shape):
    """Of a weight of 2, a host has twice as many turns in a round robin as one of 1."""

    host: int
    schedule_id: int | None = Field(None, description="By default the host's own")
    weight: int = Field(1, ge=1, le=100)


class MailText(Shape):
    """Empty parts leave the usual ones. `{invitee_first_name}`, `{title}`, `{time}` and their like are filled in."""

    subject: str = ""
    body: str = ""


class Texts(Shape):
    confirmation: MailText | None = None
    change: MailText | None = None
    cancellation: MailText | None = None
    reminder: MailText | None = None
    follow_up: MailText | None = None


class Question(Shape):
    key: str = Field(examples=["company"])
    label: str
    kind: Literal["text", "long_text", "choice", "choices", "checkbox", "phone", "number", "url"]
    required: bool = False
    options: list[str] = Field(default_factory=list, description="For `choice` and `choices` alone")


class EventTypeChange(Shape):
    """What is left out stays as it is. All lengths of time are in minutes."""

    slug: str = Field("", max_length=100, examples=["intro-call"])
    title: str = Field("", max_length=200)
    description: str = ""
    durations: list[int] = Field(default_factory=list, min_length=1, examples=[[30]])
    schedule_id: int | None = Field(None, description="The first host's; by default the first of their own")
    location: Location | None = None
    slot_interval: int | None = Field(None, ge=1, description="By default the duration")
    slot_offset: int = Field(0, ge=0, description="From the start of the open hours to the first slot")
    buffer_before: int = Field(0, ge=0)
    buffer_after: int = Field(0, ge=0)
    minimum_notice: int = Field(0, ge=0)
    window: Rolling | BusinessDays | DateRange | None = Field(None, description="How far ahead it can be booked")
    limits: Limits | None = None
    assignment: Assignment = "single"
    hosts: list[int] | None = Field(None, min_length=1, max_length=50, description="User ids; by default the caller")
    host_options: list[HostOption] = Field(default_factory=list)
    seats: int = Field(1, ge=1, le=1000, description="How many invitees may share a meeting")
    questions: list[Question] = Field(default_factory=list)
    visibility: Visibility = "public"
    requires_approval: bool = Field(False, description="A booking is pending until a host accepts it, 48 hours at most")
    requires_verification: bool = Field(
        False, description="A booking is pending until its invitee confirms the email address, 30 minutes at most"
    )
    reschedule_deadline: int | None = Field(None, ge=0, description="So long before the start an invitee may move it")
    cancel_deadline: int | None = Field(None, ge=0, description="So long before the start an invitee may cancel it")
    redirect_url: str = Field("", description="Where the invitee goes after booking")
    reminders: list[int] = Field(default_factory=list, max_length=5, description="Before the start")
    follow_ups: list[int] = Field(default_factory=list, max_length=5, description="After the end")
    texts: Texts | None = None
    active: bool = True


class NewEventType(EventTypeChange):
    slug: str = Field(max_length=100, examples=["intro-call"])
    title: str = Field(max_length=200)
    durations: list[int] = Field(min_length=1, examples=[[30]])


class EventTypeOut(BaseModel):
    """`url` is the page where people book."""

    id: int
    slug: str
    title: str
    description: str
    durations: list[int]
    schedule_id: int
    location: Location | None
    slot_interval: int | None
    slot_offset: int
    buffer_before: int
    buffer_after: int
    minimum_notice: int
    window: Rolling | BusinessDays | DateRange | None
    limits: Limits
    assignment: Assignment
    hosts: list[int]
    host_options: list[HostOption]
    seats: int
    questions: list[Question]
    visibility: Visibility
    requires_approval: bool
    requires_verification: bool
    reschedule_deadline: int | None
    cancel_deadline: int | None
    redirect_url: str
    reminders: list[int]
    follow_ups: list[int]
    texts: dict[str, MailText]
    active: bool
    url: str


class LinkOut(BaseModel):
    """An address at which the event type can be booked once."""

    token: str
    url: str


_MADE = {"id", "location", "hosts", "host_options", "url"}
_COPIED = tuple(name for name in EventTypeOut.model_fields if name not in _MADE)


def shown(event_type: EventType) -> EventTypeOut:
    places = sorted(event_type.places.all(), key=lambda place: (place.order, place.pk))
    return EventTypeOut(
        id=event_type.pk,
        location=event_type.location or None,
        hosts=[place.host_id for place in places],
        host_options=[
            HostOption(host=place.host_id, schedule_id=place.schedule_id, weight=place.weight) for place in places
        ],
        url=_url(event_type),
        **{name: getattr(event_type, name) for name in _COPIED},
    )


def _url(event_type: EventType) -> str:
    return f"{settings.BASE_URL}/{event_type.account.handle}/{event_type.slug}"


def _all() -> QuerySet[EventType]:
    return EventType.objects.select_related("account", "schedule")


def _with_places() -> QuerySet[EventType]:
    return _all().prefetch_related("places")


_by_id = Compiled(lambda: EventType.objects.filter(account=Given("account"), id=Given("id")).select_related("schedule"))
_by_slug = Compiled(
    lambda: EventType.objects.filter(account=Given("account"), slug=Given("slug")).select_related("schedule")
)


def find(actor: Actor, reference: int | str) -> EventType:
    """Return the actor's event type by id or slug; digits are an id first."""
    by_id = str(reference).isdecimal() and _by_id(account=actor.account.pk, id=int(reference))
    for event_type in by_id or _by_slug(account=actor.account.pk, slug=str(reference)):
        return event_type
    raise NotFound


@router.get("/event-types", response=Page[EventTypeOut], summary="List event types")
def list_event_types(request: ApiRequest, limit: Limit, cursor: Cursor) -> Page[EventTypeOut]:
    visible = access.visible(_with_places(), request.auth)
    return page_of(visible, order=["id"], limit=limit, cursor=cursor, show=shown)


@router.post("/event-types", response={201: EventTypeOut}, summary="Make an event type")
def create_event_type(
    request: ApiRequest, values: Annotated[dict[str, Any], DescribedBy(NewEventType), Body(...)]
) -> Status[EventTypeOut]:
    return Status(201, shown(event_types.create(request.auth, values)))


@router.get("/event-types/{int:event_type_id}", response=EventTypeOut, summary="Get an event type")
def get_event_type(request: ApiRequest, event_type_id: int) -> EventTypeOut:
    return shown(access.get(_with_places(), request.auth, id=event_type_id))


@router.patch("/event-types/{int:event_type_id}", response=EventTypeOut, summary="Change an event type")
def update_event_type(
    request: ApiRequest, event_type_id: int, values: Annotated[dict[str, Any], DescribedBy(EventTypeChange), Body(...)]
) -> EventTypeOut:
    """Change an event type. Bookings that were made keep what they have."""
    event_type = access.get(_all(), request.auth, id=event_type_id)
    return shown(event_types.update(event_type, request.auth, values))


@router.delete("/event-types/{int:event_type_id}", response={204: None}, summary="Delete an event type")
def delete_event_type(request: ApiRequest, event_type_id: int) -> Status[None]:
    """Delete an event type. Refused (409 `has_bookings`) once it was booked: deactivate it instead."""
    event_types.delete(access.get(_all(), request.auth, id=event_type_id))
    return Status(204, None)


@router.post("/event-types/{int:event_type_id}/links", response={201: LinkOut}, summary="Make a single-use link")
def create_link(request: ApiRequest, event_type_id: int) -> Status[LinkOut]:
    """Make an address at which this event type can be booked once, also when it is not listed."""
    event_type = access.get(_all(), request.auth, id=event_type_id)
    link = links.create(event_type, clock.now())
    return Status(201, LinkOut(token=link.token, url=f"{_url(event_type)}?link={link.token}"))
