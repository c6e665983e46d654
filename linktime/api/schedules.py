from typing import Annotated, Any, Literal

from ninja import Body, Router, Status
from pydantic import BaseModel, Field

from linktime.accounts import access
from linktime.api.fields import DescribedBy, Shape
from linktime.api.keys import ApiRequest
from linktime.api.paging import Cursor, Limit, Page, page_of
from linktime.scheduling import schedules
from linktime.scheduling.models import Schedule

router = Router(tags=["Schedules"])


class Hours(Shape):
    """Hours on some days of the week; `end` may be `24:00`."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(min_length=1)
    start: str = Field(examples=["09:00"])
    end: str = Field(examples=["17:00"])


class Interval(Shape):
    """`end` may be `24:00`."""

    start: str = Field(examples=["09:00"])
    end: str = Field(examples=["12:00"])


class Override(Shape):
    """A date with hours of its own; without intervals it is a day off."""

    date: str = Field(examples=["2026-12-24"])
    intervals: list[Interval]


class Holidays(Shape):
    """A country whose public holidays are days off, by ISO 3166 codes."""

    country: str = Field(examples=["GB"])
    region: str | None = Field(None, examples=["ENG"])


class ScheduleChange(Shape):
    """What is left out stays as it is."""

    name: str = Field("", min_length=1, max_length=100)
    time_zone: str = Field("", description="IANA name", examples=["Europe/London"])
    weekly: list[Hours] = Field(default_factory=list, description="Overlapping hours are united; may be empty")
    overrides: list[Override] = Field(default_factory=list, description="In place of a date's other hours")
    holidays: Holidays | None = None


class NewSchedule(ScheduleChange):
    name: str = Field(min_length=1, max_length=100)
    time_zone: str = Field(description="IANA name", examples=["Europe/London"])


class ScheduleOut(BaseModel):
    id: int
    name: str
    time_zone: str
    weekly: list[Hours]
    overrides: list[Override]
    holidays: Holidays | None


def shown(schedule: Schedule) -> ScheduleOut:
    return ScheduleOut.model_validate({name: getattr(schedule, name) for name in ScheduleOut.model_fields})


@router.get("/schedules", response=Page[ScheduleOut], summary="List schedules")
def list_schedules(request: ApiRequest, limit: Limit, cursor: Cursor) -> Page[ScheduleOut]:
    visible = access.visible(Schedule.objects.all(), request.auth)
    return page_of(visible, order=["id"], limit=limit, cursor=cursor, show=shown)


@router.post("/schedules", response={201: ScheduleOut}, summary="Make a schedule")
def create_schedule(
    request: ApiRequest, values: Annotated[dict[str, Any], DescribedBy(NewSchedule), Body(...)]
) -> Status[ScheduleOut]:
    return Status(201, shown(schedules.create(request.auth, values)))


@router.get("/schedules/{int:schedule_id}", response=ScheduleOut, summary="Get a schedule")
def get_schedule(request: ApiRequest, schedule_id: int) -> ScheduleOut:
    return shown(access.get(Schedule.objects.all(), request.auth, id=schedule_id))


@router.patch("/schedules/{int:schedule_id}", response=ScheduleOut, summary="Change a schedule")
def update_schedule(
    request: ApiRequest, schedule_id: int, values: Annotated[dict[str, Any], DescribedBy(ScheduleChange), Body(...)]
) -> ScheduleOut:
    schedule = access.get(Schedule.objects.all(), request.auth, id=schedule_id)
    return shown(schedules.update(schedule, values))


@router.delete("/schedules/{int:schedule_id}", response={204: None}, summary="Delete a schedule")
def delete_schedule(request: ApiRequest, schedule_id: int) -> Status[None]:
    """Delete a schedule. Refused (409 `in_use`) while event types use it."""
    schedules.delete(access.get(Schedule.objects.all(), request.auth, id=schedule_id))
    return Status(204, None)
