"""Meeting <-> Attio's JSON. Pure.

Attio's documentation gives no lengths of texts: those here are ours, in characters. Notes are plain text: what an
invitee wrote can't become a heading or a link there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from linktime.core.meeting import Change, ChangeKind, Invitee, Meeting
from linktime.core.names import split

NAME = 100
TITLE = 255
CONTENT = 20_000
MARKS = {
    ChangeKind.BOOKED: "Booked: ",
    ChangeKind.RESCHEDULED: "[Rescheduled] ",
    ChangeKind.CANCELLED: "[Cancelled] ",
    ChangeKind.NO_SHOW: "[No-show] ",
}
HEADS = {ChangeKind.CANCELLED: "Cancelled", ChangeKind.NO_SHOW: "The invitee did not come"}

Values = Mapping[str, list[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of a booking, as its note says it."""

    revision: int
    title: str
    content: str


def name(full_name: str) -> dict[str, str]:
    """Return all three parts that Attio wants; a single word is a first name there."""
    first, last = split(full_name)
    if not first:
        first, last = last, ""
    whole = " ".join(full_name.split())
    return {"first_name": _cut(first, NAME), "last_name": _cut(last, NAME), "full_name": _cut(whole, 2 * NAME)}


def missing(invitee: Invitee, there: Values) -> dict[str, list[Any]]:
    """Return what the invitee gave and the person has not: never a value beside another."""
    values: dict[str, list[Any]] = {}
    if not any(row.get("full_name") or row.get("first_name") or row.get("last_name") for row in there.get("name", ())):
        values["name"] = [name(invitee.name)]
    if invitee.phone and not there.get("phone_numbers"):
        values["phone_numbers"] = [{"original_phone_number": invitee.phone, "country_code": None}]
    return values


def entries(meeting: Meeting, after: int) -> list[Entry]:
    """Return what the changes after a revision say, in their order."""
    return [_entry(meeting, change) for change in meeting.history if change.revision > after]


def note(person_id: str, entry: Entry) -> dict[str, str]:
    return {
        "parent_object": "people",
        "parent_record_id": person_id,
        "title": entry.title,
        "format": "plaintext",
        "content": entry.content,
    }


def marker(uid: str, revision: int) -> str:
    return f"LinkTime booking: {uid} #{revision}"


def revision_of(text: str, uid: str) -> int | None:
    """Return which change of a booking a note is about. The last marker counts: an invitee may have written another."""
    found = re.findall(rf"LinkTime booking: {re.escape(uid)} #(\d+)\b", text)
    return int(found[-1]) if found else None


def web_url(text: Any) -> str:
    """Return an address that may be linked to, or nothing."""
    return text if isinstance(text, str) and text.startswith(("https://", "http://")) else ""


def _entry(meeting: Meeting, change: Change) -> Entry:
    start, end = _times(meeting, change)
    zone = meeting.host.time_zone
    title = f"{MARKS[change.kind]}{meeting.title}, {_local(start, zone):%-d %b %Y, %H:%M} ({zone})"
    mark = marker(meeting.uid, change.revision)
    body = _cut("\n".join(_lines(meeting, change, _span(start, end, zone))), CONTENT - len(mark) - 2)
    return Entry(change.revision, _cut(title, TITLE), f"{body}\n\n{mark}")


def _times(meeting: Meeting, change: Change) -> tuple[datetime, datetime]:
    """Return when the meeting was to be after a change: what the next move came from, or what it is now."""
    for later in meeting.history:
        if later.revision > change.revision and later.previous_start and later.previous_end:
            return later.previous_start, later.previous_end
    return meeting.start, meeting.end


def _lines(meeting: Meeting, change: Change, when: str) -> list[str]:
    reason = [f"Reason: {change.reason}"] if change.reason else []
    if change.kind == ChangeKind.BOOKED:
        return [f"When: {when}", *_details(meeting)]
    if change.kind == ChangeKind.RESCHEDULED:
        return [f"From: {_previous(meeting, change)}", f"To: {when}", *reason]
    return [f"{HEADS[change.kind]}: {when}", *reason]


def _previous(meeting: Meeting, change: Change) -> str:
    if change.previous_start is None or change.previous_end is None:
        raise ValueError(f"revision {change.revision} moved a meeting from no time")
    return _span(change.previous_start, change.previous_end, meeting.host.time_zone)


def _details(meeting: Meeting) -> list[str]:
    """Return everything that was said when it was booked."""
    rows = [
        ("With", ", ".join(host.name for host in meeting.hosts)),
        ("Invitee", ", ".join(filter(None, [meeting.invitee.name, meeting.invitee.email, meeting.invitee.phone]))),
        ("Guests", ", ".join(meeting.guests)),
        ("Where", meeting.location),
        *((answer.label, answer.value) for answer in meeting.answers),
        ("Notes", meeting.notes),
    ]
    return [f"{label}: {text}" for label, text in rows if text]


def _span(start: datetime, end: datetime, zone: str) -> str:
    return f"{_local(start, zone):%A, %-d %B %Y, %H:%M} to {_local(end, zone):%H:%M} ({zone})"


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def _cut(text: str, length: int) -> str:
    return text[:length].strip()
