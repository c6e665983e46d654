"""Meeting <-> Salesforce's JSON. Pure.

Lengths are Salesforce's (Object Reference: Contact, Event), in characters. Texts that a person edited over there are
kept: our line is added to what they wrote, and adding it twice gives the same text.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from linktime.core.history import rescheduled_lines
from linktime.core.meeting import Meeting, Status
from linktime.core.names import split
from linktime.crm.providers.salesforce.soql import instant

FIRST_NAME = 40
LAST_NAME = 80
PHONE = 40
SUBJECT = 255
LOCATION = 255
DESCRIPTION = 32_000
MARKS = {Status.CANCELLED: "[Cancelled] ", Status.NO_SHOW: "[No-show] "}


def names(full_name: str) -> tuple[str, str]:
    """Split a name into FirstName (may be empty) and LastName (never empty)."""
    first, last = split(full_name)
    return _cut(first, FIRST_NAME), _cut(last, LAST_NAME)


def new_contact(meeting: Meeting) -> dict[str, str]:
    """Return all fields of a new Contact; nothing that the invitee did not give."""
    first_name, last_name = names(meeting.invitee.name)
    given = {"FirstName": first_name, "Phone": _cut(meeting.invitee.phone, PHONE)}
    shown = {field: value for field, value in given.items() if value}
    return {"Email": meeting.invitee.email, "LastName": last_name, **shown}


def contact_update(contact: Mapping[str, str]) -> dict[str, str]:
    """Return what a known Contact gets of a new one's fields: never LastName."""
    return {field: value for field, value in contact.items() if field in ("FirstName", "Phone")}


def new_event(meeting: Meeting) -> dict[str, str]:
    fields = {"Subject": subject(meeting), "Description": description(meeting), **times(meeting)}
    return fields | ({"Location": _cut(meeting.location, LOCATION)} if meeting.location else {})


def times(meeting: Meeting) -> dict[str, str]:
    return {"StartDateTime": instant(meeting.start), "EndDateTime": instant(meeting.end)}


def subject(meeting: Meeting) -> str:
    text = f"{meeting.title} with {meeting.invitee.name}"
    return _cut(MARKS.get(meeting.status, "") + text, SUBJECT)


def description(meeting: Meeting) -> str:
    """Return the lines of earlier times (latest first), the invitee's notes, then the answers."""
    answers = [f"{answer.label}: {answer.value}" for answer in meeting.answers]
    body = "\n".join([meeting.notes or "Booked via LinkTime", *answers])
    return _cut("\n".join([*rescheduled_lines(meeting), body]), DESCRIPTION)


def event_update(meeting: Meeting, theirs: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, str]:
    """Return the change of an Event: where `theirs` is not what we wrote, our line is added to what stands there."""
    return {
        "Subject": _merged_subject(meeting, theirs.get("Subject") or "", _ours(written, "Subject")),
        "Description": _merged_description(meeting, theirs.get("Description") or "", _ours(written, "Description")),
        **times(meeting),
    }


def written(meeting: Meeting, fields: Mapping[str, str], *, stamp: str) -> dict[str, Any]:
    """Return what to remember of a write: the texts that stand there now, and which of them a person began."""
    ours = {"Subject": subject(meeting), "Description": description(meeting)}
    theirs = [name for name, text in ours.items() if fields[name] != text]
    return {"Subject": fields["Subject"], "Description": fields["Description"], "theirs": theirs, "stamp": stamp}


def _ours(written: Mapping[str, Any], name: str) -> str | None:
    return None if name in written.get("theirs", ()) else written.get(name)


def _merged_subject(meeting: Meeting, theirs: str, ours: str | None) -> str:
    if same(theirs, ours):
        return subject(meeting)
    mark = MARKS.get(meeting.status, "")
    return theirs if theirs.startswith(mark) else _cut(mark + theirs, SUBJECT)


def _merged_description(meeting: Meeting, theirs: str, ours: str | None) -> str:
    if same(theirs, ours):
        return description(meeting)
    there = Counter(_normal(theirs).split("\n"))
    missing: list[str] = []
    for line in reversed(rescheduled_lines(meeting)):  # the oldest first: each line there accounts for one of ours
        if there[line]:
            there[line] -= 1
        else:
            missing.insert(0, line)
    return _cut("\n".join([*missing, theirs]), DESCRIPTION) if missing else theirs


def same(theirs: str, ours: str | None) -> bool:
    """Say whether a text there is the one that was written, but for what Salesforce does to texts."""
    return ours is not None and _normal(theirs) == _normal(ours)


def _normal(text: str) -> str:
    """Undo what Salesforce does to texts: it trims them and may store line breaks as CR LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _cut(text: str, length: int) -> str:
    return text[:length].strip()
