"""What a service's card says: its state, its figures, and the one thing to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from linktime.accounts.access import Actor, visible
from linktime.connections import own_app
from linktime.connections.facts import LoginHost, Problem
from linktime.connections.models import Connection
from linktime.connections.oauth import callback_url
from linktime.connections.vault import VaultError
from linktime.core import clock
from linktime.crm import options, registry
from linktime.crm.contract import Manifest, Option
from linktime.crm.models import SyncRecord
from linktime.crm.remedies import remedy_for, remedy_of_connection
from linktime.web.dashboard.integrations.checkups import Check, check_of

MOST_FAILURES = 5
CHIPS = {
    Connection.State.CONNECTED: ("Connected", "good", "circle-check"),
    Connection.State.PAUSED: ("Paused", "warn", "circle-pause"),
    Connection.State.NEEDS_RECONNECT: ("Needs reconnecting", "bad", "circle-alert"),
    Connection.State.DISCONNECTED: ("Disconnected", "", "unplug"),
}
NOT_CONNECTED = ("Not connected", "", "circle-dashed")


@dataclass(frozen=True, slots=True)
class Figures:
    pending: int
    failed: int
    synced: int
    last_synced: datetime | None


@dataclass(frozen=True, slots=True)
class Failure:
    record: SyncRecord
    problem: Problem


@dataclass(frozen=True, slots=True)
class Card:
    """`connection` is the live one, or the one that was disconnected last; `app_ready` says whether there is an app."""

    manifest: Manifest
    connection: Connection | None
    chip: tuple[str, str, str]
    figures: Figures | None
    failures: list[Failure]
    problem: Problem | None
    check: Check | None
    login_hosts: list[LoginHost]
    callback_url: str
    own_client_id: str
    app_ready: bool
    options: list[tuple[Option, str]]

    @property
    def live(self) -> bool:
        return self.connection is not None and self.connection.live

    @property
    def moving(self) -> bool:
        state = self.connection.state if self.connection else ""
        syncing = self.figures and self.figures.pending and state == Connection.State.CONNECTED
        return bool(syncing or (self.check and self.check.moving))


def cards(actor: Actor) -> list[Card]:
    return [card(actor, service) for service in registry.crms()]


def card(actor: Actor, service: str) -> Card:
    manifest = registry.provider(service).manifest
    connection = connection_of(actor, service)
    records = visible(SyncRecord.objects.filter(connection=connection), actor)
    return Card(
        manifest=manifest,
        connection=connection,
        chip=CHIPS[Connection.State(connection.state)] if connection else NOT_CONNECTED,
        figures=figures(records) if connection else None,
        failures=failures(records, service) if connection and connection.live else [],
        problem=problem_of(connection, clock.now()) if connection else None,
        check=check_of(actor, connection, clock.now()) if connection and connection.live else None,
        login_hosts=list(manifest.oauth.login_hosts),
        callback_url=callback_url(service),
        own_client_id=own_app.own_client_id(actor, service),
        app_ready=app_ready(actor, service),
        options=options_of(connection) if connection and connection.live else [],
    )


def connection_of(actor: Actor, service: str) -> Connection | None:
    found = visible(Connection.objects.filter(service=service), actor)
    live = found.exclude(state=Connection.State.DISCONNECTED).first()
    return live or found.order_by("-connected_at").first()


def figures(records: QuerySet[SyncRecord]) -> Figures:
    counted = records.order_by().values_list("state").annotate(count=Count("id"), last=Max("synced_at"))
    counts: Mapping[str, int] = {state: count for state, count, _ in counted}
    moments = [last for *_, last in counted if last]
    return Figures(
        pending=counts.get(SyncRecord.State.PENDING, 0),
        failed=counts.get(SyncRecord.State.FAILED, 0),
        synced=counts.get(SyncRecord.State.SYNCED, 0),
        last_synced=max(moments, default=None),
    )


def failures(records: QuerySet[SyncRecord], service: str) -> list[Failure]:
    """Return the latest failures, each with what to do about it."""
    failed = records.filter(state=SyncRecord.State.FAILED).select_related("booking").order_by("-id")[:MOST_FAILURES]
    return [Failure(record, remedy_for(service, record.error_code, record.error_message)) for record in failed]


def problem_of(connection: Connection, now: datetime) -> Problem | None:
    """Explain why nothing goes there: a person has to reconnect, or the service does not renew the access for now."""
    put_off = connection.refresh_after is not None and connection.refresh_after > now
    stopped = connection.state == Connection.State.NEEDS_RECONNECT or (connection.live and put_off)
    return remedy_of_connection(connection) if stopped else None


def options_of(connection: Connection) -> list[tuple[Option, str]]:
    """Return what may be chosen about a connection, each with its choice."""
    chosen = options.chosen(connection)
    return [(option, chosen[option.name]) for option in options.of(connection)]


def app_ready(actor: Actor, service: str) -> bool:
    """Say whether there is an app to connect with; one whose secret can't be read counts, connecting explains it."""
    try:
        return own_app.credentials(actor.account, service) is not None
    except VaultError:
        return True
