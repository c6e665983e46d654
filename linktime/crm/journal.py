"""Every attempt as a row that people read, and as a line in the log and a link in the trace, for operators.

A line names rows and codes, and never what the CRM said: its messages quote what was sent.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from linktime.bookings.models import BookingChange
from linktime.core import clock, telemetry
from linktime.core.about import about
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.jobs.enqueue import periodic

AT_ONCE = 5_000

logger = logging.getLogger(__name__)


def write(attempts: Sequence[SyncAttempt]) -> None:
    """Keep attempts, each with its record in hand; they are told of when the caller's transaction is committed."""
    SyncAttempt.objects.bulk_create(attempts)
    transaction.on_commit(partial(_tell, attempts), robust=True)


def _tell(attempts: Sequence[SyncAttempt]) -> None:
    for attempt in attempts:
        _log(attempt)
    if telemetry.on():
        _link(attempts)


def _log(attempt: SyncAttempt) -> None:
    record = attempt.record
    failed = attempt.outcome == SyncAttempt.Outcome.FAILED
    rows = {"connection": record.connection_id, "organisation": record.organisation_id, "record": record.pk}
    with about(booking=record.booking_id, revision=attempt.revision, attempt=attempt.pk, **rows):
        logger.log(
            logging.WARNING if failed else logging.INFO,
            "%s: %s",
            attempt.action,
            attempt.outcome,
            extra={"outcome": attempt.outcome, "code": attempt.error_code, "calls": attempt.calls, "ms": attempt.ms},
        )


def _link(attempts: Sequence[SyncAttempt]) -> None:
    """Link the trace under way to those of the changes: what woke this drain may have been a sweep."""
    about_them = {(attempt.record.booking_id, attempt.revision) for attempt in attempts}
    changes = BookingChange.objects.filter(booking__in=[booking for booking, _ in about_them]).exclude(trace="")
    told = changes.values_list("booking_id", "revision", "trace")
    telemetry.link(trace for booking, revision, trace in told if (booking, revision) in about_them)


@periodic(cron="31 3 * * * 0")
def forget_attempts(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told when it was due
    """Delete, once a day, attempts that are older than the operator wants to keep."""
    if settings.RETENTION_DAYS:
        delete_old(settings.RETENTION_DAYS, clock.now())


def delete_old(days: int, now: datetime) -> int:
    """Delete attempts from more than `days` ago, but those of bookings that still wait or failed; return how many."""
    settled = (SyncRecord.State.SYNCED, SyncRecord.State.SKIPPED)
    old = SyncAttempt.objects.filter(at__lt=now - timedelta(days=days), record__state__in=settled).order_by("at")
    count = 0
    while ids := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        count += SyncAttempt.objects.filter(pk__in=ids).delete()[0]
    return count
