"""After a lost answer: did the create arrive? Found by what was sent, not by what the booking is today.

A batch whose answer was lost is looked up with two queries: the Contacts by their emails, then their Events. What did
not arrive is created again, fewer at a time: one record may be to blame.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import batched
from typing import Any

from linktime.crm.contract import Attempt, CrmError, Outcome, Push, Remote, Session, Uncertain
from linktime.crm.providers.salesforce import soql
from linktime.crm.providers.salesforce.backlog import create_all, narrower
from linktime.crm.providers.salesforce.client import query
from linktime.crm.providers.salesforce.create import MAY_ARRIVE
from linktime.crm.providers.salesforce.patience import Patience
from linktime.crm.providers.salesforce.records import LARGEST
from linktime.crm.providers.salesforce.update import update

ARRIVED = "It had arrived: only the answer was lost."
TIMES = 200  # in one query; so many take 5,400 bytes of its address
ROOM_FOR_IDS = 9_000

Row = Mapping[str, Any]


def look_up(session: Session, pushes: Sequence[Push], missing: list[Push]) -> Iterator[Sequence[Outcome]]:
    """Take over the Events that lost creates made; what is to be created again goes to `missing`."""
    sought = [(push, push.attempt) for push in pushes if push.attempt and came_to_event(push.attempt)]
    missing += [push for push in pushes if push.attempt and not came_to_event(push.attempt)]
    found = _found(session, [attempt for _, attempt in sought])
    remotes = _adopted(sought, found)
    told: list[Outcome] = []
    behind: list[Push] = []
    for (push, attempt), rows in zip(sought, found, strict=True):
        remote = remotes.get(push.key)
        if isinstance(rows, CrmError):
            told.append(Outcome(push.key, error=rows))
        elif remote and attempt.revision == push.meeting.revision:
            told.append(Outcome(push.key, remote=remote, note=ARRIVED))
        elif remote:
            behind.append(replace(push, remote=remote))
        elif push.may_create:
            missing.append(push)
        else:
            told.append(Outcome(push.key, error=Uncertain(MAY_ARRIVE)))
    yield told
    yield from update(session, behind)


def came_to_event(attempt: Attempt) -> bool:
    """Say whether a create may have made an Event, and not only a Contact."""
    return "Subject" in attempt.values


def create_again(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    """Create in smaller groups than before; a Contact that may still arrive is asked for, and else waited for."""
    by_size: dict[int, list[Push]] = defaultdict(list)
    for push in pushes:
        among = push.attempt.values.get("among", 1) if push.attempt else 1
        by_size[narrower(among) if push.may_create else LARGEST].append(push)
    for size, some in by_size.items():
        yield from create_all(session, some, size=size)


def _found(session: Session, attempts: Sequence[Attempt]) -> list[Sequence[Row] | CrmError]:
    patience = Patience()
    found = _halved(session, attempts, patience) if attempts else []
    return [patience.blame(rows) if isinstance(rows, CrmError) else rows for rows in found]


def _halved(session: Session, attempts: Sequence[Attempt], patience: Patience) -> list[Sequence[Row] | CrmError]:
    """Look for each create's Events; a query that fails is halved, for one value may be to blame."""
    try:
        found = candidates(session, attempts)
    except CrmError as error:
        if not patience.is_worth_it(error, len(attempts)):
            return [error] * len(attempts)
        half = len(attempts) // 2
        return _halved(session, attempts[:half], patience) + _halved(session, attempts[half:], patience)
    patience.works = True
    return [*found]


def _adopted(sought: Sequence[tuple[Push, Attempt]], found: Sequence[Sequence[Row] | CrmError]) -> dict[int, Remote]:
    """Give each push the Event that it made, no Event to two; those with the very text choose first."""
    remotes: dict[int, Remote] = {}
    taken: set[str] = set()
    for exactly in (True, False):
        for (push, attempt), rows in zip(sought, found, strict=True):
            if push.key in remotes or isinstance(rows, CrmError):
                continue
            free = [row for row in rows if row["Id"] not in taken and has_text_of(row, attempt) is exactly]
            if free:
                remotes[push.key] = _remote(attempt, free[0])
                taken.add(free[0]["Id"])
    return remotes


def candidates(session: Session, attempts: Sequence[Attempt]) -> list[list[Row]]:
    """Return, for each create, the Events that it may have made and no booking owns."""
    contacts = _contacts(session, attempts)
    rows = [row for some in batched(attempts, TIMES, strict=False) for row in _events(session, some, contacts)]
    owned = session.owned([row["Id"] for row in rows])
    by_what: dict[tuple[str, datetime, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["Id"] not in owned:
            by_what[row["WhoId"], *_what(row)].append(row)
    return [
        [row for contact in contacts[_email(attempt)] for row in by_what.get((contact, *_what(attempt.values)), ())]
        for attempt in attempts
    ]


def _contacts(session: Session, attempts: Sequence[Attempt]) -> dict[str, list[str]]:
    """Return the ids of all Contacts of these invitees, by email."""
    found: dict[str, list[str]] = {_email(attempt): [] for attempt in attempts}
    for emails in soql.fitting(found):
        for row in query(session, soql.contacts_of(emails)):
            found.setdefault(row["Email"].lower(), []).append(row["Id"])
    return found


def _events(session: Session, attempts: Sequence[Attempt], contacts: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    ids = dict.fromkeys(one for attempt in attempts for one in contacts[_email(attempt)])
    starts = dict.fromkeys(attempt.values["StartDateTime"] for attempt in attempts)
    for some in soql.fitting(ids, ROOM_FOR_IDS):
        yield from query(session, soql.events_at(some, starts), resource="queryAll")


def _email(attempt: Attempt) -> str:
    return str(attempt.values["Email"]).lower()


def _what(fields: Mapping[str, Any]) -> tuple[datetime, str]:
    return datetime.fromisoformat(fields["StartDateTime"]), (fields["Subject"] or "").strip().casefold()


def has_text_of(row: Row, attempt: Attempt) -> bool:
    return bool((row["Description"] or "").split() == attempt.values["Description"].split())


def _remote(attempt: Attempt, row: Row) -> Remote:
    """Link an Event. Its stamp is trusted only if nobody has edited it yet."""
    written = {
        "Subject": attempt.values["Subject"],
        "Description": attempt.values["Description"],
        "theirs": [],
        "stamp": row["LastModifiedDate"] if has_text_of(row, attempt) else "",
    }
    return Remote(contact_id=row["WhoId"], meeting_id=row["Id"], written=written)
