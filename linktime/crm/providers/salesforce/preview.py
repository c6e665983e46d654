"""What a booking would write into Salesforce. Pure."""

from collections.abc import Sequence

from linktime.core.meeting import Meeting
from linktime.crm.contract import Write
from linktime.crm.providers.salesforce import convert

CONTACT, EVENT = "Contact", "Event"
SEVERAL = "Of several Contacts with this email, the one with the latest activity."
UNEDITED = (
    "Where somebody has edited the Subject or the Description, that text stays, and only LinkTime's line is added."
)


def preview(meeting: Meeting, *, before: Meeting | None, known: bool) -> Sequence[Write]:
    if before is not None:
        there = convert.written(before, convert.new_event(before), stamp="")
        return [Write(EVENT, creates=False, fields=convert.event_update(meeting, there, there), when=UNEDITED)]
    event = Write(EVENT, creates=True, fields={**convert.new_event(meeting), "WhoId": "(the Contact)"})
    return [*_contact(meeting, known=known), event]


def _contact(meeting: Meeting, *, known: bool) -> list[Write]:
    new = convert.new_contact(meeting)
    if not known:
        return [Write(CONTACT, creates=True, fields=new)]
    fields = convert.contact_update(new)
    return [Write(CONTACT, creates=False, fields=fields, when=SEVERAL)] if fields else []
