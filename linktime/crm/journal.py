"""Every attempt as a row that people read, and as a line in the log and a link in the trace, for operators.

A line names rows and codes, and never what the CRM said: its messages quote what was sent.
"""

import logging
from collections.abc import Sequence
from functools import partial

from django.db import transaction

from linktime.bookings.models import BookingChange
from linktime.core import telemetry
from linktime.core.about import about
from linktime.crm.models import SyncAttempt

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
