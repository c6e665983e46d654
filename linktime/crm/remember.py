"""outcome -> record: what a push changes in the database, in one transaction under the lease."""

import random
from datetime import datetime, timedelta

from linktime.connections import states
from linktime.connections.models import Connection
from linktime.crm import plan
from linktime.crm.contract import (
    CrmError,
    Misconfigured,
    Outcome,
    Push,
    Reconnect,
    Scope,
    Spent,
    Step,
    TryAgain,
    Uncertain,
    concerns_everybody,
)
from linktime.crm.lease import Lease
from linktime.crm.models import Organisation, SyncAttempt, SyncRecord

CONNECTION_WAIT = timedelta(minutes=5)


def remember(
    lease: Lease, connection: Connection, push: Push, outcome: Outcome, *, spent: Spent, sent: bool, now: datetime
) -> None:
    """Write down what became of a push. `sent` says that a create of it went out in this drain."""
    with lease.writing():
        record = SyncRecord.objects.select_for_update().get(pk=push.key)
        if outcome.remote is not None:
            _remember_progress(record, push, outcome, now)
        if outcome.error is not None:
            _remember_error(record, push, outcome.error, sent=sent, now=now)
        record.save()
        _log(record, push, outcome, spent, now)
        _remember_weather(lease, record, push, outcome.error, now)
    if isinstance(outcome.error, Reconnect):
        states.grant_died(connection, code=outcome.error.code, message=outcome.error.message)


def _remember_progress(record: SyncRecord, push: Push, outcome: Outcome, now: datetime) -> None:
    remote = outcome.remote or push.remote
    record.contact_id, record.meeting_id, record.remote = remote.contact_id, remote.meeting_id, dict(remote.written)
    record.shown_revision = push.meeting.revision if outcome.revision is None else outcome.revision
    record.error_code = record.error_message = ""
    if outcome.error is not None:
        return
    record.attempt, record.tries, record.synced_at = None, 0, now
    if record.wanted_revision > record.shown_revision:
        record.state, record.due_at = SyncRecord.State.PENDING, now
    else:
        record.state = SyncRecord.State.SKIPPED if outcome.nothing_to_do else SyncRecord.State.SYNCED
        record.due_at = None


def _remember_error(record: SyncRecord, push: Push, error: CrmError, *, sent: bool, now: datetime) -> None:
    record.error_code, record.error_message = error.code, error.message
    answer_known = sent and not isinstance(error, Uncertain) and error.code != "internal"
    if answer_known:
        record.attempt = None
    match error:
        case Uncertain() | TryAgain() | Reconnect() | Misconfigured():
            record.due_at = _next_try(record, push, error, now)
            record.tries += 1
        case _ if record.wanted_revision > push.meeting.revision:
            record.due_at = now  # a newer revision gives it a new chance
        case _:
            record.state, record.due_at = SyncRecord.State.FAILED, None


def _next_try(record: SyncRecord, push: Push, error: CrmError, now: datetime) -> datetime:
    if isinstance(error, Uncertain) and push.attempt and not push.may_create:
        return max(now, push.attempt.at + plan.LOST_AFTER)
    if isinstance(error, Uncertain) or (isinstance(error, TryAgain) and error.scope == Scope.ROW):
        return now + (getattr(error, "after", None) or _wait(record.tries))
    return record.due_at or now  # it keeps its place; the organisation or the connection waits as a whole


def _wait(tries: int) -> timedelta:
    return plan.backoff(tries, random.random())  # noqa: S311 - jitter, not a secret


def _log(record: SyncRecord, push: Push, outcome: Outcome, spent: Spent, now: datetime) -> None:
    if push.step == Step.REST:
        return
    error = outcome.error
    SyncAttempt.objects.create(
        record=record,
        at=now,
        revision=push.meeting.revision,
        action=push.step,
        calls=spent.calls,
        ms=spent.ms,
        outcome=_outcome_word(record, error),
        error_code=error.code if error else "",
        error_message=error.message if error else "",
        note=outcome.note,
    )


def _outcome_word(record: SyncRecord, error: CrmError | None) -> str:
    if error is None:
        return SyncAttempt.Outcome.DONE
    failed = record.state == SyncRecord.State.FAILED
    return SyncAttempt.Outcome.FAILED if failed else SyncAttempt.Outcome.LATER


def _remember_weather(lease: Lease, record: SyncRecord, push: Push, error: CrmError | None, now: datetime) -> None:
    """Let whoever is in trouble wait, longer each time; forget that when it answers again."""
    organisation = Organisation.objects.get(pk=lease.organisation_id)
    match error:
        case TryAgain(scope=Scope.ORGANISATION) | Uncertain() if concerns_everybody(push, error):
            wait = getattr(error, "after", None) or _wait(organisation.failures)
            organisation.failures, organisation.retry_at = organisation.failures + 1, now + wait
            organisation.save(update_fields=["failures", "retry_at"])
        case TryAgain(scope=Scope.CONNECTION) | Misconfigured():
            until = now + (getattr(error, "after", None) or CONNECTION_WAIT)
            SyncRecord.objects.filter(connection=record.connection_id, due_at__lt=until).update(due_at=until)
        case None if organisation.failures:
            organisation.failures, organisation.retry_at = 0, None
            organisation.save(update_fields=["failures", "retry_at"])


def forget_doubt(lease: Lease, record: SyncRecord, notes: list[str], *, calls: int, now: datetime) -> None:
    """Close the matter of a lost create; what was removed is logged."""
    with lease.writing():
        SyncRecord.objects.filter(pk=record.pk).update(doubt=None, recheck_at=None)
        for note in filter(None, notes):
            SyncAttempt.objects.create(
                record=record,
                at=now,
                revision=record.shown_revision,
                action="recheck",
                calls=calls,
                ms=0,
                outcome=SyncAttempt.Outcome.DONE,
                note=note,
            )
