"""A page of the timeline: its records, by where the page before ended, at the same cost however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from linktime.accounts.access import Actor, visible
from linktime.connections.models import Connection, State
from linktime.crm import registry
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.web.counts import counted
from linktime.web.dashboard.activity.filters import Filters, Position
from linktime.web.dashboard.activity.rows import Row, row_of
from linktime.web.dashboard.activity.search import search
from linktime.web.dashboard.bookings.rows import poll_after
from linktime.web.reading import Reading

PER_PAGE = 50
COUNTED = (SyncRecord.State.FAILED, SyncRecord.State.PENDING)


@dataclass(frozen=True, slots=True)
class Page:
    """`following` is where the next page begins; `partly` says that more may match than was looked through.

    `latest` are the records' latest attempts, `counts` say how many records wait and how many failed.
    """

    records: list[SyncRecord]
    latest: dict[int, SyncAttempt]
    following: Position | None
    partly: bool
    counts: dict[str, str]

    @property
    def moving(self) -> bool:
        """Say whether something changes by itself, and soon."""
        return any(poll_after(record, State(record.connection.state)) for record in self.records)

    def rows(self, now: datetime) -> list[Row]:
        return [row_of(record, self.latest.get(record.pk), now) for record in self.records]

    def seen(self, now: datetime) -> str:
        """Return a digest of all that is shown; times are, as people read them, to the minute."""
        shown = [f"{now:%H:%M}", self.following, self.counts, *map(self._facts, self.records)]
        return sha256(repr(shown).encode()).hexdigest()[:16]

    def _facts(self, record: SyncRecord) -> list[object]:
        organisation, latest = record.organisation, self.latest.get(record.pk)
        fields = [getattr(record, field.attname) for field in SyncRecord._meta.concrete_fields]
        waits = [organisation.retry_at, organisation.live_from, organisation.background_from]
        return [*fields, *waits, record.connection.state, latest and latest.pk]


def page_of(actor: Actor, filters: Filters, reading: Reading) -> Page:
    found = search(_chosen(actor, filters, reading), actor, filters.search)
    told = found.records.select_related("booking", "connection", "organisation", "drift")
    told = told.prefetch_related("booking__changes")
    records = list(told[: PER_PAGE + 1])
    shown = records[:PER_PAGE]
    last = shown[-1] if len(records) > PER_PAGE else None
    return Page(
        records=shown,
        latest=_latest_attempts(shown),
        following=Position(last.wanted_at, last.pk) if last else None,
        partly=found.partly,
        counts=_counts(actor, filters),
    )


def connections_of(actor: Actor) -> list[Connection]:
    """Return every connection that has, or had, something on its way."""
    return list(visible(Connection.objects.filter(service__in=registry.crms()), actor).order_by("service", "pk"))


def _counts(actor: Actor, filters: Filters) -> dict[str, str]:
    """Return how many records wait and how many failed, as far as anybody counts."""
    records = _of_crm(actor, filters)
    return {state: counted(records.filter(state=state)) for state in COUNTED}


def _of_crm(actor: Actor, filters: Filters) -> QuerySet[SyncRecord]:
    """Narrow to one connection, which belongs to the account; with the account's own index else."""
    records = visible(SyncRecord.objects.all(), actor)
    return records.filter(connection=filters.crm) if filters.crm else records


def _chosen(actor: Actor, filters: Filters, reading: Reading) -> QuerySet[SyncRecord]:
    begin, end = filters.moments(reading)
    records = _of_crm(actor, filters).order_by("-wanted_at", "-pk")
    if filters.state:
        records = records.filter(state=filters.state)
    if begin:
        records = records.filter(wanted_at__gte=begin)
    if end:
        records = records.filter(wanted_at__lt=end)
    if filters.after:
        behind = TupleLessThan(Tuple("wanted_at", "pk"), (filters.after.at, filters.after.record))
        records = records.filter(behind)
    return records


def _latest_attempts(records: Sequence[SyncRecord]) -> dict[int, SyncAttempt]:
    attempts = SyncAttempt.objects.filter(record__in=[record.pk for record in records]).defer("exchanges")
    return {one.record_id: one for one in attempts.order_by("record", "-at", "-pk").distinct("record")}
