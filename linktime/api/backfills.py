"""Bookings made before a connection: bring them to the CRM, see how far that is, stop it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from ninja import Router, Status
from pydantic import BaseModel, Field, PlainValidator, WithJsonSchema

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.api.fields import Moment, Shape, day, instant
from linktime.api.keys import ApiRequest
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.core.errors import NotFound
from linktime.crm import backfill, registry, upkeep
from linktime.crm.models import Backfill

router = Router(tags=["CRM"])
type State = Literal["running", "stopping", "stopped", "done"]


def _edge(value: object) -> date:
    """Read a date, or else an instant (a datetime)."""
    return (day(value) if isinstance(value, str) else None) or instant(value)


Edge = Annotated[date, PlainValidator(_edge), WithJsonSchema({"type": "string", "examples": ["2026-01-01"]})]


class BackfillIn(Shape):
    since: Edge = Field(alias="from", description="Instant, or date in your own time zone")
    until: Edge = Field(alias="to", description="Instant, or date (included)")


class BackfillOut(BaseModel):
    """How far it is, in bookings: of `total`, so many are `synced`, `failed`, or `pending`.

    The rest has not been looked at. `a_minute` is how many were synced in the last one.
    """

    id: int
    connection: int
    state: State
    since: Moment = Field(serialization_alias="from")
    until: Moment = Field(serialization_alias="to")
    started_at: Moment
    total: int
    synced: int
    failed: int
    pending: int
    a_minute: int


@router.post(
    "/crm/connections/{int:connection_id}/backfill",
    response={201: BackfillOut},
    by_alias=True,
    summary="Sync earlier bookings",
)
def begin(request: ApiRequest, connection_id: int, wish: BackfillIn) -> Status[BackfillOut]:
    """Bring bookings that start in this time and were made before the connection, cancelled ones included.

    They go behind live bookings, and what the CRM shows already is left: repeated, it makes nothing twice.
    """
    connection = _connection(request.auth, connection_id)
    since, until = _range(wish, ZoneInfo(request.auth.user.time_zone))
    begun = backfill.begin(connection, since=since, until=until, user=request.auth.user, now=clock.now())
    upkeep.backfill_soon(begun)
    return Status(201, _shown(begun))


@router.get(
    "/crm/connections/{int:connection_id}/backfill",
    response=BackfillOut,
    by_alias=True,
    summary="See how far a backfill is",
)
def latest(request: ApiRequest, connection_id: int) -> BackfillOut:
    """Tell of the latest one."""
    return _shown(_latest(request.auth, connection_id))


@router.delete(
    "/crm/connections/{int:connection_id}/backfill", response=BackfillOut, by_alias=True, summary="Stop a backfill"
)
def stop(request: ApiRequest, connection_id: int) -> BackfillOut:
    """Begin no more of the latest one. What is on its way arrives, and nothing in the CRM is deleted."""
    found = _latest(request.auth, connection_id)
    if backfill.stop(found):
        upkeep.backfill_soon(found)
    return _shown(_latest(request.auth, connection_id))


def _connection(actor: Actor, connection_id: int) -> Connection:
    access.require_crm(actor)
    live = Connection.objects.filter(service__in=registry.crms()).exclude(state=Connection.State.DISCONNECTED)
    connection = access.get(live, actor, id=connection_id)
    access.require_owner(actor)
    return connection


def _latest(actor: Actor, connection_id: int) -> Backfill:
    found = access.visible(Backfill.objects.filter(connection=_connection(actor, connection_id)), actor)
    latest = found.order_by("-id").first()
    if latest is None:
        raise NotFound
    return latest


def _range(wish: BackfillIn, zone: ZoneInfo) -> tuple[datetime, datetime]:
    last = wish.until if isinstance(wish.until, datetime) else wish.until + timedelta(days=1)
    return _moment(wish.since, zone), _moment(last, zone)


def _moment(edge: date, zone: ZoneInfo) -> datetime:
    moment = edge if isinstance(edge, datetime) else datetime.combine(edge, time.min, zone)
    return moment.astimezone(UTC)


def _shown(found: Backfill) -> BackfillOut:
    progress = backfill.progress(found, clock.now())
    return BackfillOut(
        id=found.pk,
        connection=found.connection_id,
        state=_state(found, progress),
        since=found.since,
        until=found.until,
        started_at=found.started_at,
        total=progress.total,
        synced=progress.synced,
        failed=progress.failed,
        pending=progress.waiting,
        a_minute=progress.a_minute,
    )


def _state(found: Backfill, progress: backfill.Progress) -> State:
    match found.state:
        case Backfill.State.STOPPING:
            return "stopping"
        case Backfill.State.STOPPED:
            return "stopped"
    return "running" if progress.running else "done"
