"""What happens to bookings by the clock. Each may run twice: the rows say what is left to do."""

from django.conf import settings

from linktime.bookings import erasure, holds, reminders, waiting
from linktime.core import clock
from linktime.jobs.enqueue import periodic


@periodic(cron="* * * * * */20")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    """Tell of reminders that are due, and let go what nobody confirmed or booked in time."""
    now = clock.now()
    reminders.send_due(now)
    waiting.expire_due(now)
    holds.forget_expired(now)


@periodic(cron="11 3 * * * 0")
def forget_invitees(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told when it was due
    """Forget, once a day, the invitees of meetings long past, where the operator wants that."""
    if settings.INVITEE_RETENTION_DAYS:
        erasure.erase_old(settings.INVITEE_RETENTION_DAYS, clock.now())
