from datetime import date
from typing import Annotated, Any

from ninja import Body, Router, Status
from pydantic import BaseModel, Field

from linktime.accounts import access
from linktime.api.fields import DescribedBy, Shape
from linktime.api.keys import ApiRequest
from linktime.api.paging import Cursor, Limit, Page, page_of
from linktime.scheduling import absences
from linktime.scheduling.models import Absence

router = Router(tags=["Absences"])


class NewAbsence(Shape):
    """Dates, both included, on which a host is elsewhere: out of office, or working from another time zone."""

    host: int | None = Field(None, description="User id; by default the caller")
    start: str = Field(examples=["2026-12-24"])
    end: str = Field(examples=["2027-01-02"])
    time_zone: str | None = Field(None, description="IANA name of where the host works then; null for out of office")
    reason: str = Field("", max_length=200, description="For the hosts alone")


class AbsenceOut(BaseModel):
    id: int
    host: int
    start: date
    end: date
    time_zone: str | None
    reason: str


def shown(absence: Absence) -> AbsenceOut:
    return AbsenceOut(
        id=absence.pk,
        host=absence.host_id,
        start=absence.start,
        end=absence.end,
        time_zone=absence.time_zone or None,
        reason=absence.reason,
    )


@router.get("/absences", response=Page[AbsenceOut], summary="List absences")
def list_absences(request: ApiRequest, limit: Limit, cursor: Cursor) -> Page[AbsenceOut]:
    visible = access.visible(Absence.objects.all(), request.auth)
    return page_of(visible, order=["id"], limit=limit, cursor=cursor, show=shown)


@router.post("/absences", response={201: AbsenceOut}, summary="Note an absence")
def create_absence(
    request: ApiRequest, values: Annotated[dict[str, Any], DescribedBy(NewAbsence), Body(...)]
) -> Status[AbsenceOut]:
    """Note an absence: it holds for all of the host's schedules. Bookings that were made stay."""
    return Status(201, shown(absences.create(request.auth, values)))


@router.delete("/absences/{int:absence_id}", response={204: None}, summary="Forget an absence")
def delete_absence(request: ApiRequest, absence_id: int) -> Status[None]:
    absences.delete(access.get(Absence.objects.all(), request.auth, id=absence_id))
    return Status(204, None)
