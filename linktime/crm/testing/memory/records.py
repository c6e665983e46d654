"""What the CRM in memory keeps: contacts and their meetings, and the rules they are kept by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from linktime.crm.testing.service import Refusal

NAME, TITLE, TEXT, LOCATION = 50, 120, 3_000, 200
LENGTHS = {
    "first_name": NAME,
    "last_name": NAME,
    "phone": NAME,
    "title": TITLE,
    "text": TEXT,
    "history": TEXT,
    "location": LOCATION,
}
STATUSES = ("confirmed", "cancelled", "no_show")

type Fields = dict[str, Any]


@dataclass
class Contact:
    id: str
    emails: list[str]
    fields: Fields = field(default_factory=dict)


@dataclass
class Meeting:
    """`version` rises with each change; nobody has touched a meeting of version 1."""

    id: str
    contact_id: str
    fields: Fields
    version: int = 1

    def told(self) -> Fields:
        return {"id": self.id, "contact_id": self.contact_id, "version": self.version, **self.fields}


class Records:
    """Ids are numbered, so that a story is the same every time."""

    def __init__(self) -> None:
        self.contacts: dict[str, Contact] = {}
        self.meetings: dict[str, Meeting] = {}
        self.refused: set[str] = set()
        self.locked: set[str] = set()
        self.required: set[str] = set()
        self._numbers = count(1)

    def contact_of(self, email: str) -> Contact | None:
        wanted = email.lower()
        return next((one for one in self.contacts.values() if wanted in one.emails), None)

    def upsert_contact(self, email: str, always: Fields, if_new: Fields) -> Contact:
        """Find the contact by any of its emails, or make it; `if_new` is for one that is made."""
        self._check(email, always | if_new)
        contact = self.contact_of(email)
        if contact is None:
            self._check_complete(always | if_new)
            contact = Contact(f"contact-{next(self._numbers)}", [email.lower()], dict(if_new))
            self.contacts[contact.id] = contact
        contact.fields |= always
        return contact

    def create_meeting(self, contact_id: str, fields: Fields) -> Meeting:
        contact = self.contacts.get(contact_id)
        if contact is None:
            raise Refusal(404, "no_contact", f"There is no contact {contact_id}.")
        self._check(contact.emails[0], fields)
        meeting = Meeting(f"meeting-{next(self._numbers)}", contact_id, dict(fields))
        self.meetings[meeting.id] = meeting
        return meeting

    def meeting(self, meeting_id: str) -> Meeting:
        if meeting_id not in self.meetings:
            raise Refusal(404, "no_meeting", f"There is no meeting {meeting_id}.")
        return self.meetings[meeting_id]

    def change_meeting(self, meeting_id: str, fields: Fields) -> Meeting:
        meeting = self.meeting(meeting_id)
        contact = self.contacts.get(meeting.contact_id)
        self._check(contact.emails[0] if contact else "", fields)
        meeting.fields |= fields
        meeting.version += 1
        return meeting

    def meetings_of(self, emails: Iterable[str]) -> list[Meeting]:
        found = {contact.id for email in emails if (contact := self.contact_of(email))}
        return [meeting for meeting in self.meetings.values() if meeting.contact_id in found]

    def delete_contact(self, contact_id: str) -> None:
        """Delete a contact; its meetings stay, with nobody."""
        del self.contacts[contact_id]
        for meeting in self.meetings.values():
            if meeting.contact_id == contact_id:
                meeting.contact_id = ""

    def merge(self, winner_id: str, loser_id: str) -> None:
        """Let the winner have the loser's emails and meetings."""
        loser = self.contacts.pop(loser_id)
        self.contacts[winner_id].emails += loser.emails
        for meeting in self.meetings.values():
            if meeting.contact_id == loser_id:
                meeting.contact_id = winner_id

    def _check_complete(self, fields: Fields) -> None:
        for name in sorted(self.required - set(fields)):
            raise Refusal(422, "required", f"A new contact must have {name}.")

    def _check(self, email: str, fields: Mapping[str, Any]) -> None:
        if email.lower() in self.refused:
            raise Refusal(422, "rule", "A rule refuses this record.")
        if email.lower() in self.locked:
            raise Refusal(409, "locked", "Somebody is at work on this record.")
        if fields.get("status", "confirmed") not in STATUSES:
            raise Refusal(422, "unknown_status")
        for name, length in LENGTHS.items():
            if len(fields.get(name, "")) > length:
                raise Refusal(422, "too_long", f"{name} has more than {length} characters.")
