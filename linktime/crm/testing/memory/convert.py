"""Meeting -> the fields of the CRM in memory. Pure."""

from collections.abc import Mapping
from typing import Any

from linktime.core.history import rescheduled_lines
from linktime.core.meeting import Meeting
from linktime.core.names import split
from linktime.crm.testing.memory.records import LENGTHS

KEPT = ("start", "end", "status", "history")


def contact(meeting: Meeting) -> dict[str, Any]:
    """Return the input for the invitee: a known one keeps the last name, and whatever was not given."""
    first_name, last_name = split(meeting.invitee.name)
    given = _cut({"first_name": first_name, "phone": meeting.invitee.phone})
    always = {name: text for name, text in given.items() if text}
    return {"email": meeting.invitee.email, "always": always, "if_new": _cut({"last_name": last_name})}


def fields(meeting: Meeting) -> dict[str, str]:
    """Return all that a new meeting gets; `reference` tells the bookings apart."""
    answers = [f"{answer.label}: {answer.value}" for answer in meeting.answers]
    texts = {
        "title": f"{meeting.title} with {meeting.invitee.name}",
        "text": "\n".join([meeting.notes or "Booked via LinkTime", *answers]),
        "location": meeting.location,
        "history": "\n".join(rescheduled_lines(meeting)),
    }
    times = {"start": meeting.start.isoformat(), "end": meeting.end.isoformat()}
    return {**_cut(texts), **times, "status": meeting.status.value, "reference": meeting.uid}


def changes(meeting: Meeting) -> dict[str, str]:
    """Return what follows the booking; the texts belong to whoever works there."""
    everything = fields(meeting)
    return {name: everything[name] for name in KEPT}


def is_as_sent(found: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Say whether nobody has touched a meeting."""
    return found["version"] == 1 and all(found.get(name) == value for name, value in sent.items())


def _cut(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text[: LENGTHS[name]].strip() for name, text in texts.items()}
