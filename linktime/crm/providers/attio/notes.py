"""A booking as notes on the person: one for each change, in order."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from linktime.crm.contract import CrmError, Gone, Outcome, Push, Rejected, Remote
from linktime.crm.providers.attio import convert
from linktime.crm.providers.attio.calls import Steps, ask, create_note, list_notes
from linktime.crm.providers.attio.convert import Entry
from linktime.crm.providers.attio.lanes import Halted
from linktime.crm.providers.attio.people import Person

PAGE = 50  # the most that a list gives at once
MOST_PAGES = 400


def linked(remote: Remote, person: Person) -> Remote:
    """Return what is known of a booking, with the person it is about now."""
    return replace(remote, contact_id=person.id, written={**remote.written, "web_url": person.web_url})


def write(push: Push, remote: Remote, *, there: Collection[int] = (), note: str = "") -> Steps[Outcome]:
    """Add the notes that are missing. What was added before something went wrong counts."""
    shown = push.shown_revision
    known = {*there, *map(int, remote.written.get("notes", ()))}
    for entry in convert.entries(push.meeting, push.shown_revision):
        if entry.revision not in known:
            try:
                remote = yield from _written(remote, entry)
            except (CrmError, Halted) as error:
                if shown == push.shown_revision:
                    raise
                return _so_far(push, remote, shown, error)
        shown = entry.revision
    return Outcome(push.key, remote=remote, note=note)


def _written(remote: Remote, entry: Entry) -> Steps[Remote]:
    note = (yield from ask(create_note(convert.note(remote.contact_id, entry), sent(remote, entry))))["data"]
    return with_note(remote, entry.revision, note["id"]["note_id"])


def sent(remote: Remote, entry: Entry) -> Mapping[str, Any]:
    """Return what a note that was sent can be looked up by."""
    return {
        "contact_id": remote.contact_id,
        "web_url": remote.written.get("web_url", ""),
        "revision": entry.revision,
        "title": entry.title,
        "content": entry.content,
    }


def with_note(remote: Remote, revision: int, note_id: str) -> Remote:
    """Remember a note; the booking's first one stands for it."""
    notes = {**remote.written.get("notes", {}), str(revision): note_id}
    return replace(remote, meeting_id=remote.meeting_id or note_id, written={**remote.written, "notes": notes})


def _so_far(push: Push, remote: Remote, shown: int, error: Exception) -> Outcome:
    """Tell how far it came; a person who went away in between is looked for by the next try."""
    told = error if isinstance(error, CrmError) and not isinstance(error, Gone) else None
    return Outcome(push.key, remote=remote, revision=shown, error=told)


def all_notes(person_id: str) -> Steps[list[Mapping[str, Any]]]:
    """Return every note of a person, page by page until one is not full."""
    notes: list[Mapping[str, Any]] = []
    for page in range(MOST_PAGES):
        rows = (yield from ask(list_notes(person_id, limit=PAGE, offset=page * PAGE)))["data"]
        notes += rows
        if len(rows) < PAGE:
            return notes
    raise Rejected(f"The person has more than {MOST_PAGES * PAGE} notes", code="too_many_notes")


def about(notes: list[Mapping[str, Any]], uid: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield a booking's notes with the change that each is about."""
    for note in notes:
        revision = convert.revision_of(note["content_plaintext"], uid)
        if revision is not None:
            yield revision, note
