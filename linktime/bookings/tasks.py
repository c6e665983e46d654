"""What happens to bookings by the clock. Each may run twice: the rows say what is left to do."""

from linktime.bookings import holds, reminders, waiting
from linktime.core import clock
from linktime.jobs.enqueue import periodic


@periodic(cron="* * * * * */20")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    """Tell of reminders that are due, and let go what nobody confirmed or booked in time."""
    now = clock.now()
    reminders.send_due(now)
    waiting.expire_due(now)
    holds.forget_expired(now)
