"""After a lost answer: did the create arrive? Found by what was sent, not by what the booking is today.

A contact's meetings are listed through their associations: HubSpot's search lags behind, associations do not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from linktime.crm.contract import Attempt, Outcome, Push, Remote, Session, Uncertain
from linktime.crm.providers.hubspot import convert
from linktime.crm.providers.hubspot.batch import Row, read
from linktime.crm.providers.hubspot.client import CONTACTS, MEETINGS, MEETINGS_OF_CONTACTS, send
from linktime.crm.providers.hubspot.create import came_to_meeting, create
from linktime.crm.providers.hubspot.update import update

ARRIVED = "It had arrived: only the answer was lost."
SHOWN = (
    *convert.KEPT,
    "hs_meeting_title",
    "hs_meeting_body",
    "hs_meeting_location",
    "hs_meeting_external_url",
)


def look_up(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    """Take over the meetings that lost creates made; create again only what had time enough to arrive."""
    yield from create(session, [push for push in pushes if not came_to_meeting(push)])
    sought = _with_contacts(
        session, [(push, push.attempt) for push in pushes if push.attempt and came_to_meeting(push)]
    )
    rows = _rows(session, [attempt for _, attempt in sought])
    found = [(push, attempt, _adopted(attempt, rows)) for push, attempt in sought]
    yield [
        Outcome(push.key, remote=remote, note=ARRIVED)
        for push, attempt, remote in found
        if remote and attempt.revision == push.meeting.revision
    ]
    behind = [(push, remote) for push, attempt, remote in found if remote and attempt.revision < push.meeting.revision]
    yield from update(session, [replace(push, remote=remote) for push, remote in behind])
    yield from _again(session, [push for push, _, remote in found if remote is None])


def _again(session: Session, missing: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    """Create one by one: what is lost once more then concerns that booking alone."""
    early = [push for push in missing if not push.may_create]
    yield [Outcome(push.key, error=Uncertain("The create may still arrive")) for push in early]
    for push in missing:
        if push.may_create:
            yield from create(session, [push])


def candidates(session: Session, attempt: Attempt) -> list[Row]:
    """Return the meetings that this create may have made and no booking owns."""
    return _made_by(attempt, _rows(session, [attempt]))


def is_as_sent(row: Row, attempt: Attempt) -> bool:
    """Say whether nobody has changed what was sent."""
    found = {name: value for name, value in row["properties"].items() if name in SHOWN and value}
    return bool(found == attempt.values["properties"])


def _adopted(attempt: Attempt, rows: Sequence[Row]) -> Remote | None:
    found = _made_by(attempt, rows)
    if not found:
        return None
    sent = attempt.values["properties"]
    written = {
        "properties": {name: sent[name] for name in convert.KEPT},
        "contact_url": attempt.values["contact_url"],
        "meeting_url": str(found[0].get("url") or ""),
    }
    return Remote(contact_id=attempt.values["contact_id"], meeting_id=str(found[0]["id"]), written=written)


def _with_contacts(session: Session, sought: Sequence[tuple[Push, Attempt]]) -> list[tuple[Push, Attempt]]:
    """Find the contact where an attempt does not say it; without any there can be no meeting of its own."""
    emails = sorted({attempt.values["email"] for _, attempt in sought if not attempt.values["contact_id"]})
    if not emails:
        return list(sought)
    rows = read(session, f"{CONTACTS}/batch/read", emails, idProperty="email", properties=["email"])
    known = {row["properties"]["email"]: row for row in rows}
    return [(push, _with_contact(attempt, known.get(attempt.values["email"]))) for push, attempt in sought]


def _with_contact(attempt: Attempt, row: Row | None) -> Attempt:
    if attempt.values["contact_id"] or row is None:
        return attempt
    found = {"contact_id": str(row["id"]), "contact_url": str(row.get("url") or "")}
    return replace(attempt, values={**attempt.values, **found})


def _made_by(attempt: Attempt, rows: Sequence[Row]) -> list[Row]:
    """Each booking has an address of its own, which its meeting bears."""
    address = attempt.values["properties"]["hs_meeting_external_url"]
    return [row for row in rows if row["properties"].get("hs_meeting_external_url") == address]


def _rows(session: Session, attempts: Sequence[Attempt]) -> list[Row]:
    """Read all meetings of these creates' contacts that no booking owns."""
    if not attempts:
        return []
    emails = [attempt.values["email"] for attempt in attempts]
    known = read(session, f"{CONTACTS}/batch/read", emails, idProperty="email", properties=["email"])
    contacts = {attempt.values["contact_id"] for attempt in attempts} | {str(row["id"]) for row in known}
    meetings = _meetings_of(session, sorted(contacts - {""}))
    owned = session.owned(meetings)
    return read(session, f"{MEETINGS}/batch/read", [one for one in meetings if one not in owned], properties=[*SHOWN])


def _meetings_of(session: Session, contact_ids: Sequence[str]) -> list[str]:
    """List the ids of contacts' meetings, page by page. A contact without any is told as an error, and is none."""
    found: list[str] = []
    asked: list[dict[str, Any]] = [{"id": one} for one in contact_ids]
    while asked:
        results = send(session, "POST", MEETINGS_OF_CONTACTS, {"inputs": asked}).get("results", ())
        found += [str(one["toObjectId"]) for result in results for one in result["to"]]
        asked = [
            {"id": result["from"]["id"], "after": result["paging"]["next"]["after"]}
            for result in results
            if (result.get("paging") or {}).get("next")
        ]
    return found
