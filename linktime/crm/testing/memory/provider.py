"""MemoryCrm: as a provider should be, and nothing besides. A first booking takes two calls, a change one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import batched
from typing import Any, ClassVar

from linktime.core.meeting import Meeting, Status
from linktime.crm.contract import (
    Attempt,
    CrmError,
    Difference,
    Drift,
    DriftKind,
    Finding,
    Gone,
    Level,
    Manifest,
    Outcome,
    Push,
    Remote,
    Seen,
    Session,
    Step,
    Uncertain,
    Write,
)
from linktime.crm.testing.memory import convert
from linktime.crm.testing.memory.client import Row, call, required_of_contacts
from linktime.crm.testing.memory.manifest import MANIFEST
from linktime.crm.testing.memory.service import MOST

DELETED_THERE = "The meeting was deleted in Memory."
ARRIVED = "It had arrived: only the answer was lost."


class MemoryCrm:
    manifest: ClassVar[Manifest] = MANIFEST

    def push(self, session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
        yield from _update(session, [push for push in pushes if push.step == Step.UPDATE])
        yield from _look_up(session, [push for push in pushes if push.step == Step.LOOK_UP])
        yield from _create(session, [push for push in pushes if push.step == Step.CREATE])

    def remove_twins(self, session: Session, attempt: Attempt, remote: Remote) -> str:
        """Remove what a lost create made late, if nobody has touched it."""
        found = _made_by(session, [attempt])[0]
        twins = [row for row in found if convert.is_as_sent(row, attempt.values["fields"])]
        ids = [{"id": row["id"]} for row in twins if row["id"] != remote.meeting_id]
        if ids:
            call(session, "/meetings/delete", ids)
        return f"Removed {len(ids)} meeting that was made a second time." if ids else ""

    def unsure(self, push: Push) -> Mapping[str, Any] | None:
        if push.remote.meeting_id:
            return None  # a change may be repeated
        return {"email": push.meeting.invitee.email, "fields": convert.fields(push.meeting)}

    def check(self, session: Session) -> Iterator[Finding]:
        for name in required_of_contacts(session):
            yield Finding(Level.ERROR, "required", f"A new contact must have {name}.", "contact", name)

    def preview(self, meeting: Meeting, *, before: Meeting | None, known: bool) -> Sequence[Write]:
        if before is not None:
            return [Write("meeting", creates=False, fields=convert.changes(meeting))]
        contact = convert.contact(meeting)
        new = {"email": contact["email"], **contact["if_new"]}
        fields = {**({} if known else new), **contact["always"]}
        return [Write("contact", not known, fields), Write("meeting", creates=True, fields=convert.fields(meeting))]

    def read_back(self, session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Seen]]:
        for some in batched(pushes, MOST, strict=False):
            rows = call(session, "/meetings/read", [{"id": push.remote.meeting_id} for push in some])
            yield [Seen(push.key, _drift(push, row)) for push, row in zip(some, rows, strict=True)]

    def contact_url(self, api_url: str, remote: Remote) -> str:
        return f"{api_url}/{remote.contact_id}"

    def meeting_url(self, api_url: str, remote: Remote) -> str:
        return f"{api_url}/{remote.meeting_id}"


def _drift(push: Push, row: Row | CrmError) -> Drift | None:
    if isinstance(row, Gone):
        return Drift(DriftKind.DELETED, DELETED_THERE, "It is made anew.", Remote(contact_id=push.remote.contact_id))
    if isinstance(row, CrmError):
        raise row
    changed = [
        Difference(name, ours, row[name], restored=True)
        for name, ours in convert.changes(push.meeting).items()
        if row[name] != ours
    ]
    there = replace(push.remote, contact_id=row["contact_id"])
    if changed:
        return Drift(DriftKind.EDITED, "The meeting was changed in Memory.", "It is set back.", there, changed)
    if row["contact_id"] != push.remote.contact_id:
        return Drift(DriftKind.MERGED, "The contact was merged in Memory.", "The booking is linked anew.", there)
    return None


def _create(session: Session, pushes: Sequence[Push], *, again: bool = True) -> Iterator[Sequence[Outcome]]:
    """Log bookings; a contact that vanishes in between is made again, once."""
    if not pushes:
        return
    waiting = {push.key: push for push in pushes}
    gone: list[Push] = []
    for group in _created(session, pushes):
        vanished = {one.key for one in group if isinstance(one.error, Gone) and again}
        gone += [waiting[key] for key in sorted(vanished)]
        yield [one for one in group if one.key not in vanished]
    session.withdraw(push.key for push in gone)
    yield from _create(session, gone, again=False)


def _created(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    contacts = call(session, "/contacts/upsert", [convert.contact(push.meeting) for push in pushes])
    told = list(zip(pushes, contacts, strict=True))
    yield [Outcome(push.key, error=contact) for push, contact in told if isinstance(contact, CrmError)]
    ready = [
        (push, {"contact_id": contact["id"], "fields": convert.fields(push.meeting)})
        for push, contact in told
        if not isinstance(contact, CrmError)
    ]
    rows = zip(ready, _sent(session, ready), strict=True)
    yield [_outcome(push, row, Remote(contact_id=one["contact_id"])) for (push, one), row in rows]


def _sent(session: Session, ready: Sequence[tuple[Push, Row]]) -> list[Row | CrmError]:
    """Send creates, remembered first; forget them when it is sure that nothing was made."""
    if not ready:
        return []
    attempts = {push.key: {"email": push.meeting.invitee.email, **one} for push, one in ready}
    session.creating(attempts)
    try:
        return call(session, "/meetings/create", [one for _, one in ready], creates=True)
    except Uncertain:
        raise
    except CrmError:
        session.withdraw(attempts)
        raise


def _update(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    """Bring meetings forward; one that was deleted is made anew while it takes place, and rests otherwise."""
    if not pushes:
        return
    inputs = [{"id": push.remote.meeting_id, "fields": convert.changes(push.meeting)} for push in pushes]
    told = list(zip(pushes, call(session, "/meetings/change", inputs), strict=True))
    anew = [push for push, row in told if isinstance(row, Gone) and push.meeting.status == Status.CONFIRMED]
    yield [_changed(push, row) for push, row in told if push not in anew]
    yield from _create(session, anew)


def _changed(push: Push, row: Row | CrmError) -> Outcome:
    if isinstance(row, Gone):
        return Outcome(push.key, remote=push.remote, nothing_to_do=True, note=DELETED_THERE)
    return _outcome(push, row, push.remote)


def _look_up(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    """Take over what lost creates made; create again only what had time enough to arrive."""
    sought = [(push, push.attempt) for push in pushes if push.attempt]
    found = list(zip(sought, _made_by(session, [attempt for _, attempt in sought]), strict=True))
    adopted = [(replace(push, remote=_remote(rows[0])), attempt) for (push, attempt), rows in found if rows]
    missing = [push for (push, _), rows in found if not rows]
    current = [push for push, attempt in adopted if attempt.revision == push.meeting.revision]
    early = Uncertain("The create may still arrive")
    yield [
        *(Outcome(push.key, remote=push.remote, note=ARRIVED) for push in current),
        *(Outcome(push.key, error=early) for push in missing if not push.may_create),
    ]
    yield from _update(session, [push for push, _ in adopted if push not in current])
    yield from _create(session, [push for push in missing if push.may_create])


def _remote(row: Row) -> Remote:
    return Remote(contact_id=row["contact_id"], meeting_id=row["id"])


def _made_by(session: Session, attempts: Sequence[Attempt]) -> list[list[Row]]:
    """Return, for each attempt, the meetings that it may have made and no booking owns."""
    if not attempts:
        return []
    rows = call(session, "/meetings/find", [{"email": attempt.values["email"]} for attempt in attempts])
    found = [_meetings(row) for row in rows]
    owned = session.owned(row["id"] for made in found for row in made)
    free = [[row for row in made if row["id"] not in owned] for made in found]
    return [
        [row for row in made if row.get("reference") == attempt.values["fields"]["reference"]]
        for attempt, made in zip(attempts, free, strict=True)
    ]


def _meetings(row: Row | CrmError) -> list[Row]:
    """Return what was found; a look-up that failed is an error, never "not found"."""
    if isinstance(row, CrmError):
        raise row
    return list(row["meetings"])


def _outcome(push: Push, row: Row | CrmError, remote: Remote) -> Outcome:
    if isinstance(row, CrmError):
        return Outcome(push.key, error=row)
    return Outcome(push.key, remote=replace(remote, meeting_id=row["id"]))
