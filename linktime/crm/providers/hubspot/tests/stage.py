"""HubSpot as its users see it, over the emulator."""

import html
import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from linktime.core.meeting import Status
from linktime.crm.providers.hubspot import convert
from linktime.crm.testing.stage import Calls, Contact, Meeting, Touch
from tests.emulated import EmulatedStage

STATUSES = {outcome: status for status, outcome in convert.OUTCOMES.items()}
LIMIT = {"status": "error", "message": "You have reached your ten_secondly_rolling limit.", "errorType": "RATE_LIMIT"}
OBJECTS = "/crm/objects/2026-09"
NEW_MEETING = frozenset(
    {
        *convert.KEPT,
        "hs_meeting_title",
        "hs_meeting_body",
        "hs_meeting_location",
        "hs_meeting_external_url",
        "to contact",
    }
)


class HubSpotStage(EmulatedStage):
    crm = "hubspot"
    calls = Calls(new=3, known=2, change=1)
    creates = {"contact": False, "last name": False, "meeting": False}
    where = {
        "contact": {"path": "contacts/batch/upsert$"},
        "last name": {"path": "contacts/batch/update$"},
        "meeting": {"path": "meetings/batch/create$"},
    }
    look_ups = {"path": "batch/read$"}
    api = "/crm/"
    throttled = {"kind": "status", "status": 429, "body": LIMIT}
    token_seconds = 1800
    lengths = {"body": convert.TEXT}
    promised = {
        f"POST {OBJECTS}/contacts/batch/upsert": frozenset({"firstname", "phone"}),
        f"POST {OBJECTS}/contacts/batch/update": frozenset({"lastname"}),
        f"POST {OBJECTS}/contacts/batch/read": frozenset({"email", "lastname", "hs_merged_object_ids"}),
        f"POST {OBJECTS}/meetings/batch/create": NEW_MEETING,
        f"POST {OBJECTS}/meetings/batch/update": frozenset(convert.KEPT),
        f"POST {OBJECTS}/meetings/batch/read": NEW_MEETING,
        "POST /crm/associations/2026-09/contacts/meetings/batch/read": frozenset(),
        f"DELETE {OBJECTS}/meetings": frozenset(),
        "GET /crm/properties/2026-09/contacts": frozenset(),
        "GET /crm/properties/2026-09/meetings": frozenset(),
        "GET /account-info/2026-09/details": frozenset(),
    }

    def contacts(self) -> list[Contact]:
        return [_contact(row["id"], row["properties"]) for row in self.emulator.state()["contacts"]]

    def meetings(self) -> list[Meeting]:
        state = self.emulator.state()
        of = {to["toObjectId"]: row["from"]["id"] for row in state["associations"] for to in row["to"]}
        of |= {row["from"]["id"]: to["toObjectId"] for row in state["associations"] for to in row["to"]}
        return [_meeting(row["id"], of.get(row["id"], ""), row["properties"]) for row in state["meetings"]]

    def touched(self) -> Iterator[Touch]:
        for exchange in self.emulator.exchanges():
            if exchange["path"].startswith("/oauth/"):
                continue
            path = exchange["path"].rpartition("/")[0] if exchange["method"] == "DELETE" else exchange["path"]
            body = json.loads(exchange["request_body"] or "{}")
            for one in body.get("inputs", [{}]):
                yield Touch(f"{exchange['method']} {path}", frozenset(_fields(one, body)))

    def add_contact(self, email: str, first_name: str, last_name: str, *, phone: str = "", job: str = "") -> str:
        fields = {"email": email, "firstname": first_name, "lastname": last_name, "phone": phone, "jobtitle": job}
        return self.emulator.create("contacts", **fields)

    def edit(self, meeting: Meeting) -> str:
        self.emulator.update(meeting.id, hs_meeting_body="<p>Bring slides</p>", hs_meeting_location="Room 4")
        return "Bring slides"

    def delete_meeting(self, meeting: Meeting) -> None:
        self.emulator.delete(meeting.id)

    def delete_contact(self, contact_id: str) -> None:
        self.emulator.delete(contact_id)

    def merge(self, contact_id: str) -> str:
        winner = self.emulator.create("contacts", firstname="Grace", lastname="Hopper", email="grace@navy.example")
        self.emulator.merge(winner, contact_id)
        return winner

    def refuse(self, email: str, name: str) -> None:
        """Refuse the title of a new meeting, and the notes of one that is there."""
        there = (meeting.text.splitlines()[-1] for meeting in self.meetings() if name in meeting.title)
        refused = [("hs_meeting_title", name), *(("hs_internal_meeting_notes", line) for line in there)]
        rule = {"object": "meetings", "message": "No."}
        rules = [rule | {"property": name, "pattern": f"(?s)^(?!.*{text})"} for name, text in refused]
        self.emulator.settings(validation_rules=rules)

    def hinder(self) -> None:
        self.emulator.settings(archived_properties=["meetings.hs_meeting_title"])

    def recover(self) -> None:
        super().recover()
        self.emulator.settings(validation_rules=[], archived_properties=[])


def _contact(contact_id: str, facts: Mapping) -> Contact:
    names = ("email", "firstname", "lastname", "phone", "jobtitle")
    email, first, last, phone, job = (facts.get(name) or "" for name in names)
    return Contact(id=contact_id, email=email, first_name=first, last_name=last, phone=phone, job=job)


def _meeting(meeting_id: str, contact_id: str, facts: Mapping) -> Meeting:
    title, body, location, notes = (
        facts.get(name) or ""
        for name in ("hs_meeting_title", "hs_meeting_body", "hs_meeting_location", "hs_internal_meeting_notes")
    )
    assert facts["hs_timestamp"] == facts["hs_meeting_start_time"]
    plain = html.unescape(body.removeprefix("<p>").removesuffix("</p>").replace("<br>", "\n"))
    return Meeting(
        id=meeting_id,
        contact_id=contact_id,
        status=STATUSES.get(facts["hs_meeting_outcome"], Status.CONFIRMED),
        start=datetime.fromisoformat(facts["hs_meeting_start_time"]),
        moves=notes.count("Rescheduled from"),
        title=title,
        body=body,
        location=location,
        text=f"{title}\n{plain}\n{location}\n{notes}",
    )


def _fields(one: Mapping, body: Mapping) -> Iterator[str]:
    """Name the properties that are written, or asked for."""
    yield from one.get("properties", ())
    yield from body.get("properties", ())
    yield from ("to contact" for _ in one.get("associations", ()))
