"""How Events stand that LinkTime made: one query for 200 of them, another one where a Contact is not the one it was."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import batched
from typing import Any

from linktime.crm.contract import Difference, Drift, DriftKind, Push, Remote, Seen, Session
from linktime.crm.providers.salesforce import convert, soql
from linktime.crm.providers.salesforce.client import query

AT_A_TIME = 200
DELETED = "The Event was deleted in Salesforce."
UNSEEN = "The Event is no longer in Salesforce, or hidden from the connected user."
MADE_ANEW = "LinkTime makes the Event anew."
MADE_ANEW_UNSEEN = "LinkTime makes the Event anew. If it was only hidden, there are two then."
EDITED = "Somebody changed the Event in Salesforce."
SET_BACK = "LinkTime sets its times back. What people wrote into Subject and Description stays."
MERGED = "The Contact was merged into another one in Salesforce."
LINKED_ANEW = "LinkTime links the booking to the Contact that is left."

Row = Mapping[str, Any]


def read_back(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Seen]]:
    for some in batched(pushes, AT_A_TIME, strict=False):
        events = {row["Id"]: row for row in query(session, _events(some), resource="queryAll")}
        moved = {
            push.remote.contact_id for push in some if _belongs_to_another(push, events.get(push.remote.meeting_id))
        }
        merged = {row["Id"] for row in query(session, _merged(moved), resource="queryAll")} if moved else set()
        found = [(push, events.get(push.remote.meeting_id)) for push in some]
        yield [Seen(push.key, drift(push, row, merged=push.remote.contact_id in merged)) for push, row in found]


def drift(push: Push, row: Row | None, *, merged: bool) -> Drift | None:
    """Compare an Event with what was left there; `merged` says that its Contact was. Pure."""
    if row is None:
        return Drift(DriftKind.DELETED, UNSEEN, MADE_ANEW_UNSEEN, _forgotten(push))
    if row["IsDeleted"]:
        return Drift(DriftKind.DELETED, DELETED, MADE_ANEW, _forgotten(push))
    differences = tuple(_differences(push, row))
    # without its stamp the Event is read before it is changed, so that what people wrote stays
    written = {**push.remote.written, "stamp": ""}
    there = replace(push.remote, contact_id=row["WhoId"] or "", written=written)
    if differences:
        restored = any(difference.restored for difference in differences)
        return Drift(DriftKind.EDITED, EDITED, SET_BACK if restored else "", there, differences)
    if merged and _belongs_to_another(push, row):
        return Drift(DriftKind.MERGED, MERGED, LINKED_ANEW, there)
    return None


def _differences(push: Push, row: Row) -> Iterator[Difference]:
    for name in ("Subject", "Description"):
        ours, theirs = str(push.remote.written.get(name) or ""), str(row[name] or "")
        if not convert.same(theirs, ours):
            yield Difference(name, ours, theirs, restored=False)
    for name, ours in convert.times(push.meeting).items():
        theirs = soql.instant(datetime.fromisoformat(row[name]))
        if theirs != ours:
            yield Difference(name, ours, theirs, restored=True)
    if not row["WhoId"]:
        yield Difference("WhoId", push.remote.contact_id, "", restored=False)


def _belongs_to_another(push: Push, row: Row | None) -> bool:
    return bool(row and row["WhoId"] and row["WhoId"] != push.remote.contact_id)


def _forgotten(push: Push) -> Remote:
    return Remote(contact_id=push.remote.contact_id)


def _events(pushes: Iterable[Push]) -> str:
    ids = soql.among(push.remote.meeting_id for push in pushes)
    fields = "Id, WhoId, Subject, Description, StartDateTime, EndDateTime, IsDeleted"
    return f"SELECT {fields} FROM Event WHERE Id IN {ids}"  # noqa: S608 - escaped


def _merged(contact_ids: Iterable[str]) -> str:
    ids = soql.among(sorted(contact_ids))
    return f"SELECT Id FROM Contact WHERE Id IN {ids} AND IsDeleted = true AND MasterRecordId != null"  # noqa: S608 - escaped
