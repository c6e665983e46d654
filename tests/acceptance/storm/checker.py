"""Compares what the CRMs hold with the meetings there should be. Knows the CRMs by what they show, and no engine.

Each organisation is read whole: one contact for each person, one meeting for each booking (Attio: one note for each
change), all of it right, and whoever was there before is as they were.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from linktime.emulators.testing import EmulatorProcess

LONDON = ZoneInfo("Europe/London")  # where the hosts are
TITLE = "Intro call"
SALESFORCE_MARKS = {"cancelled": "[Cancelled] ", "no_show": "[No-show] "}
HUBSPOT_OUTCOMES = {"booked": "SCHEDULED", "rescheduled": "RESCHEDULED", "cancelled": "CANCELED", "no_show": "NO_SHOW"}
ATTIO_MARKS = {"booked": "Booked: ", "rescheduled": "[Rescheduled] ", **SALESFORCE_MARKS}
MARKER = re.compile(r"LinkTime booking: (\w+) #(\d+)")
NEIGHBOUR = "bystander@example.com"


@dataclass
class Meeting:
    """What there should be: `starts` are the times it has had, `kinds` the changes, the latest last."""

    uid: str
    name: str
    email: str
    starts: list[datetime]
    kinds: list[str] = field(default_factory=lambda: ["booked"])

    @property
    def start(self) -> datetime:
        return self.starts[-1]

    @property
    def over(self) -> bool:
        return self.kinds[-1] in ("cancelled", "no_show")

    @property
    def who(self) -> str:
        return self.email.lower()


class Bystanders:
    """People and records of each organisation that LinkTime has nothing to do with."""

    def __init__(self, emulator: EmulatorProcess) -> None:
        self.emulator = emulator
        self._as_they_were: dict[tuple[str, str], Any] = {}

    def plant(self, crm: str, organisation: str) -> None:
        control, fields = self.emulator.at(crm), _person(crm)
        made = control.control("POST", "/records", {**fields, "organisation": organisation})
        if crm == "salesforce":
            control.create("Event", organisation=organisation, Subject="Lunch", WhoId=made["id"], **_NOON)
        self._as_they_were[crm, organisation] = self._seen(crm, organisation)

    def changed(self) -> list[str]:
        """Name the organisations in which somebody was touched."""
        return [
            f"{crm} {organisation}: {now}, was {then}"
            for (crm, organisation), then in self._as_they_were.items()
            if (now := self._seen(crm, organisation)) != then
        ]

    def _seen(self, crm: str, organisation: str) -> list[Any]:
        state = self.emulator.at(crm).state(organisation)
        records = [record for kind in state.values() if isinstance(kind, list) for record in kind]
        theirs = [record for record in records if NEIGHBOUR in str(record) or "Lunch" in str(record)]
        return [{name: value for name, value in record.items() if name != "web_url"} for record in theirs]


_NOON = {"StartDateTime": "2026-12-01T12:00:00Z", "EndDateTime": "2026-12-01T13:00:00Z"}


def _person(crm: str) -> dict[str, Any]:
    fields = {
        "salesforce": {"Email": NEIGHBOUR, "LastName": "Bystander"},
        "hubspot": {"email": NEIGHBOUR, "lastname": "Bystander"},
        "attio": {"email_addresses": NEIGHBOUR},
    }
    return {"object": {"salesforce": "Contact", "hubspot": "contacts", "attio": "people"}[crm], "fields": fields[crm]}


def faults_of(emulator: EmulatorProcess, crm: str, organisation: str, meetings: Iterable[Meeting]) -> list[str]:
    """Say what an organisation shows that it should not, and what it lacks."""
    meetings = list(meetings)
    state = emulator.at(crm).state(organisation)
    contacts, shown = {"salesforce": _salesforce, "hubspot": _hubspot, "attio": _attio}[crm](state)
    expect = {"salesforce": _in_salesforce, "hubspot": _in_hubspot, "attio": _in_attio}[crm]
    people = Counter({meeting.who for meeting in meetings})
    wanted = Counter(row for meeting in meetings for row in expect(meeting))
    found = [*_differences("contact", Counter(contacts), people), *_differences("meeting", Counter(shown), wanted)]
    return [f"{crm} {organisation}: {fault}" for fault in found]


def _differences(what: str, there: Counter, wanted: Counter) -> Iterator[str]:
    yield from (f"{what} too much: {row} x{count}" for row, count in (there - wanted).items())
    yield from (f"{what} missing: {row} x{count}" for row, count in (wanted - there).items())


def _salesforce(state: dict) -> tuple[list, list]:
    contacts = {row["Id"]: row["Email"].lower() for row in state["contacts"] if row["Email"] != NEIGHBOUR}
    events = [
        (
            contacts.get(row["WhoId"]),
            row["StartDateTime"][:16],
            row["Subject"],
            (row["Description"] or "").count("Rescheduled from"),
        )
        for row in state["events"]
        if row["Subject"] != "Lunch"
    ]
    return list(contacts.values()), events


def _in_salesforce(meeting: Meeting) -> Iterator[tuple]:
    subject = SALESFORCE_MARKS.get(meeting.kinds[-1], "") + f"{TITLE} with {meeting.name}"
    yield meeting.who, f"{meeting.start:%Y-%m-%dT%H:%M}", subject, len(meeting.starts) - 1


def _hubspot(state: dict) -> tuple[list, list]:
    contacts = {row["id"]: row["properties"]["email"] for row in state["contacts"]}
    pairs = [(row["from"]["id"], to["toObjectId"]) for row in state["associations"] for to in row["to"]]
    links = {str(end): str(other) for pair in pairs for end, other in (pair, pair[::-1])}
    meetings = []
    for row in state["meetings"]:
        facts = row["properties"]
        uid = facts["hs_internal_meeting_notes"].rpartition("LinkTime booking ")[2]
        moves = facts["hs_internal_meeting_notes"].count("Rescheduled from")
        who, start = contacts.get(links.get(row["id"])), facts["hs_meeting_start_time"][:16]
        meetings.append((uid, who, start, facts["hs_meeting_title"], facts["hs_meeting_outcome"], moves))
    return [email for email in contacts.values() if email != NEIGHBOUR], meetings


def _in_hubspot(meeting: Meeting) -> Iterator[tuple]:
    start, title = f"{meeting.start:%Y-%m-%dT%H:%M}", f"{TITLE} with {meeting.name}"
    yield meeting.uid, meeting.who, start, title, HUBSPOT_OUTCOMES[meeting.kinds[-1]], len(meeting.starts) - 1


def _attio(state: dict) -> tuple[list, list]:
    people = {
        row["id"]["record_id"]: row["values"]["email_addresses"][0]["email_address"].lower() for row in state["people"]
    }
    notes = [
        (*MARKER.findall(note["content_plaintext"])[-1], people.get(note["parent_record_id"]), note["title"])
        for note in state["notes"]
    ]
    return [email for email in people.values() if email != NEIGHBOUR], notes


def _in_attio(meeting: Meeting) -> Iterator[tuple]:
    starts = iter(meeting.starts)
    start = next(starts)
    for revision, kind in enumerate(meeting.kinds, 1):
        start = next(starts) if kind == "rescheduled" else start
        title = f"{ATTIO_MARKS[kind]}{TITLE}, {start.astimezone(LONDON):%-d %b %Y, %H:%M} (Europe/London)"
        yield meeting.uid, str(revision), meeting.who, title
