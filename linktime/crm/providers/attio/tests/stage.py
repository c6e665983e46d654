"""Attio as its users see it, over the emulator: a meeting is what the notes of a booking tell, read in their order."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from zoneinfo import ZoneInfo

from linktime.core.meeting import ChangeKind, Status
from linktime.crm.providers.attio import convert
from linktime.crm.testing.stage import Calls, Contact, Meeting, Touch
from tests.emulated import EmulatedStage

STATUSES = {ChangeKind.CANCELLED: Status.CANCELLED, ChangeKind.NO_SHOW: Status.NO_SHOW}
MARKER = re.compile(r"LinkTime booking: (\w+) #(\d+)")
WHEN = re.compile(r"(\w+, \d+ \w+ \d{4}, \d\d:\d\d) to \d\d:\d\d \(([\w/]+)\)")
LIMITED = {"status_code": 429, "type": "rate_limit_error", "code": "rate_limit_exceeded", "message": "later"}
UNAUTHORIZED = {"status_code": 401, "type": "auth_error", "code": "unauthorized", "message": "The API Key is invalid."}
RULE = {"status_code": 400, "type": "invalid_request_error", "code": "missing_value", "message": "No."}
PEOPLE = "/v2/objects/people/records"


class AttioStage(EmulatedStage):
    crm = "attio"
    calls = Calls(new=3, known=2, change=1, log=True)
    creates = {"person": False, "name": False, "note": False}
    where = {
        "person": {"method": "PUT"},
        "name": {"method": "PATCH"},
        "note": {"method": "POST", "path": "/v2/notes$"},
    }
    look_ups = {"method": "GET", "path": "/v2/notes$"}
    api = "/v2/"
    throttled = {"kind": "status", "status": 429, "body": LIMITED, "headers": {"Retry-After": "90"}}
    lengths = {"last_name": convert.NAME, "body": convert.CONTENT}
    promised = {
        f"PUT {PEOPLE}": frozenset({"email_addresses"}),
        f"PATCH {PEOPLE}": frozenset({"name", "phone_numbers"}),
        f"POST {PEOPLE}/query": frozenset({"email_addresses"}),
        "POST /v2/notes": frozenset({"parent_object", "parent_record_id", "title", "format", "content"}),
        "GET /v2/notes": frozenset(),
        "DELETE /v2/notes": frozenset(),
        "GET /v2/self": frozenset(),
        "GET /v2/objects/people/attributes": frozenset(),
    }

    def contacts(self) -> list[Contact]:
        return [_contact(person) for person in self.emulator.state()["people"]]

    def meetings(self) -> list[Meeting]:
        return [meeting for told in self._told().values() for meeting in _meetings(told)]

    def touched(self) -> Iterator[Touch]:
        for exchange in self.emulator.exchanges():
            if not exchange["path"].startswith(("/authorize", "/oauth/")):
                yield _touch(exchange["method"], exchange["path"], json.loads(exchange["request_body"] or "{}"))

    def add_contact(self, email: str, first_name: str, last_name: str, *, phone: str = "", job: str = "") -> str:
        more = {"phone_numbers": phone, "job_title": job}
        given = {slug: value for slug, value in more.items() if value}
        return self.emulator.create("people", name=f"{last_name}, {first_name}", email_addresses=[email], **given)

    def edit(self, meeting: Meeting) -> str:
        self.emulator.update(meeting.id, content=f"Bring slides\n\n{meeting.body}")
        return "Bring slides"

    def delete_meeting(self, meeting: Meeting) -> None:
        for note in self._notes():
            if MARKER.findall(note["content_plaintext"])[-1] == MARKER.findall(meeting.text)[-1]:
                self.emulator.delete(note["id"]["note_id"])

    def delete_contact(self, contact_id: str) -> None:
        self.emulator.delete(contact_id)

    def merge(self, contact_id: str) -> str:
        winner = self.emulator.create("people", name="Hopper, Grace", email_addresses=["grace@navy.example.com"])
        self.emulator.merge(winner, contact_id)
        return winner

    def refuse(self, email: str, name: str) -> None:
        """Refuse whatever names the invitee or is written on the person."""
        fault = {"kind": "status", "status": 400, "body": RULE}
        self.emulator.fault(fault, body=email)
        for person in self.contacts():
            if person.email == email:
                self.emulator.fault(fault, body=person.id)

    def hinder(self) -> None:
        self.emulator.settings(required_attributes=["account_owner"])

    def recover(self) -> None:
        super().recover()
        self.emulator.settings(required_attributes=[])

    def end_token(self) -> None:
        """Refuse it by mistake: a token here never ends."""
        self.emulator.fault({"kind": "status", "status": 401, "body": UNAUTHORIZED}, path=self.api, times=1)

    def _notes(self) -> list[Mapping]:
        return self.emulator.state()["notes"]

    def _told(self) -> Mapping[str, Mapping[int, list[Mapping]]]:
        """Sort the notes by booking, then by the change that each is about."""
        told: dict = defaultdict(lambda: defaultdict(list))
        for note in self._notes():
            uid, revision = MARKER.findall(note["content_plaintext"])[-1]
            told[uid][int(revision)].append(note)
        return told


def _meetings(told: Mapping[int, list[Mapping]]) -> Iterator[Meeting]:
    """Read a booking's notes; a change that is told of twice makes a second meeting."""
    for notes in zip_longest(*(told[revision] for revision in sorted(told))):
        yield _meeting([note for note in notes if note])


def _meeting(notes: Sequence[Mapping]) -> Meeting:
    kinds = [_kind(note) for note in notes]
    when, zone = WHEN.findall(notes[-1]["content_plaintext"])[-1]
    return Meeting(
        id=notes[0]["id"]["note_id"],
        contact_id=notes[0]["parent_record_id"],
        status=STATUSES.get(kinds[-1], Status.CONFIRMED),
        start=datetime.strptime(when, "%A, %d %B %Y, %H:%M").replace(tzinfo=ZoneInfo(zone)),
        moves=kinds.count(ChangeKind.RESCHEDULED),
        title=notes[0]["title"],
        body=notes[0]["content_plaintext"],
        location="",
        text="\n".join(text for note in notes for text in (note["title"], note["content_plaintext"])),
    )


def _kind(note: Mapping) -> ChangeKind:
    return next(kind for kind, mark in convert.MARKS.items() if note["title"].startswith(mark))


def _contact(person: Mapping) -> Contact:
    values = person["values"]
    name = next(iter(values["name"]), {})
    return Contact(
        id=person["id"]["record_id"],
        email=values["email_addresses"][0]["email_address"],
        first_name=name.get("first_name", ""),
        last_name=name.get("last_name", ""),
        phone=next((row["phone_number"] for row in values["phone_numbers"]), ""),
        job=next((row["value"] for row in values["job_title"]), ""),
    )


def _touch(method: str, path: str, body: Mapping) -> Touch:
    what = path.rpartition("/")[0] if method in ("PATCH", "DELETE") else path
    data = body.get("data", {})
    return Touch(f"{method} {what}", frozenset(data.get("values", data) or body.get("filter", ())))
