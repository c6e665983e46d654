"""Which Events lost creates have made: found by what was sent, with two queries for a whole batch."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from linktime.crm.contract import CrmError, Push, Remote, Session
from linktime.crm.providers.salesforce import soql
from linktime.crm.providers.salesforce.client import query
from linktime.crm.providers.salesforce.patience import Patience

ARRIVED = "It had arrived: only the answer was lost."
TIMES = 200  # in one query; so many take 5,400 bytes of its address
ROOM_FOR_IDS = 9_000

Row = Mapping[str, Any]
Values = Mapping[str, Any]  # what an attempt remembers
Sought = tuple[Push, Values]


def search(session: Session, sought: Sequence[Sought]) -> dict[int, Remote | CrmError]:
    """Return by push what its create made, or why that could not be looked up; who is left out made nothing."""
    found = _found(session, [sent for _, sent in sought])
    failed = {push.key: rows for (push, _), rows in zip(sought, found, strict=True) if isinstance(rows, CrmError)}
    return {**_adopted(sought, found), **failed}


def came_to_event(sent: Values) -> bool:
    """Say whether a create may have made an Event, and not only a Contact."""
    return "Subject" in sent


def _found(session: Session, creates: Sequence[Values]) -> list[Sequence[Row] | CrmError]:
    patience = Patience()
    found = _halved(session, creates, patience) if creates else []
    return [patience.blame(rows) if isinstance(rows, CrmError) else rows for rows in found]


def _halved(session: Session, creates: Sequence[Values], patience: Patience) -> list[Sequence[Row] | CrmError]:
    """Look for each create's Events; a query that fails is halved, for one value may be to blame."""
    try:
        found = candidates(session, creates)
    except CrmError as error:
        if not patience.is_worth_it(error, len(creates)):
            return [error] * len(creates)
        half = len(creates) // 2
        return _halved(session, creates[:half], patience) + _halved(session, creates[half:], patience)
    patience.works = True
    return [*found]


def _adopted(sought: Sequence[Sought], found: Sequence[Sequence[Row] | CrmError]) -> dict[int, Remote]:
    """Give each push the Event that it made, no Event to two; those with the very text choose first."""
    remotes: dict[int, Remote] = {}
    taken: set[str] = set()
    for exactly in (True, False):
        for (push, sent), rows in zip(sought, found, strict=True):
            if push.key in remotes or isinstance(rows, CrmError):
                continue
            free = [row for row in rows if row["Id"] not in taken and has_text_of(row, sent) is exactly]
            if free:
                remotes[push.key] = _remote(sent, free[0])
                taken.add(free[0]["Id"])
    return remotes


def candidates(session: Session, creates: Sequence[Values]) -> list[list[Row]]:
    """Return, for each create, the Events that it may have made and no booking owns."""
    contacts = _contacts(session, creates)
    rows = [row for some in batched(creates, TIMES, strict=False) for row in _events(session, some, contacts)]
    owned = session.owned([row["Id"] for row in rows])
    by_what: dict[tuple[str, datetime, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["Id"] not in owned:
            by_what[row["WhoId"], *_what(row)].append(row)
    return [
        [row for contact in contacts[_email(sent)] for row in by_what.get((contact, *_what(sent)), ())]
        for sent in creates
    ]


def _contacts(session: Session, creates: Sequence[Values]) -> dict[str, list[str]]:
    """Return the ids of all Contacts of these invitees, by email."""
    found: dict[str, list[str]] = {_email(sent): [] for sent in creates}
    for emails in soql.fitting(found):
        for row in query(session, soql.contacts_of(emails)):
            found.setdefault(row["Email"].lower(), []).append(row["Id"])
    return found


def _events(session: Session, creates: Sequence[Values], contacts: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    ids = dict.fromkeys(one for sent in creates for one in contacts[_email(sent)])
    starts = dict.fromkeys(sent["StartDateTime"] for sent in creates)
    for some in soql.fitting(ids, ROOM_FOR_IDS):
        yield from query(session, soql.events_at(some, starts), resource="queryAll")


def _email(sent: Values) -> str:
    return str(sent["Email"]).lower()


def _what(fields: Mapping[str, Any]) -> tuple[datetime, str]:
    return datetime.fromisoformat(fields["StartDateTime"]), (fields["Subject"] or "").strip().casefold()


def has_text_of(row: Row, sent: Values) -> bool:
    return bool((row["Description"] or "").split() == sent["Description"].split())


def _remote(sent: Values, row: Row) -> Remote:
    """Link an Event. Its stamp is trusted only if nobody has edited it yet."""
    written = {
        "Subject": sent["Subject"],
        "Description": sent["Description"],
        "theirs": [],
        "stamp": row["LastModifiedDate"] if has_text_of(row, sent) else "",
    }
    return Remote(contact_id=row["WhoId"], meeting_id=row["Id"], written=written)
