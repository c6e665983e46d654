"""What a booking would write into Attio. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from linktime.core.meeting import Meeting
from linktime.crm.contract import Write
from linktime.crm.providers.attio import convert

PERSON, NOTE = "person", "note"
LACKING = "Only what the person lacks: what stands there stays as it is."


def preview(meeting: Meeting, *, before: Meeting | None, known: bool) -> Sequence[Write]:
    entries = convert.entries(meeting, before.revision if before else 0)
    notes = [Write(NOTE, creates=True, fields=convert.note("(the person)", entry)) for entry in entries]
    return notes if before else [_person(meeting, known=known), *notes]


def _person(meeting: Meeting, *, known: bool) -> Write:
    given = _flat(convert.missing(meeting.invitee, {}))
    if known:
        return Write(PERSON, creates=False, fields=given, when=LACKING)
    return Write(PERSON, creates=True, fields={"email_addresses": meeting.invitee.email, **given})


def _flat(values: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, str]:
    """Name each part of a value: `name.first_name`."""
    return {
        f"{slug}.{part}": str(text)
        for slug, rows in values.items()
        for row in rows
        for part, text in row.items()
        if text is not None
    }
