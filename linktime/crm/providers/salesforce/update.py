"""A booking that Salesforce shows already: the same Event is changed, and what a person wrote there stays."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from linktime.crm.contract import Gone, Outcome, Push, Remote, Session, TryAgain
from linktime.crm.providers.salesforce import convert, soql
from linktime.crm.providers.salesforce.client import Part, composite, first_failure, query
from linktime.crm.providers.salesforce.create import create
from linktime.crm.providers.salesforce.errors import EditedThere, error_of

DELETED_THERE = "The Event was deleted in Salesforce."


def update(session: Session, push: Push, remote: Remote) -> Outcome:
    """Bring the Event forward; one that was deleted is made anew by a reschedule, and rests after a cancellation."""
    try:
        written = _change(session, push, remote)
    except Gone:
        if push.meeting.cancelled:
            return Outcome(push.key, remote=remote, nothing_to_do=True, note=DELETED_THERE)
        return replace(create(session, push), note=f"{DELETED_THERE} It was made anew.")
    return Outcome(push.key, remote=replace(remote, written=written))


def _change(session: Session, push: Push, remote: Remote) -> dict[str, Any]:
    """Change an untouched Event in one call; one that was edited is read, and merged."""
    if remote.written.get("stamp"):
        try:
            return _patch(session, push, remote, remote.written)
        except EditedThere:
            pass
    try:
        return _patch(session, push, remote, _read(session, remote.meeting_id))
    except EditedThere as error:
        raise TryAgain("The Event is being edited in Salesforce", code=error.code) from error


def _patch(session: Session, push: Push, remote: Remote, theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Change the Event unless it was modified since `theirs["stamp"]`; return what stands there now."""
    fields = convert.event_update(push.meeting, theirs, remote.written)
    path = f"/sobjects/Event/{remote.meeting_id}"
    condition = {"If-Unmodified-Since": _http_date(theirs["stamp"])}
    parts = [
        Part("event", "PATCH", path, fields, condition),
        Part("stamp", "GET", f"{path}?fields=LastModifiedDate"),
    ]
    answers = composite(session, parts)
    failure = first_failure(answers)
    if failure is not None:
        raise error_of(failure[1].status, failure[1].body)
    return convert.written(push.meeting, fields, stamp=answers["stamp"].body["LastModifiedDate"])


def _read(session: Session, event_id: str) -> dict[str, Any]:
    rows = query(session, soql.event(event_id), resource="queryAll")
    if not rows:
        raise Gone
    return {**rows[0], "stamp": rows[0]["LastModifiedDate"]}


def _http_date(stamp: str) -> str:
    """Turn `2026-05-01T10:00:00.000+0000` into the form of the conditional headers, whose resolution is a second."""
    return format_datetime(datetime.fromisoformat(stamp).astimezone(UTC), usegmt=True)
