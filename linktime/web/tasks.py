from datetime import timedelta

from linktime.core import clock
from linktime.jobs import enqueue
from linktime.web import rate


@enqueue.periodic(cron="23 * * * * 0")
def forget_visits(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    """Once an hour, forget how often whom asked for pages; nobody's address is kept longer."""
    rate.forget(clock.now() - timedelta(minutes=2))
