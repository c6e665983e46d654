"""After a backup was restored: nobody knows what has been sent since it was made."""

from datetime import datetime

from django.db.models import Q

from linktime.bookings.meetings import meetings_of
from linktime.crm import claim, registry
from linktime.crm.models import SyncRecord

AT_ONCE = 500


def distrust(now: datetime) -> int:
    """Have everything looked up that was on its way, before it is made; return how many records that were.

    The database is older than the CRMs: what waits in it, or had failed, may have been made there meanwhile;
    what somebody had dismissed too.
    """
    settled = Q(state=SyncRecord.State.SYNCED) | Q(state=SyncRecord.State.SKIPPED, error_code="")
    waiting = SyncRecord.objects.exclude(settled).filter(attempt__isnull=True).order_by("pk")
    count, last = 0, 0
    while batch := list(waiting.filter(pk__gt=last).select_related("booking", "connection")[:AT_ONCE]):
        last = batch[-1].pk
        unsure = [record for record in batch if record.shown_revision < record.wanted_revision]
        doubtful = [record for record in _with_attempts(unsure, now) if record.attempt]
        SyncRecord.objects.bulk_update(doubtful, ["attempt"])
        count += len(doubtful)
    return count


def _with_attempts(records: list[SyncRecord], now: datetime) -> list[SyncRecord]:
    """Give each the attempt that may have been made of it. What is not found is made a minute from now."""
    meetings = meetings_of([record.booking for record in records])
    for record, meeting in zip(records, meetings, strict=True):
        push = claim.push_of(record.connection, record, meeting, now)
        values = registry.provider(record.connection.service).unsure(push)
        if values is not None:
            record.attempt = {"at": now.isoformat(), "revision": meeting.revision, "values": dict(values)}
    return records
