"""The records of one account and how they are associated, in memory.

A record is replaced, never changed in place; its properties are texts, and what is empty is not there.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

JSON = dict[str, Any]
CONTACTS, MEETINGS = "contacts", "meetings"


@dataclass(frozen=True)
class Record:
    id: str
    properties: dict[str, str]
    created: str
    updated: str
    archived: str | None = None


class Store:
    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Record]] = {CONTACTS: {}, MEETINGS: {}}
        self._emails: dict[str, str] = {}
        self._merged: dict[str, str] = {}
        self._contacts_of: dict[str, list[str]] = defaultdict(list)
        self._meetings_of: dict[str, list[str]] = defaultdict(list)
        self.revision = 0

    def get(self, kind: str, record_id: str, *, archived: bool = False) -> Record | None:
        """Find a record; a contact that was merged is found under its old id too."""
        record = self._tables[kind].get(self._merged.get(record_id, record_id))
        return record if record and bool(record.archived) == archived else None

    def any(self, record_id: str) -> tuple[str, Record] | None:
        """Find a record of whatever kind, archived or not."""
        return next(((kind, table[record_id]) for kind, table in self._tables.items() if record_id in table), None)

    def all(self, kind: str, *, archived: bool = False) -> Iterator[Record]:
        return (record for record in self._tables[kind].values() if bool(record.archived) == archived)

    def put(self, kind: str, record: Record) -> None:
        before = self._tables[kind].get(record.id)
        self._tables[kind][record.id] = record
        if kind == CONTACTS:
            self._index(before, record)
        self.revision += 1

    def by_email(self, email: str) -> Record | None:
        """Find a contact by its first or another email address."""
        return self._tables[CONTACTS].get(self._emails.get(email.strip().lower(), ""))

    def associate(self, meeting_id: str, contact_id: str) -> None:
        contact_id = self._merged.get(contact_id, contact_id)
        if contact_id not in self._contacts_of[meeting_id]:
            self._contacts_of[meeting_id].append(contact_id)
            self._meetings_of[contact_id].append(meeting_id)
            self.revision += 1

    def dissociate(self, meeting_id: str, contact_id: str) -> None:
        contact_id = self._merged.get(contact_id, contact_id)
        if contact_id in self._contacts_of[meeting_id]:
            self._contacts_of[meeting_id].remove(contact_id)
            self._meetings_of[contact_id].remove(meeting_id)
            self.revision += 1

    def associated(self, kind: str, record_id: str) -> list[str]:
        """Return the ids of a contact's meetings, or of a meeting's contacts, that are not archived."""
        of, other = (self._meetings_of, MEETINGS) if kind == CONTACTS else (self._contacts_of, CONTACTS)
        return [one for one in of.get(self._merged.get(record_id, record_id), ()) if self.get(other, one)]

    def merge(self, winner: Record, loser: Record, now: str) -> None:
        """Give the winner the loser's addresses and meetings; the loser's id leads to the winner from now on."""
        meetings = list(self._meetings_of.get(loser.id, ()))
        addresses = emails_of(loser)
        self.put(CONTACTS, replace(loser, archived=now))
        more = [*emails_of(winner)[1:], *addresses]
        first = winner.properties.get("email") or (more.pop(0) if more else "")
        merged = {"email": first, "hs_additional_emails": ";".join(more), "hs_merged_object_ids": loser.id}
        filled = {name: value for name, value in merged.items() if value}
        self.put(CONTACTS, replace(winner, properties=loser.properties | winner.properties | filled, updated=now))
        for meeting_id in meetings:
            self.dissociate(meeting_id, loser.id)
            self.associate(meeting_id, winner.id)
        self._merged[loser.id] = winner.id

    def dump(self) -> JSON:
        tables = {kind: [asdict(record) for record in table.values()] for kind, table in self._tables.items()}
        return {"tables": tables, "merged": self._merged, "contacts_of": self._contacts_of}

    def load(self, dump: JSON) -> None:
        for kind, rows in dump["tables"].items():
            for row in rows:
                self.put(kind, Record(**row))
        for meeting_id, contact_ids in dump["contacts_of"].items():
            for contact_id in contact_ids:
                self.associate(meeting_id, contact_id)
        self._merged = dump["merged"]

    def _index(self, before: Record | None, after: Record) -> None:
        for email in emails_of(before) if before else ():
            if self._emails.get(email) == after.id:
                del self._emails[email]
        for email in () if after.archived else emails_of(after):
            self._emails[email] = after.id


def emails_of(contact: Record) -> list[str]:
    """Return a contact's addresses, the first one first."""
    more = contact.properties.get("hs_additional_emails", "").split(";")
    return [email.lower() for email in (contact.properties.get("email", ""), *more) if email]
