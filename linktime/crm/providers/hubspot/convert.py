"""Meeting -> HubSpot's properties, which are texts. Pure.

Lengths are counted in characters. A change names only the properties that changed, and of these only the ones that
LinkTime keeps: the title, the body and the location are written once, and then belong to whoever works in HubSpot.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from itertools import accumulate
from typing import Any

from linktime.core.history import rescheduled_lines
from linktime.core.meeting import ChangeKind, Meeting, Status
from linktime.core.names import split

TEXT = 65_536
MEETING_TO_CONTACT = 200
PARAGRAPH = "<p>{}</p>"
OUTCOMES = {Status.CANCELLED: "CANCELED", Status.NO_SHOW: "NO_SHOW"}
KEPT = (
    "hs_timestamp",
    "hs_meeting_start_time",
    "hs_meeting_end_time",
    "hs_meeting_outcome",
    "hs_internal_meeting_notes",
)


def email(meeting: Meeting) -> str:
    """Return the address as HubSpot stores it: invitees are one by it."""
    return meeting.invitee.email.lower()


def contact(meeting: Meeting) -> dict[str, str]:
    """Return what any contact gets: never `lastname`, nothing that the invitee did not give."""
    first_name, _ = split(meeting.invitee.name)
    given = {"firstname": _cut(first_name), "phone": _cut(meeting.invitee.phone)}
    return {name: value for name, value in given.items() if value}


def last_name(meeting: Meeting) -> str:
    return _cut(split(meeting.invitee.name)[1])


def properties(meeting: Meeting) -> dict[str, str]:
    """Return all that a new meeting gets."""
    start = instant(meeting.start)
    facts = {
        "hs_timestamp": start,
        "hs_meeting_start_time": start,
        "hs_meeting_end_time": instant(meeting.end),
        "hs_meeting_title": _cut(f"{meeting.title} with {meeting.invitee.name}"),
        "hs_meeting_body": body(meeting),
        "hs_meeting_location": _cut(meeting.location),
        "hs_meeting_external_url": meeting.url,
        "hs_meeting_outcome": outcome(meeting),
        "hs_internal_meeting_notes": notes(meeting),
    }
    return {name: value for name, value in facts.items() if value}


def changes(meeting: Meeting, written: Mapping[str, Any]) -> dict[str, str]:
    """Return what has changed since `written`."""
    return {name: value for name, value in kept(meeting).items() if written.get(name) != value}


def kept(meeting: Meeting) -> dict[str, str]:
    """Return the properties that follow the booking."""
    facts = properties(meeting)
    return {name: facts[name] for name in KEPT}


def outcome(meeting: Meeting) -> str:
    moved = any(change.kind == ChangeKind.RESCHEDULED for change in meeting.history)
    return OUTCOMES.get(meeting.status) or ("RESCHEDULED" if moved else "SCHEDULED")


def notes(meeting: Meeting) -> str:
    """Return the lines of earlier times, the latest first, and which booking it is."""
    return _cut("\n".join([*rescheduled_lines(meeting), f"LinkTime booking {meeting.uid}"]))


def body(meeting: Meeting) -> str:
    """Return the invitee's notes and the answers as HTML."""
    answers = [f"{answer.label}: {answer.value}" for answer in meeting.answers]
    text = "\n".join([meeting.notes or "Booked via LinkTime", *answers])
    return PARAGRAPH.format(_html(text, TEXT - len(PARAGRAPH.format(""))))


def association(contact_id: str) -> dict[str, Any]:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": MEETING_TO_CONTACT}
    return {"to": {"id": contact_id}, "types": [spec]}


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _html(text: str, length: int) -> str:
    """Escape as many characters as fit; none is cut in two."""
    pieces = [
        "<br>" if letter == "\n" else escape(letter, quote=False) for letter in text.replace("\r\n", "\n").strip()
    ]
    fitting = sum(1 for end in accumulate(map(len, pieces)) if end <= length)
    return "".join(pieces[:fitting])


def _cut(text: str) -> str:
    return text[:TEXT].strip()
