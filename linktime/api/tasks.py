from linktime.api import answers
from linktime.core import clock
from linktime.jobs import enqueue


@enqueue.periodic(cron="17 * * * * 0")
def forget_answers(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    """Once an hour, forget answers under an Idempotency-Key that are a day old."""
    answers.forget_expired(clock.now())
