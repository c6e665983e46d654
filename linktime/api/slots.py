import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field, PlainValidator, WithJsonSchema

from linktime.api import event_types
from linktime.api.fields import Moment, Reference, Zone, day, instant, shown
from linktime.api.keys import ApiRequest
from linktime.bookings.availability import offered
from linktime.core import clock
from linktime.core.faults import Faults, refuse

router = Router(tags=["Slots"])
MOST_DAYS = 62


def _edge(value: str) -> date:
    """Read a date, or else an instant (a datetime)."""
    return day(value) or instant(value)


Edge = Annotated[date, PlainValidator(_edge), WithJsonSchema({"type": "string", "examples": ["2026-11-30"]})]


class SlotOut(BaseModel):
    start: Moment
    end: Moment


class Slots(BaseModel):
    data: list[SlotOut]


class Asked(BaseModel):
    event_type: Reference = Field(description="Id or slug")
    start: Edge = Field(description="Instant, or date in `time_zone`")
    end: Edge = Field(description=f"Instant, or date (included); at most {MOST_DAYS} days after `start`")
    duration: int | None = Field(None, description="Minutes; by default the event type's first")
    time_zone: Zone | None = Field(None, description="IANA name; by default the schedule's")


@router.get("/slots", response=Slots, summary="Times on offer")
def list_slots(request: ApiRequest, asked: Annotated[Asked, Query()]) -> HttpResponse:
    """List what can be booked, in order. A slot is in the range when it begins there."""
    event_type = event_types.find(request.auth, asked.event_type)
    zone = ZoneInfo(asked.time_zone or event_type.schedule.time_zone)
    first, last = _range(asked.start, asked.end, zone)
    slots = offered(event_type, start=first, end=last, duration=asked.duration, now=clock.now())
    # Written by hand: to check a thousand slots of our own against their schema takes longer than finding them.
    rows = ({"start": shown(slot.start), "end": shown(slot.end)} for slot in slots)
    return HttpResponse(json.dumps({"data": list(rows)}), content_type="application/json; charset=utf-8")


def _range(start: date, end: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants from and before which slots begin. Raises Invalid.

    Days are counted on the zone's clock or in hours, whichever is kinder: clocks change.
    """
    last_day = end if isinstance(end, datetime) else end + timedelta(days=1)
    first, last = _moment(start, zone), _moment(last_day, zone)
    with Faults() as faults, faults.at("end"):
        if last < first or (last == first and end is not last_day):
            refuse("ends_before_start", "The end comes after the start.")
        if min(last - first, last.astimezone(UTC) - first.astimezone(UTC)) > timedelta(days=MOST_DAYS):
            refuse("range_too_long", f"Ask for at most {MOST_DAYS} days at once.")
    return first, last


def _moment(edge: date, zone: ZoneInfo) -> datetime:
    return edge.astimezone(zone) if isinstance(edge, datetime) else datetime.combine(edge, time.min, zone)
