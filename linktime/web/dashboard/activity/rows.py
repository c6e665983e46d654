"""What a row of the timeline says: the latest change of one booking on its way to one CRM."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from linktime.connections.facts import Problem
from linktime.connections.models import State
from linktime.core.meeting import ChangeKind
from linktime.crm import claim, registry
from linktime.crm.contract import Manifest
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.crm.options import Decision, decisions
from linktime.crm.remedies import COMMON, remedy_for, remedy_of_connection
from linktime.web.dashboard.bookings import story
from linktime.web.dashboard.bookings.rows import Sync, sync_of
from linktime.web.reading import Reading


@dataclass(frozen=True, slots=True)
class Row:
    """`words` is its sentence, `why` the reason of the try that is under way, `next_try` None where none is ahead.

    `said` is what the CRM itself says of a failure, `decisions` are what somebody can decide for this booking alone.
    """

    record: SyncRecord
    sync: Sync
    words: str
    why: str
    problem: Problem | None
    said: str
    next_try: datetime | None
    decisions: list[Decision]
    to_retry: bool
    to_reconnect: bool


def row_of(record: SyncRecord, latest: SyncAttempt | None, now: datetime) -> Row:
    manifest = registry.provider(record.connection.service).manifest
    pending, failed = record.state == SyncRecord.State.PENDING, record.state == SyncRecord.State.FAILED
    stopped = record.connection.state == State.NEEDS_RECONNECT
    troubled = bool(record.error_code) and (pending or failed)
    next_try = claim.next_try(record) if pending and troubled else None
    told = troubled or record.dismissed or (pending and stopped)
    problem = _problem(record, manifest, stopped=stopped) if told else None
    return Row(
        record=record,
        sync=sync_of(record),
        words=words(record, latest, manifest, story.kinds_of(record).get(record.wanted_revision)),
        why=story.WHY.get(SyncRecord.Cause(record.cause), "") if pending else "",
        problem=problem,
        said=_said(record, problem) if problem and failed else "",
        next_try=next_try if next_try and next_try > now else None,
        decisions=decisions(record) if failed else [],
        to_retry=(troubled or failed or record.dismissed) and record.connection.state == State.CONNECTED,
        to_reconnect=pending and stopped,
    )


def _problem(record: SyncRecord, manifest: Manifest, *, stopped: bool) -> Problem:
    later = record.state == SyncRecord.State.PENDING
    if later and stopped:
        return remedy_of_connection(record.connection)
    return remedy_for(manifest.name, record.error_code, record.error_message, later=later)


def _said(record: SyncRecord, problem: Problem) -> str:
    """Return the CRM's own words, unless the problem has them already, or they are our own."""
    told = record.error_message.removesuffix(".") in problem.what
    return "" if told or record.error_code in COMMON else record.error_message


def words(record: SyncRecord, latest: SyncAttempt | None, manifest: Manifest, change: ChangeKind | None) -> str:
    """Say where the change stands: `Rescheduled → Event updated in Salesforce, 1 call, 0.3 s`."""
    subject, crm = story.subject_of(change), manifest.label
    match record.state:
        case SyncRecord.State.SYNCED if latest:
            return f"{subject} → {story.done(latest, manifest)}, {story.cost(latest)}"
        case SyncRecord.State.SYNCED:
            return f"{subject} → in {crm}"
        case SyncRecord.State.SKIPPED if record.dismissed:
            return f"{subject} → dismissed, not in {crm}"
        case SyncRecord.State.SKIPPED:
            return f"{subject} → nothing to do in {crm}"
        case SyncRecord.State.FAILED:
            return f"{subject} → not in {crm}"
    return f"{subject} → not yet in {crm}" if record.error_code else f"{subject} → on its way to {crm}"


def by_day(found: Iterable[Row], reading: Reading) -> list[tuple[date, list[Row]]]:
    def day(row: Row) -> date:
        return reading.local(row.record.wanted_at).date()

    return [(key, list(group)) for key, group in groupby(found, day)]
