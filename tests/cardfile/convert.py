from linktime.core.history import rescheduled_lines
from linktime.core.names import split
from tests.cardfile.service import MEMO, NAME


def card(meeting):
    given, family = split(meeting.invitee.name)
    return {"given": given[:NAME], "family": family[:NAME], "phone": meeting.invitee.phone}


def appointment(meeting, number):
    lines = [f"{meeting.title} with {meeting.invitee.name}", meeting.notes, meeting.location]
    lines += [f"{answer.label}: {answer.value}" for answer in meeting.answers]
    return {"card": number, "memo": "\n".join(filter(None, lines))[:MEMO], **changes(meeting)}


def changes(meeting):
    moved = "\n".join(rescheduled_lines(meeting))
    return {"at": meeting.start.isoformat(), "state": meeting.status.value, "moved": moved[:MEMO]}
