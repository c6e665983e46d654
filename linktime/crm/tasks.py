"""Drains and what wakes them. The record is the truth; a job is only a wake-up, and a lost one costs seconds."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from linktime.core import clock
from linktime.core.compiled import Compiled
from linktime.crm import claim, engine
from linktime.crm.models import Organisation
from linktime.jobs.enqueue import CRM, TROUBLED, enqueue_once, others_wait, periodic, task

_failures = Compiled(lambda: Organisation.objects.filter(pk=0).values_list("failures", flat=True))


@task(queue=CRM)
def drain(organisation_id: int) -> None:
    """Push what is due, then look once more: a drain that found the lease taken meanwhile went away."""
    now = clock.shared()
    drained = engine.drain(organisation_id, now, lambda: others_wait(CRM, TROUBLED))
    if drained and engine.more_is_due(organisation_id, now()):
        wake(organisation_id)


def wake(organisation_id: int) -> None:
    """Have an organisation drained; one in trouble where it keeps no thread from those that are well."""
    queue = queue_of(_failures(organisation_id))
    enqueue_once(drain, f"drain:{organisation_id}", queue=queue, organisation_id=organisation_id)


def queue_of(failures: Iterable[int]) -> str:
    """Return the queue for an organisation that has failed so often in a row; of one that is gone there are none."""
    return TROUBLED if any(failures) else CRM


@periodic(cron="* * * * * */3")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    """Wake every organisation with something due, so that nothing depends on a wake-up."""
    now = clock.shared()()
    waiting = claim.due(now).filter(organisation=OuterRef("pk"))
    doubtful = claim.due_recheck(now).filter(organisation=OuterRef("pk"))
    organisations = Organisation.objects.filter(Exists(waiting) | Exists(doubtful))
    for organisation_id in organisations.values_list("pk", flat=True):
        wake(organisation_id)
