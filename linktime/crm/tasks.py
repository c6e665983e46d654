"""Drains and what wakes them. The record is the truth; a job is only a wake-up, and a lost one costs seconds."""

from linktime.core import clock
from linktime.crm import claim, engine
from linktime.jobs.enqueue import CRM, enqueue_once, periodic, task


@task(queue=CRM)
def drain(organisation_id: int) -> None:
    """Push one batch, then look once more: what came meanwhile found the lease taken and went away."""
    engine.drain(organisation_id, clock.now)
    if engine.more_is_due(organisation_id, clock.now()):
        wake(organisation_id)


def wake(organisation_id: int) -> None:
    enqueue_once(drain, f"drain:{organisation_id}", organisation_id=organisation_id)


@periodic(cron="* * * * * */15")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    """Wake every organisation with something due, so that nothing depends on a wake-up."""
    now = clock.now()
    waiting = claim.due(now).values_list("organisation_id", flat=True).distinct()
    doubtful = claim.due_recheck(now).values_list("organisation_id", flat=True).distinct()
    for organisation_id in waiting.union(doubtful):
        wake(organisation_id)
