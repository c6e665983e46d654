from typing import Annotated, Any

from django.db.models import Count, Max, Q, QuerySet
from ninja import Query, Router, Status

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.api.crm_shapes import (
    BookingSyncs,
    CheckOut,
    ConnectionChange,
    ConnectionOut,
    ListedRecord,
    Retried,
    SyncState,
    booking_sync,
    check_shown,
    connection_shown,
    listed_record,
)
from linktime.api.fields import Text
from linktime.api.keys import ApiRequest
from linktime.api.paging import Cursor, Limit, Page, page_of
from linktime.bookings.models import Booking
from linktime.connections import grants
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm import actions, check, options, registry
from linktime.crm.models import SyncAttempt, SyncRecord

router = Router(tags=["CRM"])
LATEST_ATTEMPTS = 50


@router.get("/bookings/{uid}/sync", response=BookingSyncs, summary="How a booking fares in each CRM")
def booking_syncs(request: ApiRequest, uid: Text) -> BookingSyncs:
    """Tell for each connected CRM what it should show and what it shows; the latest 50 attempts, in order."""
    access.require_crm(request.auth)
    booking = access.get(Booking.objects.all(), request.auth, uid=uid)
    records = _records(request.auth).filter(booking=booking).order_by("id")
    return BookingSyncs(data=[booking_sync(record, _latest_attempts(record)) for record in records])


@router.get("/crm/connections", response=Page[ConnectionOut], summary="List connections")
def list_connections(request: ApiRequest, limit: Limit, cursor: Cursor) -> Page[ConnectionOut]:
    access.require_crm(request.auth)
    return page_of(_connections(request.auth), order=["id"], limit=limit, cursor=cursor, show=_shown)


@router.patch("/crm/connections/{int:connection_id}", response=ConnectionOut, summary="Change a connection's options")
def change_connection(request: ApiRequest, connection_id: int, body: ConnectionChange) -> ConnectionOut:
    """Choose among the options that the CRM has; those that are not named stay as they are."""
    connection = _get(request.auth, connection_id)
    access.require_owner(request.auth)
    options.choose(connection, body.options)
    return _shown(connection)


@router.delete("/crm/connections/{int:connection_id}", response={204: None}, summary="Disconnect")
def delete_connection(request: ApiRequest, connection_id: int) -> Status[None]:
    """Revoke the grant and erase it here. Nothing in the CRM is deleted."""
    connection = _get(request.auth, connection_id)
    access.require_owner(request.auth)
    grants.disconnect(connection, registry.facts(connection.service), clock.now())
    return Status(204, None)


@router.post("/crm/connections/{int:connection_id}/retry", response=Retried, summary="Retry what failed")
def retry(request: ApiRequest, connection_id: int) -> Retried:
    retried = actions.retry_failed(_get(request.auth, connection_id), clock.now())
    shown = _shown(_get(request.auth, connection_id))
    return Retried(**dict(shown), retried=retried)


@router.post("/crm/connections/{int:connection_id}/check", response=CheckOut, summary="Check before it hurts")
def check_connection(request: ApiRequest, connection_id: int) -> CheckOut:
    """Ask the CRM which permissions, fields and rules are in the way before a booking meets them.

    No records are read and nothing is written there. Where nothing is in the way, what failed for such reasons is tried
    again.
    """
    connection = _get(request.auth, connection_id)
    return check_shown(connection, check.run(connection, clock.now))


@router.get("/crm/sync", response=Page[ListedRecord], summary="List sync records")
def list_records(
    request: ApiRequest,
    limit: Limit,
    cursor: Cursor,
    state: Annotated[SyncState | None, Query()] = None,
    crm: Annotated[Text | None, Query(description="Such as `salesforce`")] = None,
) -> Page[ListedRecord]:
    """List what each connected CRM should show of each booking and what it shows, the latest change first."""
    access.require_crm(request.auth)
    chosen = {"state": state, "connection__service": crm}
    records = _records(request.auth).filter(**{name: value for name, value in chosen.items() if value})
    records = records.select_related("connection", "organisation", "booking")
    return page_of(records, order=["-wanted_at", "-id"], limit=limit, cursor=cursor, show=listed_record)


def _records(actor: Actor) -> QuerySet[SyncRecord]:
    """Return the records of live connections."""
    visible = access.visible(SyncRecord.objects.select_related("connection", "organisation"), actor)
    return visible.exclude(connection__state=Connection.State.DISCONNECTED)


def _latest_attempts(record: SyncRecord) -> list[SyncAttempt]:
    """Return them in order. A query for each CRM: a prefetch can't be cut to so many of each."""
    return list(record.attempts.order_by("-at", "-id")[:LATEST_ATTEMPTS])[::-1]


def _connections(actor: Actor) -> QuerySet[Connection, Any]:
    visible = access.visible(Connection.objects.filter(service__in=registry.crms()), actor)
    return visible.exclude(state=Connection.State.DISCONNECTED).annotate(
        pending=Count("sync_records", Q(sync_records__state=SyncRecord.State.PENDING)),
        failed=Count("sync_records", Q(sync_records__state=SyncRecord.State.FAILED)),
        last_synced_at=Max("sync_records__synced_at"),
    )


def _get(actor: Actor, connection_id: int) -> Any:
    access.require_crm(actor)
    return access.get(_connections(actor), actor, id=connection_id)


def _shown(connection: Any) -> ConnectionOut:
    """Show a connection of `_connections`."""
    counts = {name: getattr(connection, name) for name in ("pending", "failed", "last_synced_at")}
    return connection_shown(connection, **counts)
