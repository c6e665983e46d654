"""After a lost answer: did the create arrive? Found by what was sent, not by what the booking is today."""

from collections.abc import Mapping
from typing import Any

from linktime.crm.contract import Attempt, Outcome, Push, Remote, Session, Uncertain
from linktime.crm.providers.salesforce import soql
from linktime.crm.providers.salesforce.client import query
from linktime.crm.providers.salesforce.create import create
from linktime.crm.providers.salesforce.update import update

ALL_CONTACTS = 200

Row = Mapping[str, Any]


def adopt_or_create(session: Session, push: Push) -> Outcome:
    """Take over the Event that the lost create made; create again only when it had time enough to arrive."""
    if push.attempt is None:
        raise ValueError("there is no attempt to look up")
    found = candidates(session, push.attempt)
    if found:
        return _adopt(session, push, push.attempt, found[0])
    if not push.may_create:
        raise Uncertain("The create may still arrive")
    return create(session, push)


def candidates(session: Session, attempt: Attempt) -> list[Row]:
    """Return the Events that this create may have made and no booking owns; those with its very text first."""
    contacts = query(session, soql.contacts_by_email(attempt.values["Email"], limit=ALL_CONTACTS))
    if not contacts:
        return []
    like = soql.events_like(
        contact_ids=[contact["Id"] for contact in contacts],
        subject=attempt.values["Subject"],
        start=attempt.values["StartDateTime"],
    )
    rows = query(session, like, resource="queryAll")
    owned = session.owned(row["Id"] for row in rows)
    free = [row for row in rows if row["Id"] not in owned]
    return sorted(free, key=lambda row: not has_text_of(row, attempt))


def has_text_of(row: Row, attempt: Attempt) -> bool:
    return bool((row["Description"] or "").split() == attempt.values["Description"].split())


def _adopt(session: Session, push: Push, attempt: Attempt, row: Row) -> Outcome:
    """Link the Event. Its stamp is trusted only if nobody has edited it yet."""
    untouched = has_text_of(row, attempt)
    written = {
        "Subject": attempt.values["Subject"],
        "Description": attempt.values["Description"],
        "theirs": [],
        "stamp": row["LastModifiedDate"] if untouched else "",
    }
    remote = Remote(contact_id=row["WhoId"], meeting_id=row["Id"], written=written)
    if attempt.revision == push.meeting.revision:
        return Outcome(push.key, remote=remote, note="It had arrived: only the answer was lost.")
    return update(session, push, remote)
