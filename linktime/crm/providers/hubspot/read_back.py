"""How meetings stand that LinkTime made: two calls for 100 of them, one for the meetings and one for their contacts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import batched
from typing import Any

from linktime.crm.contract import Difference, Drift, DriftKind, Push, Remote, Seen, Session
from linktime.crm.providers.hubspot import convert
from linktime.crm.providers.hubspot.batch import LARGEST, Row, read
from linktime.crm.providers.hubspot.client import CONTACTS, MEETINGS

OUTCOME, NOTES = "hs_meeting_outcome", "hs_internal_meeting_notes"
TIMES = ("hs_timestamp", "hs_meeting_start_time", "hs_meeting_end_time")
TOOK_PLACE = "COMPLETED"  # what people set when a meeting is over
MERGED_IDS = "hs_merged_object_ids"
DELETED = "The meeting was deleted in HubSpot."
MADE_ANEW = "LinkTime makes the meeting anew."
EDITED = "Somebody changed the meeting in HubSpot."
SET_BACK = "LinkTime sets its times and its outcome back. All else stays."
MERGED = "The contact was merged into another one in HubSpot."
LINKED_ANEW = "LinkTime links the booking to the contact that is left."


def read_back(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Seen]]:
    for some in batched(pushes, LARGEST, strict=False):
        ids = [push.remote.meeting_id for push in some]
        meetings = {
            str(row["id"]): row for row in read(session, f"{MEETINGS}/batch/read", ids, properties=[*convert.KEPT])
        }
        winners = _winners(session, [push.remote.contact_id for push in some])
        found = [(push, meetings.get(push.remote.meeting_id)) for push in some]
        yield [Seen(push.key, drift(push, row, winners.get(push.remote.contact_id))) for push, row in found]


def _winners(session: Session, contact_ids: Sequence[str]) -> dict[str, Row]:
    """Return, by the ids of contacts that were merged, those they were merged into."""
    rows = read(session, f"{CONTACTS}/batch/read", contact_ids, properties=[MERGED_IDS])
    return {
        loser: row
        for row in rows
        for loser in str(row["properties"].get(MERGED_IDS) or "").split(";")
        if loser and loser != str(row["id"])
    }


def drift(push: Push, row: Row | None, winner: Row | None) -> Drift | None:
    """Compare a meeting with what was left there; `winner` is the contact that its own was merged into. Pure."""
    if row is None:
        return Drift(DriftKind.DELETED, DELETED, MADE_ANEW, Remote(contact_id=push.remote.contact_id))
    differences = tuple(_differences(push, row["properties"]))
    there = _as_it_is(push, differences, winner)
    if differences:
        restored = any(difference.restored for difference in differences)
        return Drift(DriftKind.EDITED, EDITED, SET_BACK if restored else "", there, differences)
    return Drift(DriftKind.MERGED, MERGED, LINKED_ANEW, there) if winner else None


def _differences(push: Push, theirs: Mapping[str, Any]) -> Iterator[Difference]:
    for name, ours in convert.kept(push.meeting).items():
        there = str(theirs.get(name) or "")
        over = name == OUTCOME and there == TOOK_PLACE
        if not over and not _same(name, ours, there):
            yield Difference(name, ours, there, restored=name != NOTES)


def _same(name: str, ours: str, theirs: str) -> bool:
    if name not in TIMES or not theirs:
        return ours == theirs.strip()
    return datetime.fromisoformat(ours) == datetime.fromisoformat(theirs)


def _as_it_is(push: Push, differences: Sequence[Difference], winner: Row | None) -> Remote:
    """Know what stands there of what is to be set back: a change writes what it does not know to be there."""
    changed = {difference.field: difference.theirs for difference in differences if difference.restored}
    written = {**push.remote.written, "properties": {**push.remote.written.get("properties", {}), **changed}}
    if winner is None:
        return replace(push.remote, written=written)
    written["contact_url"] = str(winner.get("url") or "")
    return replace(push.remote, contact_id=str(winner["id"]), written=written)
