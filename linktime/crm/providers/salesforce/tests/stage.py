"""Salesforce as its users see it, over the emulator."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from linktime.core.meeting import Status
from linktime.crm.providers.salesforce import convert
from linktime.crm.testing.stage import Calls, Contact, Meeting, Touch
from tests.emulated import EmulatedStage

MARKS = {mark: status for status, mark in convert.MARKS.items()}
VERBS = {"GET": "read", "POST": "create", "PATCH": "update", "DELETE": "delete"}
SELECT = re.compile(r"SELECT (.+) FROM (\w+)")
SOBJECT = re.compile(r"/sobjects/(\w+)")
DATED = frozenset({"Id", "CreatedDate", "LastModifiedDate"})
OWN_CONTACT = frozenset({"Email", "LastName", "FirstName", "Phone"})
OWN_EVENT = frozenset({"Subject", "Description", "StartDateTime", "EndDateTime", "Location", "WhoId"})
LIMIT = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]


class SalesforceStage(EmulatedStage):
    crm = "salesforce"
    calls = Calls(new=2, known=1, change=1)
    creates = {"event": True, "contact": False}
    where = {"event": {"body": "StartDateTime"}, "contact": {"body": "LastName"}}
    look_ups = {"path": "/query"}
    api = "/services/data/"
    throttled = {"kind": "status", "status": 403, "body": LIMIT}
    token_seconds = 7200
    lengths = {"first_name": 40, "last_name": 80, "title": 255, "body": 32_000, "location": 255}
    promised = {
        "read Contact": OWN_CONTACT | DATED | {"LastActivityDate"},
        "create Contact": OWN_CONTACT,
        "update Contact": frozenset({"FirstName", "Phone"}),
        "delete Contact": frozenset(),
        "read Event": OWN_EVENT | DATED | {"IsDeleted"},
        "create Event": OWN_EVENT,
        "update Event": OWN_EVENT - {"Location", "WhoId"},
        "delete Event": frozenset(),
        "read Organization": frozenset({"Id", "Name", "IsSandbox"}),
    }

    def contacts(self) -> list[Contact]:
        return [
            Contact(
                id=row["Id"],
                email=row["Email"].lower(),
                first_name=row["FirstName"] or "",
                last_name=row["LastName"],
                phone=row["Phone"] or "",
                job=row["Title"] or "",
            )
            for row in self.emulator.state()["contacts"]
        ]

    def meetings(self) -> list[Meeting]:
        return [_meeting(row) for row in self.emulator.state()["events"]]

    def touched(self) -> Iterator[Touch]:
        for exchange in self.emulator.exchanges():
            if exchange["path"].endswith("/composite"):
                for part in json.loads(exchange["request_body"])["compositeRequest"]:
                    yield from _touches(part["method"], part["url"], part.get("body", {}))
            elif not exchange["path"].startswith("/services/oauth2/"):
                yield from _touches(exchange["method"], f"{exchange['path']}?{exchange['query']}", {})

    def add_contact(self, email: str, first_name: str, last_name: str, *, phone: str = "", job: str = "") -> str:
        fields = {"Email": email, "FirstName": first_name, "LastName": last_name, "Phone": phone, "Title": job}
        return self.emulator.create("Contact", **fields)

    def edit(self, meeting: Meeting) -> str:
        """Write a minute after LinkTime: the headers that notice have a resolution of one second."""
        self.pass_time(60)
        self.emulator.update(meeting.id, Description="Bring slides")
        return "Bring slides"

    def delete_meeting(self, meeting: Meeting) -> None:
        self.emulator.delete(meeting.id)

    def delete_contact(self, contact_id: str) -> None:
        self.emulator.delete(contact_id)

    def merge(self, contact_id: str) -> str:
        email = next(contact.email for contact in self.contacts() if contact.id == contact_id)
        winner = self.emulator.create("Contact", LastName="Hopper", Email=email)
        self.emulator.merge(winner, contact_id)
        return winner

    def refuse(self, email: str, name: str) -> None:
        rule = {"object": "Event", "field": "Subject", "kind": "regex", "pattern": f"^(?!.*{name})", "message": "No."}
        self.emulator.settings(validation_rules=[rule])

    def hinder(self) -> None:
        self.emulator.settings(required_fields=["Contact.Department"])

    def recover(self) -> None:
        super().recover()
        self.emulator.settings(validation_rules=[], required_fields=[])


def _meeting(row: Mapping) -> Meeting:
    subject, description = row["Subject"], row["Description"] or ""
    mark = next((mark for mark in MARKS if subject.startswith(mark)), "")
    return Meeting(
        id=row["Id"],
        contact_id=row["WhoId"],
        status=MARKS.get(mark, Status.CONFIRMED),
        start=datetime.fromisoformat(row["StartDateTime"]),
        moves=description.count("Rescheduled from"),
        title=subject,
        body=description,
        location=row["Location"] or "",
        text="\n".join([subject, description, row["Location"] or ""]),
    )


def _touches(method: str, url: str, body: Mapping) -> Iterator[Touch]:
    """Say which objects a request is about, and which of their fields."""
    query = parse_qs(urlsplit(url).query)
    if "q" in query:
        fields, sobject = SELECT.search(query["q"][0]).groups()
        yield Touch(f"read {sobject}", frozenset(fields.split(", ")))
    elif "/composite/sobjects" in url:
        for record in body["records"]:
            yield Touch(f"{VERBS[method]} {record['attributes']['type']}", frozenset(record) - {"attributes", "id"})
    else:
        fields = query["fields"][0].split(",") if "fields" in query else body
        yield Touch(f"{VERBS[method]} {SOBJECT.search(url).group(1)}", frozenset(fields))
