"""Which bookings do not reach their CRM, and why: what somebody should hear of who is not looking."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from linktime.connections.models import Connection
from linktime.core.trouble import Trouble
from linktime.crm import registry
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.crm.remedies import remedy_for

LONG = timedelta(days=1)  # what waits with an error for so long is told of like a failure
NAMED = 3
REASONS = 10


def waiting_for_somebody() -> QuerySet[SyncRecord]:
    """Return the records that go no further by themselves."""
    failed = Q(state=SyncRecord.State.FAILED)
    stopped = Q(state=SyncRecord.State.PENDING, connection__state=Connection.State.NEEDS_RECONNECT)
    return SyncRecord.objects.filter(failed | stopped)


def held_up(record: SyncRecord, now: datetime) -> bool:
    """Say whether somebody should hear of a record that has just been tried."""
    if record.state == SyncRecord.State.FAILED:
        return True
    return record.state == SyncRecord.State.PENDING and bool(record.error_code) and record.wanted_at <= now - LONG


def between(account_id: int, since: datetime, until: datetime) -> list[Trouble]:
    """Return what became trouble within that time and still is, the most frequent reasons first.

    What waits for a reconnection is left out: that has a mail of its own.
    """
    records = SyncRecord.objects.filter(_since(since, until), account=account_id)
    records = records.exclude(connection__state__in=[Connection.State.NEEDS_RECONNECT, Connection.State.DISCONNECTED])
    reasons = records.order_by().values("connection__service", "state", "error_code")
    counted = reasons.annotate(count=Count("pk"), message=Max("error_message")).order_by("-count", "error_code")
    return [_trouble(records, reason) for reason in counted[:REASONS]]


def _since(since: datetime, until: datetime) -> Q:
    """What failed within the time, or had waited for so long by then."""
    window = {"at__gt": since, "at__lte": until, "outcome": SyncAttempt.Outcome.FAILED}
    failed = Q(Exists(SyncAttempt.objects.filter(record=OuterRef("pk"), **window)), state=SyncRecord.State.FAILED)
    waited = {"wanted_at__gt": since - LONG, "wanted_at__lte": until - LONG}
    return failed | (Q(state=SyncRecord.State.PENDING, **waited) & ~Q(error_code=""))


def _trouble(records: QuerySet[SyncRecord], reason: Mapping[str, Any]) -> Trouble:
    service, later = reason["connection__service"], reason["state"] == SyncRecord.State.PENDING
    problem = remedy_for(service, reason["error_code"], reason["message"], later=later)
    alike = {name: reason[name] for name in ("connection__service", "state", "error_code")}
    some = records.filter(**alike).select_related("booking").order_by("-wanted_at", "-pk")[:NAMED]
    return Trouble(
        service=registry.provider(service).manifest.label,
        what=problem.what,
        remedy=problem.remedy,
        count=reason["count"],
        bookings=tuple(str(record.booking) for record in some),
    )
