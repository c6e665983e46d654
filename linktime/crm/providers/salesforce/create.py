"""First sight of a booking: its Event, and the Contact of an invitee whom Salesforce does not know."""

from collections.abc import Mapping
from typing import Any

from linktime.core.meeting import Meeting
from linktime.crm.contract import CrmError, Gone, Outcome, Push, Rejected, Remote, Session
from linktime.crm.providers.salesforce import convert, soql
from linktime.crm.providers.salesforce.client import Part, PartAnswer, composite, first_failure, query, query_path
from linktime.crm.providers.salesforce.errors import Duplicate, error_of
from linktime.crm.providers.salesforce.options import MATCH, SAVE, about_duplicates

FOUND = "@{contact.records[0].Id}"
MADE = "@{contact.id}"
SAVE_DESPITE_ALERT = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
MAY_ARRIVE = "The create may still arrive"
RULE_NAMED = "A duplicate rule named the Contact that was used."
RULE_CHOSE = "A duplicate rule named the Contact that was used; it has another email than the invitee."

Answers = Mapping[str, PartAnswer]


def create(session: Session, push: Push) -> Outcome:
    """Log the booking; a Contact that vanishes in between is looked for again, once."""
    try:
        return _for_known(session, push)
    except Gone:
        return _for_known(session, push)


def attempt_values(email: str, event: Mapping[str, str]) -> dict[str, str]:
    """Return what the create of an Event can be looked up by."""
    return {"Email": email, **{name: event[name] for name in ("Subject", "Description", "StartDateTime")}}


def not_updated(refusal: CrmError) -> str:
    return f"The Contact was not updated: {refusal.message} ({refusal.code})"


def _for_known(session: Session, push: Push) -> Outcome:
    """Assume that the Contact is there: one call."""
    update = convert.contact_update(convert.new_contact(push.meeting))
    answers = _send(session, push, [_find(push.meeting), *_update_parts(update), *_event_parts(push.meeting, FOUND)])
    failure = first_failure(answers)
    if failure is None:
        return _outcome(push, answers)
    if _nobody_found(answers):
        return _for_new(session, push)
    name, answer = failure
    error = error_of(answer.status, answer.body)
    if name == "update" and isinstance(error, Rejected):
        return _without_update(session, push, error)
    raise error


def _without_update(session: Session, push: Push, refusal: Rejected) -> Outcome:
    """Log the Event all the same when a rule over there refuses the Contact's update."""
    answers = _send(session, push, [_find(push.meeting), *_event_parts(push.meeting, FOUND)])
    _raise_failure(answers)
    return _outcome(push, answers, note=not_updated(refusal))


def _for_new(session: Session, push: Push) -> Outcome:
    """Make the Contact and its Event together or not at all."""
    body = convert.new_contact(push.meeting)
    headers = SAVE_DESPITE_ALERT if about_duplicates(push) == SAVE else {}
    contact = Part("contact", "POST", "/sobjects/Contact", body, headers)
    answers = _send(session, push, [contact, *_event_parts(push.meeting, MADE)])
    try:
        _raise_failure(answers)
    except Duplicate as duplicate:
        return _for_match(session, push, duplicate)
    return _outcome(push, answers)


def _for_match(session: Session, push: Push, duplicate: Duplicate) -> Outcome:
    """Use the Contact that a duplicate rule names if its Email is the invitee's, or if any will do; else it stands."""
    matches = query(session, soql.contact_emails(duplicate.matches)) if duplicate.matches else []
    wanted = push.meeting.invitee.email.casefold()
    same = [match["Id"] for match in matches if (match["Email"] or "").casefold() == wanted]
    used = same or (duplicate.matches if about_duplicates(push) == MATCH else ())
    if not used:
        raise duplicate
    answers = _send(session, push, _event_parts(push.meeting, used[0]))
    _raise_failure(answers)
    return _outcome(push, answers, note=RULE_NAMED if same else RULE_CHOSE)


def _send(session: Session, push: Push, parts: list[Part]) -> Answers:
    values = attempt_values(push.meeting.invitee.email, convert.new_event(push.meeting))
    session.creating({push.key: values})
    return composite(session, parts, creates=True)


def _find(meeting: Meeting) -> Part:
    return Part("contact", "GET", query_path(soql.contacts_by_email(meeting.invitee.email)))


def _update_parts(fields: Mapping[str, str]) -> list[Part]:
    return [Part("update", "PATCH", f"/sobjects/Contact/{FOUND}", fields)] if fields else []


def _event_parts(meeting: Meeting, who: str) -> list[Part]:
    """Create the Event, and read the time stamp that the next update depends on."""
    event = Part("event", "POST", "/sobjects/Event", {**convert.new_event(meeting), "WhoId": who})
    return [event, Part("stamp", "GET", "/sobjects/Event/@{event.id}?fields=WhoId,LastModifiedDate")]


def _nobody_found(answers: Answers) -> bool:
    """Recognise a composite that failed for want of the Contact, and for nothing else.

    The part that refers to the Contact lacks its reference, the query found nothing (or was rolled back itself), and
    every other part was rolled back. Anything less is an error, never "not found".
    """
    contact, *others = answers.values()
    if not (contact.halted or _found_none(contact)):
        return False
    return others[0].lacks_reference and all(answer.halted for answer in others)


def _found_none(contact: PartAnswer) -> bool:
    return contact.ok and contact.body.get("totalSize") == 0


def _raise_failure(answers: Answers) -> None:
    failure = first_failure(answers)
    if failure is not None:
        _, answer = failure
        raise error_of(answer.status, answer.body)


def _outcome(push: Push, answers: Answers, note: str = "") -> Outcome:
    stamp: Mapping[str, Any] = answers["stamp"].body
    written = convert.written(push.meeting, convert.new_event(push.meeting), stamp=stamp["LastModifiedDate"])
    remote = Remote(contact_id=stamp["WhoId"], meeting_id=answers["event"].body["id"], written=written)
    return Outcome(push.key, remote=remote, note=note)
