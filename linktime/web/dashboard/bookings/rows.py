"""A booking with what each CRM shows of it, as the dashboard tells it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.db.models import Prefetch, QuerySet

from linktime.bookings.models import Booking
from linktime.connections.models import State
from linktime.crm import registry
from linktime.crm.claim import remote_of
from linktime.crm.contract import DriftKind
from linktime.crm.models import SyncRecord
from linktime.web.reading import Reading

SOON, SLOWLY = 2, 15
STATES = {
    SyncRecord.State.SYNCED: ("good", "circle-check", "In {crm}"),
    SyncRecord.State.PENDING: ("accent", "refresh-cw", "On its way to {crm}"),
    SyncRecord.State.FAILED: ("bad", "circle-alert", "Not in {crm}"),
    SyncRecord.State.SKIPPED: ("", "circle-dashed", "Nothing to do in {crm}"),
}
DRIFTED = {
    DriftKind.DELETED: ("warn", "triangle-alert", "Deleted in {crm}"),
    DriftKind.EDITED: ("warn", "triangle-alert", "Changed in {crm}"),
    DriftKind.MERGED: ("warn", "triangle-alert", "Merged in {crm}"),
}
LATER = ("warn", "clock", "{crm} is tried again soon")
OUT_OF_DATE = ("bad", "circle-alert", "Out of date in {crm}")
LEFT, LEFT_AS_IT_IS = ("", "circle-dashed", "Not in {crm}"), ("", "circle-dashed", "Out of date in {crm}")
WAITING = {
    State.NEEDS_RECONNECT: ("warn", "triangle-alert", "Waits for {crm} to be reconnected"),
    State.PAUSED: ("warn", "circle-pause", "{crm} is paused"),
    State.DISCONNECTED: ("", "unplug", "{crm} is disconnected"),
}


@dataclass(frozen=True, slots=True)
class Sync:
    """`poll` is after how many seconds to look again; 0 when nothing will change by itself."""

    record: SyncRecord
    label: str
    kind: str
    icon: str
    words: str
    poll: int
    meeting_url: str
    contact_url: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What has become of a booking, as its chip says it."""

    words: str
    kind: str
    icon: str


STANDINGS = {
    Booking.Status.CONFIRMED: Standing("Confirmed", "good", "calendar-check"),
    Booking.Status.DECLINED: Standing("Declined", "", "ban"),
    Booking.Status.CANCELLED: Standing("Cancelled", "", "calendar-x"),
    Booking.Status.NO_SHOW: Standing("No-show", "warn", "user-x"),
}
WAITS = {
    Booking.WaitsFor.HOST: Standing("Waiting for you", "warn", "clock"),
    Booking.WaitsFor.INVITEE: Standing("Email not confirmed yet", "", "mail"),
}
OVER = Standing("Over", "", "calendar")
EXPIRED = Standing("Not answered in time", "", "ban")


@dataclass(frozen=True, slots=True)
class Row:
    booking: Booking
    standing: Standing
    syncs: list[Sync] = field(default_factory=list)

    @property
    def decidable(self) -> bool:
        return self.standing == WAITS[Booking.WaitsFor.HOST]

    @property
    def off(self) -> bool:
        return self.booking.cancelled or self.booking.declined


def with_syncs(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    records = SyncRecord.objects.select_related("connection", "organisation", "drift").order_by("id")
    return bookings.select_related("event_type").prefetch_related(Prefetch("sync_records", records))


def rows(bookings: Iterable[Booking], now: datetime) -> list[Row]:
    return [
        Row(booking, standing_of(booking, now), [sync_of(record) for record in booking.sync_records.all()])
        for booking in bookings
    ]


def standing_of(booking: Booking, now: datetime) -> Standing:
    if booking.pending:
        expired = booking.expires_at is None or booking.expires_at <= now
        return EXPIRED if expired else WAITS[Booking.WaitsFor(booking.waits_for)]
    if booking.status == Booking.Status.CONFIRMED and booking.end <= now:
        return OVER
    return STANDINGS[Booking.Status(booking.status)]


def by_day(found: Iterable[Row], reading: Reading) -> list[tuple[date, list[Row]]]:
    def day(row: Row) -> date:
        return reading.local(row.booking.start).date()

    return [(key, list(group)) for key, group in groupby(found, day)]


def sync_of(record: SyncRecord) -> Sync:
    connection = record.connection
    provider = registry.provider(connection.service)
    label = provider.manifest.label
    kind, icon, words = look_of(record, State(connection.state))
    return Sync(
        record=record,
        label=label,
        kind=kind,
        icon=icon,
        words=words.format(crm=label),
        poll=poll_after(record, State(connection.state)),
        meeting_url=provider.meeting_url(connection.api_url, remote_of(record)) if record.meeting_id else "",
        contact_url=provider.contact_url(connection.api_url, remote_of(record)) if record.contact_id else "",
    )


def poll_after(record: SyncRecord, connection: State) -> int:
    if record.state != SyncRecord.State.PENDING or connection != State.CONNECTED:
        return 0
    return SLOWLY if record.error_code else SOON


def soonest(syncs: Iterable[Sync]) -> int:
    return min((sync.poll for sync in syncs if sync.poll), default=0)


def look_of(record: SyncRecord, connection: State) -> tuple[str, str, str]:
    """Return colour, icon and words of a record's chip."""
    drift = record.drifted
    if drift and drift.remedy:
        return DRIFTED[DriftKind(drift.kind)]
    match record.state:
        case SyncRecord.State.PENDING if connection in WAITING:
            return WAITING[connection]
        case SyncRecord.State.PENDING if record.error_code:
            return LATER
        case SyncRecord.State.FAILED if record.shown_revision:
            return OUT_OF_DATE
        case SyncRecord.State.SKIPPED if record.dismissed:
            return LEFT_AS_IT_IS if record.shown_revision else LEFT
    return STATES[SyncRecord.State(record.state)]
