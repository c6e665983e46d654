"""outcomes -> records: what one answer changes in the database, in one transaction under the lease."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection as database
from psycopg.types.json import Jsonb

from linktime.connections import states
from linktime.connections.models import Connection
from linktime.core import events
from linktime.crm import journal, masking, plan, trouble, weather
from linktime.crm.contract import Budget, CrmError, Outcome, Push, Reconnect, Spent, Step, Uncertain
from linktime.crm.events import BookingsHeldUp
from linktime.crm.exchanges import Exchange, private_texts, shown
from linktime.crm.lease import Lease
from linktime.crm.models import Organisation, SyncAttempt, SyncRecord
from linktime.crm.plan import Waits
from linktime.crm.weather import CLEAR, Weather

CONNECTION_WAIT = timedelta(minutes=5)

_COLUMNS = (
    *("state", "urgency", "shown_revision", "due_at", "tries", "contact_id", "meeting_id", "remote", "attempt"),
    *("error_code", "error_message", "synced_at", "cause"),
)
_SAVE = f"UPDATE crm_syncrecord SET {', '.join(f'{name} = %({name})s' for name in _COLUMNS)} WHERE id = %(id)s"  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a push. `sent` says that a create of it went out in this drain.

    `said` is what was sent and answered for it, `alone` that it was the only push.
    """

    push: Push
    outcome: Outcome
    spent: Spent
    sent: bool
    said: Sequence[Exchange] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Failure:
    error: CrmError
    waits: Waits


def remember(lease: Lease, connection: Connection, results: Sequence[Result], budget: Budget, now: datetime) -> bool:
    """Write down what became of some pushes, with a few queries for any number of them; say whether to go on."""
    with lease.writing() as organisation:
        records = SyncRecord.objects.select_for_update().in_bulk([result.push.key for result in results])
        results = [result for result in results if result.push.key in records]  # one may have been erased meanwhile
        mended = {_mended(records[result.push.key], result) for result in results} - {""}
        failures = [_take_in(organisation, records[result.push.key], result, now) for result in results]
        attempts = _attempts(records, results, now)
        _save(records.values())
        journal.write(attempts)
        _remember_weather(organisation, results, failures, budget, now)
        _let_connection_wait(connection, failures, now)
        _give_another_chance(connection, mended, now)
        _tell_of_trouble(connection, records.values(), now)
    for failure in failures:
        if failure and isinstance(failure.error, Reconnect):
            states.grant_died(connection, code=failure.error.code, message=failure.error.message)
    return not any(failure and failure.waits in (Waits.ORGANISATION, Waits.CONNECTION) for failure in failures)


def _take_in(organisation: Organisation, record: SyncRecord, result: Result, now: datetime) -> _Failure | None:
    if result.outcome.remote is not None:
        _remember_progress(record, result.push, result.outcome, now)
    if result.outcome.error is None:
        return None
    well = organisation.failures == 0
    failure = _Failure(
        result.outcome.error, plan.who_waits(result.push, result.outcome.error, well=well, tries=record.tries)
    )
    _remember_failure(record, result, failure, now)
    record.tries += plan.counts(result.push, failure.error, well=well)
    return failure


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


def _remember_failure(record: SyncRecord, result: Result, failure: _Failure, now: datetime) -> None:
    error, push = failure.error, result.push
    record.error_code, record.error_message = error.code[:100], _message(result)
    record.urgency = max(record.urgency, SyncRecord.Urgency.LIVE)  # a person's retry is for one try
    if result.sent and not isinstance(error, Uncertain) and error.code != "internal":
        record.attempt = None  # the answer is known: nothing was made
    if failure.waits != Waits.NOBODY:
        record.due_at = _next_try(record, push, failure, now)
    elif record.wanted_revision > push.meeting.revision:
        record.due_at = now  # a newer revision gives it a new chance
    else:
        record.state, record.due_at = SyncRecord.State.FAILED, None


def _next_try(record: SyncRecord, push: Push, failure: _Failure, now: datetime) -> datetime:
    """Say when a record that waits is due; what may be its own fault goes behind those that are due already."""
    told: timedelta | None = getattr(failure.error, "after", None)
    if failure.waits == Waits.RECORD and plan.is_early(push) and push.attempt:
        return max(now, push.attempt.at + plan.LOST_AFTER)
    if failure.waits == Waits.RECORD:
        return now + (told or _wait(record.tries))
    if failure.waits == Waits.ORGANISATION and told is None:
        return now
    return record.due_at or now


def _wait(tries: int) -> timedelta:
    return plan.backoff(tries, _jitter())


def _jitter() -> float:
    return random.random()  # noqa: S311 - no secret


def _save(records: Iterable[SyncRecord]) -> None:
    """Save all in one round trip; Django's own bulk update takes a hundred times as long for a thousand records."""
    rows = [{name: getattr(record, name) for name in ("id", *_COLUMNS)} for record in records]
    for row in rows:
        row["remote"], row["attempt"] = Jsonb(row["remote"]), row["attempt"] and Jsonb(row["attempt"])
    with database.cursor() as cursor:
        cursor.executemany(_SAVE, rows)


