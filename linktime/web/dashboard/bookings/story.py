"""Attempts to sync, told as people tell them."""

import json
from dataclasses import dataclass

from linktime.connections.facts import Problem
from linktime.core.meeting import ChangeKind
from linktime.crm import registry
from linktime.crm.contract import Manifest
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.crm.remedies import remedy_for

MOST = 50
QUICK = 100  # ms
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
THIS = "This booking"
WHY = {
    SyncRecord.Cause.PERSON: "somebody pressed Retry.",
    SyncRecord.Cause.MENDED: "another booking got through that had failed in the same way.",
    SyncRecord.Cause.CHECKED: "a check found nothing in the way any more.",
    SyncRecord.Cause.RESUMED: "the connection works again.",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One request as people may see it: `line` names it, the bodies are JSON, or empty where they are not kept."""

    line: str
    sent: str
    answered: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt: `words` is its sentence, `cost` what it took, `problem` what stood in the way, `said` its requests.

    `why` says why it was made, where no change of the booking was the reason; `left_out` counts requests not kept.
    """

    attempt: SyncAttempt
    kind: str
    icon: str
    words: str
    cost: str
    why: str
    problem: Problem | None
    said: list[Said]
    left_out: int


def attempts(record: SyncRecord, most: int = MOST) -> list[Entry]:
    """Return a record's attempts, the latest first."""
    manifest = registry.provider(record.connection.service).manifest
    kinds = kinds_of(record)
    found = record.attempts.order_by("-at", "-id")[:most]
    return [_entry(attempt, manifest, kinds.get(attempt.revision)) for attempt in found]


def kinds_of(record: SyncRecord) -> dict[int, ChangeKind]:
    """Return what each revision of the record's booking was."""
    return {change.revision: ChangeKind(change.kind) for change in record.booking.changes.all()}


def _entry(attempt: SyncAttempt, manifest: Manifest, change: ChangeKind | None) -> Entry:
    kind, icon = LOOKS[SyncAttempt.Outcome(attempt.outcome)]
    return Entry(
        attempt=attempt,
        kind=kind,
        icon=icon,
        words=words(attempt, manifest, change),
        cost=cost(attempt),
        why=WHY.get(SyncRecord.Cause(attempt.cause), ""),
        problem=_problem(attempt, manifest) if attempt.error_code else None,
        said=[_said(exchange) for exchange in attempt.exchanges if "route" in exchange],
        left_out=sum(exchange.get("left_out", 0) for exchange in attempt.exchanges),
    )


def _problem(attempt: SyncAttempt, manifest: Manifest) -> Problem:
    later = attempt.outcome == SyncAttempt.Outcome.LATER
    return remedy_for(manifest.name, attempt.error_code, attempt.error_message, later=later)


def words(attempt: SyncAttempt, manifest: Manifest, change: ChangeKind | None) -> str:
    """Say what the attempt was about and how it ended: `Rescheduled → Event updated in Salesforce`."""
    subject, crm = subject_of(change), manifest.label
    if attempt.action == "recheck":
        return f"{crm} was looked through once more"
    match attempt.outcome:
        case SyncAttempt.Outcome.DONE:
            return f"{subject} → {done(attempt, manifest)}"
        case SyncAttempt.Outcome.LATER:
            return f"{subject} → not yet in {crm}, will be tried again"
    return f"{subject} → not in {crm}"


def subject_of(change: ChangeKind | None) -> str:
    return CHANGES[change] if change else THIS


def done(attempt: SyncAttempt, manifest: Manifest) -> str:
    what = {"create": manifest.made, "update": manifest.changed}
    return f"{what.get(attempt.action, 'found or made anew')} in {manifest.label}"


def cost(attempt: SyncAttempt) -> str:
    took = f"{attempt.ms / 1000:.1f} s" if attempt.ms >= QUICK else f"{attempt.ms} ms"
    calls = f"{attempt.calls} call{'' if attempt.calls == 1 else 's'}" if attempt.calls else "in one call with others"
    return f"{calls}, {took}"


def _said(exchange: dict[str, object]) -> Said:
    status = exchange["status"] or "no answer"
    return Said(
        line=f"{exchange['method']} {exchange['route']} → {status}, {exchange['ms']} ms",
        sent=_pretty(exchange.get("sent")),
        answered=_pretty(exchange.get("answered")),
    )


def _pretty(body: object) -> str:
    return "" if body is None else json.dumps(body, indent=2, ensure_ascii=False)
