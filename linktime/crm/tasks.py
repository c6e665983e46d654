"""Drains and what wakes them. The record is the truth; a job is only a wake-up, and a lost one costs seconds."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from linktime.core import clock
from linktime.core.compiled import Compiled, Given
from linktime.crm import claim, engine
from linktime.crm.models import Organisation
from linktime.jobs.enqueue import CRM, TROUBLED, enqueue_once, others_wait, periodic, task

_failures = Compiled(lambda: Organisation.objects.filter(pk=Given("pk")).values_list("failures", flat=True))


@task(queue=CRM)
def drain(organisation_id: int) -> None:
    """Push what is due, then look once more: a drain that found the lease taken meanwhile went away."""
    now = clock.shared()
    drained = engine.drain(organisation_id, now, lambda: others_wait(CRM, TROUBLED))
    if drained and claim.more_is_due(organisation_id, now()):
        wake(organisation_id)


def wake(organisation_id: int) -> None:
    """Have an organisation drained; one in trouble where it keeps no thread from those that are well."""
    queue = queue_of(_failures(pk=organisation_id))
    enqueue_once(drain, f"drain:{organisation_id}", queue=queue, organisation_id=organisation_id)


def queue_of(failures: Iterable[int]) -> str:
    """Return the queue for an organisation that has failed so often in a row; of one that is gone there are none."""
    return TROUBLED if any(failures) else CRM


@periodic(cron="* * * * * */3")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's signature
    """Wake every organisation with something due, so that nothing depends on a wake-up."""
    for organisation_id in _with_work(now=clock.shared()()):
        wake(organisation_id)


@Compiled
def _with_work() -> QuerySet[Organisation, int]:
    waiting = claim.due().filter(organisation=OuterRef("pk"))
    doubtful = claim.due_recheck().filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(waiting) | Exists(doubtful)).values_list("pk", flat=True)