def _attempts(records: dict[int, SyncRecord], results: Sequence[Result], now: datetime) -> list[SyncAttempt]:
    tried = [result for result in results if result.push.step != Step.REST]
    return [_attempt(records[result.push.key], result, now) for result in tried]


def _attempt(record: SyncRecord, result: Result, now: datetime) -> SyncAttempt:
    """Tell of a try, which answers whatever caused it."""
    error = result.outcome.error
    cause, record.cause = record.cause, SyncRecord.Cause.CHANGE
    return SyncAttempt(
        record=record,
        at=now,
        revision=result.push.meeting.revision,
        action=result.push.step,
        calls=result.spent.calls,
        ms=result.spent.ms,
        outcome=_outcome_word(record, error),
        error_code=error.code[:100] if error else "",
        error_message=_message(result),
        note=result.outcome.note,
        cause=cause,
        exchanges=shown(
            result.said, result.push.meeting, whole=bool(error) or result.alone, code=error.code if error else ""
        ),
    )


def _message(result: Result) -> str:
    """Return what the CRM said of an error, without what is somebody's own."""
    error = result.outcome.error
    return masking.message(error.message, private_texts(result.push.meeting)) if error else ""


def _outcome_word(record: SyncRecord, error: CrmError | None) -> str:
    if error is None:
        return SyncAttempt.Outcome.DONE
    failed = record.state == SyncRecord.State.FAILED
    return SyncAttempt.Outcome.FAILED if failed else SyncAttempt.Outcome.LATER


def _remember_weather(
    organisation: Organisation,
    results: Sequence[Result],
    failures: Sequence[_Failure | None],
    budget: Budget,
    now: datetime,
) -> None:
    """Let an organisation in trouble wait; when it answers again, everything that waited for it is due."""
    before = now_is = _weather_of(organisation)
    if any(result.outcome.error is None and result.push.step != Step.REST for result in results):
        now_is = CLEAR
    for failure in failures:
        if failure and failure.waits == Waits.ORGANISATION:
            now_is = weather.after_failure(now_is, failure.error, now, _jitter())
    now_is = weather.after_answer(now_is, budget, now)
    if now_is == before:
        return
    Organisation.objects.filter(pk=organisation.pk).update(**asdict(now_is))
    for name, value in asdict(now_is).items():
        setattr(organisation, name, value)
    if before.failures and not now_is.failures:
        waiting = SyncRecord.objects.filter(organisation=organisation, state=SyncRecord.State.PENDING)
        waiting.filter(due_at__gt=now, attempt__isnull=True).update(due_at=now)


def _weather_of(organisation: Organisation) -> Weather:
    return Weather(
        failures=organisation.failures,
        retry_at=organisation.retry_at,
        live_from=organisation.live_from,
        background_from=organisation.background_from,
    )


def _let_connection_wait(connection: Connection, failures: Sequence[_Failure | None], now: datetime) -> None:
    for failure in failures:
        if failure and failure.waits == Waits.CONNECTION and not isinstance(failure.error, Reconnect):
            until = now + (getattr(failure.error, "after", None) or CONNECTION_WAIT)
            SyncRecord.objects.filter(connection=connection, due_at__lt=until).update(due_at=until)


def _mended(record: SyncRecord, result: Result) -> str:
    """Return the error that a record had and has no more."""
    return record.error_code if result.outcome.error is None else ""


def _give_another_chance(connection: Connection, mended: set[str], now: datetime) -> None:
    """Try again what failed as a record did that now succeeds, and what waited with it: the cause is mended."""
    if not mended:
        return
    records = SyncRecord.objects.filter(connection=connection)
    failed = records.filter(state=SyncRecord.State.FAILED, error_code__in=mended)
    pending, cause = SyncRecord.State.PENDING, SyncRecord.Cause.MENDED
    failed.update(state=pending, pending_since=now, due_at=now, tries=0, cause=cause)
    waiting = records.filter(state=SyncRecord.State.PENDING, error_code__in={"", *mended}, attempt__isnull=True)
    waiting.filter(due_at__gt=now).update(due_at=now)


def _tell_of_trouble(connection: Connection, records: Iterable[SyncRecord], now: datetime) -> None:
    held_up = [record for record in records if trouble.held_up(record, now)]
    if held_up:
        failed = tuple(record.pk for record in held_up if record.state == SyncRecord.State.FAILED)
        events.publish(BookingsHeldUp(connection, failed, now))


def forget_doubt(lease: Lease, record: SyncRecord, notes: list[str], *, calls: int, now: datetime) -> None:
    """Close the matter of a lost create; what was removed is logged."""
    with lease.writing():
        SyncRecord.objects.filter(pk=record.pk).update(doubt=None, recheck_at=None)
        journal.write([_rechecked(record, note, calls=calls, now=now) for note in filter(None, notes)])


def _rechecked(record: SyncRecord, note: str, *, calls: int, now: datetime) -> SyncAttempt:
    return SyncAttempt(
        record=record,
        at=now,
        revision=record.shown_revision,
        action="recheck",
        calls=calls,
        ms=0,
        outcome=SyncAttempt.Outcome.DONE,
        note=note,
    )
