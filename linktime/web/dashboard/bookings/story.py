"""Attempts to sync, told as people tell them."""

from dataclasses import dataclass

from linktime.connections.facts import Problem
from linktime.core.meeting import ChangeKind
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.crm.remedies import remedy_for

MOST = 50
LOOKS = {
    SyncAttempt.Outcome.DONE: ("good", "circle-check"),
    SyncAttempt.Outcome.LATER: ("warn", "clock"),
    SyncAttempt.Outcome.FAILED: ("bad", "circle-alert"),
}
CHANGES = {
    ChangeKind.BOOKED: "Booked",
    ChangeKind.CONFIRMED: "Confirmed",
    ChangeKind.RESCHEDULED: "Rescheduled",
    ChangeKind.CANCELLED: "Cancelled",
    ChangeKind.NO_SHOW: "No-show",
}
DONE = {"create": "written to {crm}", "update": "updated in {crm}", "look_up": "found or written in {crm}"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt: `words` is its sentence, `cost` what it took, `problem` what stood in the way."""

    attempt: SyncAttempt
    kind: str
    icon: str
    words: str
    cost: str
    problem: Problem | None


def attempts(record: SyncRecord, crm: str) -> list[Entry]:
    """Return a record's attempts, the latest first."""
    kinds = {change.revision: ChangeKind(change.kind) for change in record.booking.changes.all()}
    return [_entry(attempt, crm, kinds, record) for attempt in record.attempts.order_by("-at", "-id")[:MOST]]


def _entry(attempt: SyncAttempt, crm: str, kinds: dict[int, ChangeKind], record: SyncRecord) -> Entry:
    kind, icon = LOOKS[SyncAttempt.Outcome(attempt.outcome)]
    problem = None
    if attempt.error_code:
        later = attempt.outcome == SyncAttempt.Outcome.LATER
        problem = remedy_for(record.connection.service, attempt.error_code, attempt.error_message, later=later)
    return Entry(attempt, kind, icon, words(attempt, crm, kinds.get(attempt.revision)), cost(attempt), problem)


def words(attempt: SyncAttempt, crm: str, change: ChangeKind | None) -> str:
    """Say what the attempt was about and how it ended: `Rescheduled → updated in Salesforce`."""
    subject = CHANGES[change] if change else "This booking"
    if attempt.action == "recheck":
        return f"{crm} was looked through once more"
    match attempt.outcome:
        case SyncAttempt.Outcome.DONE:
            return f"{subject} → {DONE.get(attempt.action, 'brought to {crm}').format(crm=crm)}"
        case SyncAttempt.Outcome.LATER:
            return f"{subject} → not yet in {crm}, will be tried again"
    return f"{subject} → not in {crm}"


def cost(attempt: SyncAttempt) -> str:
    return f"{attempt.calls} call{'' if attempt.calls == 1 else 's'}, {attempt.ms / 1000:.1f} s"
