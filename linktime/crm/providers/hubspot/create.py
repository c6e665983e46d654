"""First sight of bookings: their contacts in one call, the last names of new ones in another, the meetings in a third.

A contact's upsert may be repeated, a meeting's create may not; but whether a contact is new, and may be given a last
name, only the first answer says. So both are remembered before they go out: an attempt with nothing but the email had
not come to the meeting yet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from linktime.crm.contract import CrmError, Gone, Outcome, Push, Rejected, Remote, Session, Uncertain
from linktime.crm.providers.hubspot import convert
from linktime.crm.providers.hubspot.batch import Batch, Row, Told, read
from linktime.crm.providers.hubspot.client import CONTACTS, JSON, MEETINGS


@dataclass(frozen=True, slots=True)
class Contact:
    """`note` is what people should know of it."""

    id: str
    new: bool
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A push with all that is sent for it; made before anything is, so that a fault of ours leaves nothing behind."""

    push: Push
    email: str
    contact: Mapping[str, str]
    last_name: str
    meeting: Mapping[str, str]

    @property
    def key(self) -> int:
        return self.push.key

    @property
    def unsure(self) -> bool:
        """Say whether nobody knows if its contact is new."""
        return self.push.attempt is not None and not came_to_meeting(self.push)


class Stopped(Exception):
    """The rest can't be done now, as `error` says; `known` means that surely nothing was made."""

    def __init__(self, error: CrmError, *, known: bool) -> None:
        super().__init__(error.message)
        self.error, self.known = error, known


def came_to_meeting(push: Push) -> bool:
    """Say whether the create whose answer was lost may have made a meeting, and not only a contact."""
    return push.attempt is not None and "properties" in push.attempt.values


def create(session: Session, pushes: Sequence[Push], *, again: bool = True) -> Iterator[Sequence[Outcome]]:
    """Log bookings; a contact that vanishes in between is looked for again, once."""
    if not pushes:
        return
    waiting = {push.key: push for push in pushes}
    gone: list[Push] = []
    try:
        for group in _created(session, [_entry(push) for push in pushes]):
            vanished = {one.key for one in group if isinstance(one.error, Gone) and again}
            told = {one.key: waiting.pop(one.key) for one in group}
            gone += [told[key] for key in vanished]
            yield [one for one in group if one.key not in vanished]
    except Stopped as stopped:
        session.withdraw([*(waiting if stopped.known else ()), *(push.key for push in gone)])
        yield [Outcome(next(iter(waiting)), error=stopped.error)]
        return
    yield from create(session, gone, again=False)


def _entry(push: Push) -> Entry:
    meeting = push.meeting
    return Entry(
        push=push,
        email=convert.email(meeting),
        contact=convert.contact(meeting),
        last_name=convert.last_name(meeting),
        meeting=convert.properties(meeting),
    )


def _created(session: Session, entries: Sequence[Entry]) -> Iterator[Sequence[Outcome]]:
    unsure = {entry.email for entry in entries if entry.unsure}
    sure = [entry for entry in entries if entry.email not in unsure]
    session.creating({entry.key: {"email": entry.email} for entry in sure})
    contacts = _named(session, entries, _upserted(session, entries, creates=bool(sure)), unsure)
    found = [(entry, contacts[entry.email]) for entry in entries]
    yield [Outcome(entry.key, error=contact) for entry, contact in found if isinstance(contact, CrmError)]
    yield from _logged(session, [(entry, contact) for entry, contact in found if isinstance(contact, Contact)])


def _upserted(session: Session, entries: Sequence[Entry], *, creates: bool) -> dict[str, Contact | CrmError]:
    """Bring the contacts forward, one for each address."""
    wanted: dict[str, dict[str, str]] = {}
    for entry in entries:
        wanted[entry.email] = {**wanted.get(entry.email, {}), **entry.contact}
    inputs: dict[str, JSON] = {
        f"contact-{n}": {"idProperty": "email", "id": email, "properties": properties}
        for n, (email, properties) in enumerate(wanted.items())
    }
    emails = dict(zip(inputs, wanted, strict=True))
    batch = Batch(session, f"{CONTACTS}/batch/upsert", "email", creates=creates)
    found: dict[str, Contact | CrmError] = {}
    try:
        for told in _until_stopped(batch, inputs):
            found |= {emails[trace]: _contact(row) for trace, row in told}
    except Stopped as stopped:
        if not found:
            raise
        raise _unnamed(stopped.error) from stopped
    return found


