"""What a booking would write into HubSpot. Pure."""

from collections.abc import Sequence

from linktime.core.meeting import Meeting
from linktime.crm.contract import Write
from linktime.crm.providers.hubspot import convert

CONTACT, MEETING = "contact", "meeting"


def preview(meeting: Meeting, *, before: Meeting | None, known: bool) -> Sequence[Write]:
    if before is not None:
        return [Write(MEETING, creates=False, fields=convert.changes(meeting, convert.kept(before)))]
    log = Write(MEETING, creates=True, fields={**convert.properties(meeting), "associations": "(the contact)"})
    return [*_contact(meeting, known=known), log]


def _contact(meeting: Meeting, *, known: bool) -> list[Write]:
    fields = convert.contact(meeting)
    if known:
        return [Write(CONTACT, creates=False, fields=fields)] if fields else []
    new = {"email": convert.email(meeting), **fields, "lastname": convert.last_name(meeting)}
    return [Write(CONTACT, creates=True, fields=new)]
