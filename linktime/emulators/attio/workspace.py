"""One workspace: its people, their notes, its settings, and what it has been asked in the last second."""

import uuid
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from linktime.emulators.attio.clock import stamp
from linktime.emulators.settings import Settings

JSON = dict[str, Any]
Record = dict[str, Any]
"""A person is `{"id", "created_at", "values": {slug: rows}}`, a note as its read call gives it, without ids."""

NAMES = uuid.UUID("8d3f4d9e-66a4-4a6a-9a6f-0d8a1d3c5b11")


class Workspace:
    def __init__(self, workspace_id: str, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.id, self.settings, self._clock = workspace_id, settings, clock
        self.object_id = str(uuid.uuid5(uuid.UUID(workspace_id), "people"))
        self.member_id = str(uuid.uuid5(uuid.UUID(workspace_id), "first member"))
        self.people: dict[str, Record] = {}
        self.notes: dict[str, Record] = {}
        self.merged: dict[str, str] = {}
        self._by_email: dict[str, str] = {}
        self._notes_of: dict[str, list[str]] = {}
        self.lately: dict[str, deque[float]] = {"reads": deque(), "writes": deque()}
        self.base_url = "https://app.attio.com"
        self.revision = 0

    @property
    def now(self) -> datetime:
        return self._clock()

    @property
    def stamp(self) -> str:
        return stamp(self._clock())

    def put_person(self, person: Record) -> None:
        """Store a person, replacing what was stored, and keep the index of emails."""
        self.drop_emails(self.people.get(person["id"]))
        self.people[person["id"]] = person
        for email in emails(person):
            self._by_email[email] = person["id"]
        self.revision += 1

    def drop_emails(self, person: Record | None) -> None:
        for email in emails(person) if person else ():
            self._by_email.pop(email, None)

    def remove_person(self, person_id: str) -> None:
        """Delete a person; the notes go too."""
        self.drop_emails(self.people.pop(person_id))
        for note_id in self._notes_of.pop(person_id, []):
            self.notes.pop(note_id, None)
        self.revision += 1

    def person_with(self, email: str) -> Record | None:
        return self.people.get(self._by_email.get(email, ""))

    def put_note(self, note: Record) -> None:
        if note["id"] not in self.notes:
            self._notes_of.setdefault(note["parent_record_id"], []).append(note["id"])
        self.notes[note["id"]] = note
        self.revision += 1

    def remove_note(self, note_id: str) -> None:
        note = self.notes.pop(note_id)
        self._notes_of[note["parent_record_id"]].remove(note_id)
        self.revision += 1

    def notes_of(self, person_id: str) -> list[Record]:
        """The notes of a person, the oldest first."""
        return [self.notes[note_id] for note_id in self._notes_of.get(person_id, ())]

    def merge(self, winner: Record, loser: Record) -> None:
        """Give a person everything of another, who is gone then."""
        notes = self.notes_of(loser["id"])
        self._notes_of.pop(loser["id"], None)
        values = {slug: _united(winner["values"].get(slug, []), rows) for slug, rows in loser["values"].items()}
        self.remove_person(loser["id"])
        self.put_person(winner | {"values": winner["values"] | values})
        for note in notes:
            self.put_moved(note, winner["id"])

    def put_moved(self, note: Record, person_id: str) -> None:
        self.notes.pop(note["id"], None)
        self.put_note(note | {"parent_record_id": person_id})

    def dump(self) -> JSON:
        return {"settings": self.settings.own(), "people": list(self.people.values()), "notes": list(self._all_notes())}

    def load(self, dump: JSON) -> None:
        self.settings.merge(dump["settings"])
        for person in dump["people"]:
            self.put_person(person)
        for note in dump["notes"]:
            self.put_note(note)

    def _all_notes(self) -> Iterator[Record]:
        return (note for person_id in self._notes_of for note in self.notes_of(person_id))


def emails(person: Record) -> list[str]:
    return [row["email_address"] for row in person["values"].get("email_addresses", ())]


def _united(first: list[JSON], second: list[JSON]) -> list[JSON]:
    """The winner's value; of attributes that hold several, both."""
    several = bool(first) and first[0]["attribute_type"] in ("email-address", "phone-number")
    return [*first, *second] if several or not first else first
