"""The CRM in memory, as its users see it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self

from linktime.core.meeting import Status
from linktime.crm.testing import stage
from linktime.crm.testing.inside import installed
from linktime.crm.testing.inside_stage import InsideStage
from linktime.crm.testing.memory.records import LENGTHS, Contact, Meeting
from linktime.crm.testing.memory.service import MemoryService
from linktime.crm.testing.stage import Calls, Touch

PROVIDER = "linktime.crm.testing.memory.provider.MemoryCrm"


class MemoryStage(InsideStage):
    crm = "memory"
    calls = Calls(new=2, known=2, change=1)
    creates = {"contact": False, "meeting": False}
    names = {
        "contact": "POST /contacts/upsert",
        "meeting": "POST /meetings/create",
    }
    lengths = {
        "first_name": LENGTHS["first_name"],
        "last_name": LENGTHS["last_name"],
        "title": LENGTHS["title"],
        "body": LENGTHS["text"],
        "location": LENGTHS["location"],
    }
    promised = {
        "POST /contacts/upsert": frozenset({"email", "first_name", "phone", "last_name if new"}),
        "POST /meetings/create": frozenset(
            {"contact_id", "title", "text", "location", "start", "end", "status", "history", "reference"}
        ),
        "POST /meetings/change": frozenset({"id", "start", "end", "status", "history"}),
        "POST /meetings/find": frozenset({"email"}),
        "POST /meetings/delete": frozenset({"id"}),
        "POST /meetings/read": frozenset({"id"}),
    }

    def __init__(self, service: MemoryService) -> None:
        super().__init__(service)
        self._records = service.records

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """A fresh CRM that LinkTime can connect."""
        service = MemoryService()
        with installed(cls.crm, PROVIDER, service):
            yield cls(service)

    def contacts(self) -> Sequence[stage.Contact]:
        return [_contact(one) for one in self._records.contacts.values()]

    def meetings(self) -> Sequence[stage.Meeting]:
        return [_meeting(one) for one in self._records.meetings.values()]

    def touched(self) -> Iterator[Touch]:
        for asked in self._service.asked:
            for one in asked.body.get("inputs", ()):
                yield Touch(asked.what, frozenset(_fields(one)))

    def add_contact(self, email: str, first_name: str, last_name: str, *, phone: str = "", job: str = "") -> str:
        fields = {"first_name": first_name, "last_name": last_name, "phone": phone, "job": job}
        return self._records.upsert_contact(email, fields, {}).id

    def edit(self, meeting: stage.Meeting) -> str:
        self._records.change_meeting(meeting.id, {"text": "Bring slides"})
        return "Bring slides"

    def delete_meeting(self, meeting: stage.Meeting) -> None:
        del self._records.meetings[meeting.id]

    def delete_contact(self, contact_id: str) -> None:
        self._records.delete_contact(contact_id)

    def merge(self, contact_id: str) -> str:
        winner = self.add_contact("winner@example.com", "Grace", "Hopper")
        self._records.merge(winner, contact_id)
        return winner

    def refuse(self, email: str, name: str) -> None:  # noqa: ARG002 - a rule here goes by the email
        self._records.refused.add(email.lower())

    def hinder(self) -> None:
        self._records.required.add("region")

    def recover(self) -> None:
        super().recover()
        self._records.refused.clear()
        self._records.required.clear()


def _contact(one: Contact) -> stage.Contact:
    texts = {name: one.fields.get(name, "") for name in ("first_name", "last_name", "phone", "job")}
    return stage.Contact(id=one.id, email=one.emails[0], **texts)


def _meeting(one: Meeting) -> stage.Meeting:
    fields = one.fields
    return stage.Meeting(
        id=one.id,
        contact_id=one.contact_id,
        status=Status(fields["status"]),
        start=datetime.fromisoformat(fields["start"]),
        moves=len(fields["history"].splitlines()),
        title=fields["title"],
        body=fields["text"],
        location=fields["location"],
        text="\n".join([fields["title"], fields["location"], fields["history"], fields["text"]]),
    )


def _fields(one: Mapping[str, Any]) -> Iterator[str]:
    for name, value in one.items():
        if name in ("fields", "always"):
            yield from value
        elif name == "if_new":
            yield from (f"{inner} if new" for inner in value)
        else:
            yield name
