"""One booking brought to Attio: first sight, further changes, and the look-up after a lost answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from linktime.core.meeting import Status
from linktime.crm.contract import Attempt, Gone, Outcome, Push, Remote, Step, Uncertain
from linktime.crm.providers.attio import convert
from linktime.crm.providers.attio.calls import Steps
from linktime.crm.providers.attio.notes import about, all_notes, linked, sent, with_note, write
from linktime.crm.providers.attio.people import Person, found, found_or_made

DELETED_THERE = "The person was deleted in Attio."
ARRIVED = "It had arrived: only the answer was lost."


def steps_of(push: Push) -> Steps[Outcome]:
    if push.attempt is not None:
        return look_up(push, push.attempt)
    return update(push) if push.step == Step.UPDATE else create(push)


def create(push: Push) -> Steps[Outcome]:
    """Log a booking; a person who goes away in between is looked for again, once."""
    try:
        return (yield from _first_notes(push))
    except Gone:
        return (yield from _first_notes(push))


def _first_notes(push: Push) -> Steps[Outcome]:
    person = yield from found_or_made(push.meeting.invitee)
    return (yield from write(push, linked(push.remote, person), note=person.note))


def update(push: Push) -> Steps[Outcome]:
    """Add notes on the person known; after a deletion or a merge, on whoever has the email now."""
    try:
        return (yield from write(push, push.remote))
    except Gone:
        person = yield from _successor(push)
    if person is None:
        return _rests(push)
    return (yield from write(push, linked(push.remote, person), note=person.note))


def look_up(push: Push, attempt: Attempt) -> Steps[Outcome]:
    """Find by the marker which notes arrived, and add the others; not before they can no longer arrive."""
    if not attempt.values["contact_id"]:
        return (yield from _look_up_from_the_start(push, attempt))
    written = {**push.remote.written, "web_url": attempt.values["web_url"]}
    remote = Remote(attempt.values["contact_id"], push.remote.meeting_id, written)
    try:
        notes = yield from all_notes(remote.contact_id)
    except Gone:
        person = yield from _successor(push)
        if person is None:
            return _rests(push)
        remote = linked(remote, person)
        notes = yield from all_notes(person.id)
    arrived = dict(about(notes, push.meeting.uid))
    if attempt.values["revision"] not in arrived and not push.may_create:
        raise Uncertain("The note may still arrive")
    for revision, note in sorted(arrived.items(), key=lambda one: one[0]):
        remote = with_note(remote, revision, note["id"]["note_id"])
    return (yield from write(push, remote, there=arrived, note=ARRIVED if arrived else ""))


def _look_up_from_the_start(push: Push, attempt: Attempt) -> Steps[Outcome]:
    """Begin with the person, whom this attempt does not name; without any there can be no note."""
    person = yield from found(push.meeting.invitee.email)
    if person is None:
        return (yield from create(push))
    values = {**attempt.values, "contact_id": person.id, "web_url": person.web_url}
    return (yield from look_up(push, replace(attempt, values=values)))


def unsure(push: Push) -> Mapping[str, Any]:
    """Return what to look up where nobody knows if the next note was added: see `contract.Provider`."""
    entry = convert.entries(push.meeting, push.shown_revision)[0]
    return sent(push.remote, entry)


def _successor(push: Push) -> Steps[Person | None]:
    """Find whom a person was merged into, or make the person anew for a meeting that still takes place."""
    if push.meeting.status == Status.CONFIRMED:
        return (yield from found_or_made(push.meeting.invitee))
    return (yield from found(push.meeting.invitee.email))


def _rests(push: Push) -> Outcome:
    return Outcome(push.key, remote=push.remote, nothing_to_do=True, note=DELETED_THERE)