def _contact(row: Row | CrmError) -> Contact | CrmError:
    if isinstance(row, CrmError):
        return row
    return Contact(id=str(row["id"]), new=bool(row.get("new")), url=str(row.get("url") or ""))


def _named(
    session: Session, entries: Sequence[Entry], contacts: Mapping[str, Contact | CrmError], unsure: Iterable[str]
) -> dict[str, Contact | CrmError]:
    """Give new contacts their last names; of those that may be new, the ones that have none."""
    names = {entry.email: entry.last_name for entry in entries}
    found = {email: contact for email, contact in contacts.items() if isinstance(contact, Contact)}
    nameless = {email: contact for email, contact in found.items() if contact.new}
    try:
        nameless |= _without_last_name(session, {email: found[email] for email in unsure if email in found})
        inputs = {email: {"id": one.id, "properties": {"lastname": names[email]}} for email, one in nameless.items()}
        batch = Batch(session, f"{CONTACTS}/batch/update", "hs_object_id")
        told = [one for group in batch.write(inputs) for one in group]
    except CrmError as error:
        raise _unnamed(error) from error
    refused = {email: row for email, row in told if isinstance(row, CrmError)}
    return {**contacts, **{email: _without_name(found[email], error) for email, error in refused.items()}}


def _without_name(contact: Contact, error: CrmError) -> Contact | CrmError:
    """Go on when a rule over there refuses the last name; try again when it was something else."""
    if isinstance(error, Rejected):
        return replace(contact, note=f"The last name was not written: {error.message} ({error.code})")
    return Uncertain(error.message, code=error.code)


def _unnamed(error: CrmError) -> Stopped:
    """Leave the attempts: what is new now will not be new next time, and only they remember it."""
    return Stopped(Uncertain(error.message, code=error.code), known=False)


def _without_last_name(session: Session, contacts: Mapping[str, Contact]) -> dict[str, Contact]:
    if not contacts:
        return {}
    ids = [contact.id for contact in contacts.values()]
    rows = read(session, f"{CONTACTS}/batch/read", ids, properties=["lastname"])
    nameless = {str(row["id"]) for row in rows if not row["properties"].get("lastname")}
    return {email: contact for email, contact in contacts.items() if contact.id in nameless}


def _logged(session: Session, ready: Sequence[tuple[Entry, Contact]]) -> Iterator[Sequence[Outcome]]:
    """Make the meetings, each with its association."""
    if not ready:
        return
    known = {str(entry.key): (entry, contact) for entry, contact in ready}
    inputs: dict[str, JSON] = {
        trace: {"properties": dict(entry.meeting), "associations": [convert.association(contact.id)]}
        for trace, (entry, contact) in known.items()
    }
    session.creating({entry.key: _attempt(entry, contact) for entry, contact in ready})
    batch = Batch(session, f"{MEETINGS}/batch/create", "hs_meeting_external_url", creates=True)
    for told in _until_stopped(batch, inputs):
        yield [_outcome(*known[trace], row) for trace, row in told]


def _attempt(entry: Entry, contact: Contact) -> dict[str, Any]:
    """Return what a create can be looked up by."""
    return {
        "email": entry.email,
        "contact_id": contact.id,
        "contact_url": contact.url,
        "properties": dict(entry.meeting),
    }


def _outcome(entry: Entry, contact: Contact, row: Row | CrmError) -> Outcome:
    if isinstance(row, CrmError):
        return Outcome(entry.key, error=row)
    written = {
        "properties": convert.kept(entry.push.meeting),
        "contact_url": contact.url,
        "meeting_url": str(row.get("url") or ""),
    }
    remote = Remote(contact_id=contact.id, meeting_id=str(row["id"]), written=written)
    return Outcome(entry.key, remote=remote, note=contact.note)


def _until_stopped(batch: Batch, inputs: Mapping[str, JSON]) -> Iterator[list[Told]]:
    try:
        yield from batch.write(inputs)
    except Uncertain as error:
        raise Stopped(error, known=False) from error
    except (Rejected, Gone):
        raise
    except CrmError as error:
        raise Stopped(error, known=True) from error
