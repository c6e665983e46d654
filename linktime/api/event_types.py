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
from linktime.scheduling import event_types
from linktime.scheduling.models import EventType

router = Router(tags=["Event types"])


class Location(Shape):
    """Where it takes place. With `phone`, `value` is the number to call; left empty, the invitee's is asked for."""

    kind: Literal["phone", "in_person", "link", "custom"]
    value: str = ""


class Rolling(Shape):
    kind: Literal["rolling"]
    days: int = Field(ge=0)


class DateRange(Shape):
    """Dates in the schedule's time zone, both included."""

    kind: Literal["range"]
    start: str = Field(examples=["2026-12-01"])
    end: str = Field(examples=["2026-12-31"])


class Question(Shape):
    key: str = Field(examples=["company"])
    label: str
    kind: Literal["text", "long_text", "choice", "checkbox", "phone", "number", "url"]
    required: bool = False
    options: list[str] = Field(default_factory=list, description="For `choice` alone")


class EventTypeChange(Shape):
    """What is left out stays as it is. All lengths of time are in minutes."""

    slug: str = Field("", max_length=100, examples=["intro-call"])
    title: str = Field("", max_length=200)
    description: str = ""
    durations: list[int] = Field(default_factory=list, min_length=1, examples=[[30]])
    schedule_id: int | None = Field(None, description="By default the caller's own")
    location: Location | None = None
    slot_interval: int | None = Field(None, ge=1, description="By default the duration")
    buffer_before: int = Field(0, ge=0)
    buffer_after: int = Field(0, ge=0)
    minimum_notice: int = Field(0, ge=0)
    window: Rolling | DateRange | None = Field(None, description="How far ahead it can be booked")
    hosts: list[int] | None = Field(None, min_length=1, max_length=1, description="User ids; by default the caller")
    questions: list[Question] = Field(default_factory=list)
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
    buffer_before: int
    buffer_after: int
    minimum_notice: int
    window: Rolling | DateRange | None
    hosts: list[int]
    questions: list[Question]
    active: bool
    url: str


_COPIED = (
    "slug", "title", "description", "durations", "schedule_id", "slot_interval", "buffer_before", "buffer_after",
    "minimum_notice", "window", "questions", "active",
)  # fmt: skip


def shown(event_type: EventType) -> EventTypeOut:
    return EventTypeOut(
        id=event_type.pk,
        location=event_type.location or None,
        hosts=[event_type.host_id],
        url=f"{settings.BASE_URL}/{event_type.account.handle}/{event_type.slug}",
        **{name: getattr(event_type, name) for name in _COPIED},
    )


def _all() -> QuerySet[EventType]:
    return EventType.objects.select_related("account", "schedule")


def find(actor: Actor, reference: int | str) -> EventType:
    """Return the actor's event type by id or slug; digits are an id first."""
    if isinstance(reference, str) and not reference.isdecimal():
        return access.get(_all(), actor, slug=reference)
    by_id = access.visible(_all(), actor).filter(id=int(reference)).first()
    return by_id or access.get(_all(), actor, slug=str(reference))


@router.get("/event-types", response=Page[EventTypeOut], summary="List event types")
def list_event_types(request: ApiRequest, limit: Limit, cursor: Cursor) -> Page[EventTypeOut]:
    visible = access.visible(_all(), request.auth)
    return page_of(visible, order=["id"], limit=limit, cursor=cursor, show=shown)


@router.post("/event-types", response={201: EventTypeOut}, summary="Make an event type")
def create_event_type(
    request: ApiRequest, values: Annotated[dict[str, Any], DescribedBy(NewEventType), Body(...)]
) -> Status[EventTypeOut]:
    return Status(201, shown(event_types.create(request.auth, values)))


@router.get("/event-types/{int:event_type_id}", response=EventTypeOut, summary="Get an event type")
def get_event_type(request: ApiRequest, event_type_id: int) -> EventTypeOut:
    return shown(access.get(_all(), request.auth, id=event_type_id))


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
