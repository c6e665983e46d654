"""Bookings that HubSpot shows already: the same meetings are changed, all in one call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from linktime.core.meeting import Status
from linktime.crm.contract import CrmError, Gone, Outcome, Push, Remote, Session
from linktime.crm.providers.hubspot import convert
from linktime.crm.providers.hubspot.batch import Batch, Row
from linktime.crm.providers.hubspot.client import JSON, MEETINGS
from linktime.crm.providers.hubspot.create import create

DELETED_THERE = "The meeting was deleted in HubSpot."


def update(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    """Bring meetings forward; one that was deleted is made anew by a reschedule, and rests otherwise."""
    by_key = {str(push.key): push for push in pushes}
    inputs = {key: _input(push) for key, push in by_key.items()}
    yield [Outcome(push.key, remote=push.remote) for key, push in by_key.items() if not inputs[key]["properties"]]
    changed = {key: one for key, one in inputs.items() if one["properties"]}
    anew: list[Push] = []
    batch = Batch(session, f"{MEETINGS}/batch/update", "hs_object_id")
    for told in batch.write(changed):
        anew += [by_key[key] for key, row in told if _to_be_made_anew(by_key[key], row)]
        yield [_outcome(by_key[key], row) for key, row in told if not _to_be_made_anew(by_key[key], row)]
    for group in create(session, anew):
        yield [one if one.error else replace(one, note=f"{DELETED_THERE} It was made anew.") for one in group]


def _to_be_made_anew(push: Push, row: Row | CrmError) -> bool:
    return isinstance(row, Gone) and push.meeting.status == Status.CONFIRMED


def _input(push: Push) -> JSON:
    return {"id": push.remote.meeting_id, "properties": convert.changes(push.meeting, _written(push.remote))}


def _outcome(push: Push, row: Row | CrmError) -> Outcome:
    if isinstance(row, Gone):
        return Outcome(push.key, remote=push.remote, nothing_to_do=True, note=DELETED_THERE)
    if isinstance(row, CrmError):
        return Outcome(push.key, error=row)
    written = {**push.remote.written, "properties": convert.kept(push.meeting)}
    return Outcome(push.key, remote=replace(push.remote, written=written))


def _written(remote: Remote) -> Mapping[str, Any]:
    found: Mapping[str, Any] = remote.written.get("properties", {})
    return found
