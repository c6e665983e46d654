"""Attempts to sync, and the changes that they are about, told as people tell them."""

import json
from collections import defaultdict
from dataclasses import dataclass

from linktime.bookings.models import BookingChange
from linktime.connections.facts import Problem
from linktime.core.meeting import ChangeKind
from linktime.crm import registry
from linktime.crm.contract import Manifest
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.crm.remedies import remedy_for

MOST = 50
QUICK = 100  # ms
ARRIVED, WAITS, FAILED = ("good", "circle-check"), ("warn", "clock"), ("bad", "circle-alert")
LOOKS = {
    SyncAttempt.Outcome.DONE: ARRIVED,
    SyncAttempt.Outcome.LATER: WAITS,
    SyncAttempt.Outcome.FAILED: FAILED,
}
CHANGES = {
    ChangeKind.BOOKED: "Booked",
    ChangeKind.REQUESTED: "Requested",
    ChangeKind.VERIFIED: "Email confirmed",
    ChangeKind.CONFIRMED: "Confirmed",
    ChangeKind.DECLINED: "Declined",
    ChangeKind.EXPIRED: "Not answered in time",
    ChangeKind.RESCHEDULED: "Rescheduled",
    ChangeKind.CANCELLED: "Cancelled",
    ChangeKind.NO_SHOW: "No-show",
}
CHANGE_ICONS = {
    ChangeKind.BOOKED: "calendar-plus",
    ChangeKind.REQUESTED: "calendar-plus",
    ChangeKind.VERIFIED: "mail",
    ChangeKind.CONFIRMED: "calendar-check",
    ChangeKind.DECLINED: "ban",
    ChangeKind.EXPIRED: "ban",
    ChangeKind.RESCHEDULED: "calendar-clock",
    ChangeKind.CANCELLED: "calendar-x",
    ChangeKind.NO_SHOW: "user-x",
}
AHEAD = {SyncRecord.State.FAILED: FAILED, SyncRecord.State.SKIPPED: ("", "circle-dashed")}
THIS = "This booking"
WHY = {
    SyncRecord.Cause.PERSON: "somebody pressed Retry.",
    SyncRecord.Cause.MENDED: "another booking got through that had failed in the same way.",
    SyncRecord.Cause.CHECKED: "a check found nothing in the way any more.",
    SyncRecord.Cause.RESUMED: "the connection works again.",
    SyncRecord.Cause.BACKFILL: "a backfill found the booking.",
    SyncRecord.Cause.RESTORED: "somebody had it brought back.",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One request as people may see it: `line` names it, the bodies are JSON, or empty where they are not kept."""

    line: str
    sent: str
    answered: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt: `subject` → `result` is its sentence, `cost` what it took, `problem` what stood in the way.

    `said` are its requests, and `left_out` counts those not kept; `why` says why it was made, where no change of the
    booking was the reason.
    """

    attempt: SyncAttempt
    kind: str
    icon: str
    subject: str
    result: str
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


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the booking on its way to a CRM, with its attempts; `silence` says why there are none."""

    change: BookingChange
    kind: str
    icon: str
    subject: str
    entries: list[Entry]
    silence: str


def steps(record: SyncRecord) -> list[Step]:
    """Return the changes of a record's booking, the latest first."""
    by_revision: dict[int, list[Entry]] = defaultdict(list)
    for entry in attempts(record):
        by_revision[entry.attempt.revision].append(entry)
    changes = sorted(record.booking.changes.all(), key=lambda change: change.revision, reverse=True)
    return [_step(record, change, by_revision[change.revision]) for change in changes]


def _step(record: SyncRecord, change: BookingChange, entries: list[Entry]) -> Step:
    arrived = change.revision <= record.shown_revision
    kind, icon = ARRIVED if arrived else AHEAD.get(SyncRecord.State(record.state), WAITS)
    silence = silence_of(arrived=arrived, latest=change.revision == record.wanted_revision)
    return Step(change, kind, icon, subject_of(ChangeKind(change.kind)), entries, silence)


def silence_of(*, arrived: bool, latest: bool) -> str:
    """Say why a change has no attempt of its own."""
    if arrived:
        return "Its attempts are no longer kept." if latest else "Told together with a later change."
    return "Nothing has been sent yet." if latest else "Goes there together with the latest change."


def kinds_of(record: SyncRecord) -> dict[int, ChangeKind]:
    """Return what each revision of the record's booking was."""
    return {change.revision: ChangeKind(change.kind) for change in record.booking.changes.all()}


def _entry(attempt: SyncAttempt, manifest: Manifest, change: ChangeKind | None) -> Entry:
    kind, icon = LOOKS[SyncAttempt.Outcome(attempt.outcome)]
    return Entry(
        attempt=attempt,
        kind=kind,
        icon=icon,
        subject=subject_of(change),
        result=result(attempt, manifest),
        cost=cost(attempt),
        why=WHY.get(SyncRecord.Cause(attempt.cause), ""),
        problem=_problem(attempt, manifest) if attempt.error_code else None,
        said=[_said(exchange) for exchange in attempt.exchanges if "route" in exchange],
        left_out=sum(exchange.get("left_out", 0) for exchange in attempt.exchanges),
    )


def _problem(attempt: SyncAttempt, manifest: Manifest) -> Problem:
    later = attempt.outcome == SyncAttempt.Outcome.LATER
    return remedy_for(manifest.name, attempt.error_code, attempt.error_message, later=later)


def result(attempt: SyncAttempt, manifest: Manifest) -> str:
    """Say how an attempt ended: `Event updated in Salesforce`."""
    if attempt.action == "recheck":
        return f"{manifest.label} was looked through once more"
    match attempt.outcome:
        case SyncAttempt.Outcome.DONE:
            return done(attempt, manifest)
        case SyncAttempt.Outcome.LATER:
            return f"not yet in {manifest.label}, will be tried again"
    return f"not in {manifest.label}"


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
