"""Whether the notes stand that LinkTime wrote: one call for each person, two where something is missing.

A note that somebody has changed stays so, and is no drift.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from linktime.crm.contract import Drift, DriftKind, Gone, Push, Remote, Seen, Session
from linktime.crm.providers.attio.calls import Steps
from linktime.crm.providers.attio.lanes import alone
from linktime.crm.providers.attio.notes import about, all_notes, linked
from linktime.crm.providers.attio.people import Person, found

PERSON_DELETED = "The person was deleted in Attio, with the notes."
NOTES_DELETED = "A note of this booking was deleted in Attio."
MADE_ANEW = "LinkTime makes the person anew, with a note for each change."
WRITTEN_ANEW = "LinkTime writes the missing notes anew. The others stay as they are."
MERGED = "The person was merged into another one in Attio."
LINKED_ANEW = "LinkTime links the booking to the person who is left."

Notes = Sequence[Mapping[str, Any]]


def read_back(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Seen]]:
    """Read each person's notes once, however many bookings there are."""
    read: dict[str, Notes | None] = {}
    for push in pushes:
        yield [Seen(push.key, alone(session, _drift(push, read)))]


def _drift(push: Push, read: dict[str, Notes | None]) -> Steps[Drift | None]:
    notes = yield from _notes(push.remote.contact_id, read)
    if notes is not None and not _missing(push, notes):
        return None
    person = yield from found(push.meeting.invitee.email)
    if person and person.id != push.remote.contact_id:
        return (yield from _elsewhere(push, person, read))
    return _deleted() if notes is None else _lacking(push, push.remote, notes)


def _elsewhere(push: Push, person: Person, read: dict[str, Notes | None]) -> Steps[Drift | None]:
    """Look whether the notes went with a merge to whoever has the email now."""
    notes = (yield from _notes(person.id, read)) or ()
    there = linked(push.remote, person)
    if not any(True for _ in about(list(notes), push.meeting.uid)):
        return _deleted()
    if _missing(push, notes):
        return _lacking(push, there, notes)
    return Drift(DriftKind.MERGED, MERGED, LINKED_ANEW, _with(there, push, notes))


def _notes(person_id: str, read: dict[str, Notes | None]) -> Steps[Notes | None]:
    """Return a person's notes; None when there is no such person."""
    if person_id not in read:
        try:
            read[person_id] = yield from all_notes(person_id)
        except Gone:
            read[person_id] = None
    return read[person_id]


def _missing(push: Push, notes: Notes) -> bool:
    """Say whether a note is gone; one whose text was changed is known by its id."""
    return not set(push.remote.written.get("notes", {})) <= set(_there(push, notes))


def _there(push: Push, notes: Notes) -> dict[str, str]:
    """Return the ids of this booking's notes, by the revision that each is about."""
    ids = {note["id"]["note_id"] for note in notes}
    known = {revision: note for revision, note in push.remote.written.get("notes", {}).items() if note in ids}
    marked = {str(revision): note["id"]["note_id"] for revision, note in about(list(notes), push.meeting.uid)}
    return {**marked, **known}


def _with(remote: Remote, push: Push, notes: Notes) -> Remote:
    there = _there(push, notes)
    first = there[min(there, key=int)] if there else ""
    return replace(remote, meeting_id=first, written={**remote.written, "notes": there})


def _lacking(push: Push, remote: Remote, notes: Notes) -> Drift:
    return Drift(DriftKind.DELETED, NOTES_DELETED, WRITTEN_ANEW, _with(remote, push, notes))


def _deleted() -> Drift:
    return Drift(DriftKind.DELETED, PERSON_DELETED, MADE_ANEW, Remote())
