"""Every attempt in the log and in the trace, for operators; what people read of it is the row itself.

A line names rows and codes, and never what the CRM said: its messages quote what was sent.
"""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from linktime.bookings.models import BookingChange
from linktime.core import telemetry
from linktime.core.about import about
from linktime.crm.models import SyncAttempt

logger = logging.getLogger(__name__)


def listen() -> None:
    """Tell of every attempt that is saved, once it is committed."""
    post_save.connect(_saved, SyncAttempt)


def _saved(*, instance: SyncAttempt, created: bool, **_signal: Any) -> None:
    if created:
        transaction.on_commit(partial(tell, instance), robust=True)


def tell(attempt: SyncAttempt) -> None:
    """Log one attempt, and link the trace under way to the one of the change that it was about."""
    record = attempt.record
    failed = attempt.outcome == SyncAttempt.Outcome.FAILED
    with about(
        booking=record.booking_id,
        revision=attempt.revision,
        record=record.pk,
        connection=record.connection_id,
        organisation=record.organisation_id,
        attempt=attempt.pk,
    ):
        logger.log(
            logging.WARNING if failed else logging.INFO,
            "%s: %s",
            attempt.action,
            attempt.outcome,
            extra={"outcome": attempt.outcome, "code": attempt.error_code, "calls": attempt.calls, "ms": attempt.ms},
        )
    if telemetry.on():
        changes = BookingChange.objects.filter(booking=record.booking_id, revision=attempt.revision)
        telemetry.link(changes.values_list("trace", flat=True))
