"""What in Salesforce is in the way of bookings, as far as describing Contact and Event tells (REST guide: describe).

Validation rules, duplicate rules, triggers and sharing are not told there: a booking that meets one of them fails with
its own remedy.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linktime.crm.contract import Finding, Gone, Level, Session
from linktime.crm.providers.salesforce.client import Part, PartAnswer, composite
from linktime.crm.providers.salesforce.errors import error_of

ACCESS, HIDDEN, READ_ONLY, REQUIRED, UNSEEN = (
    "INSUFFICIENT_ACCESS_OR_READONLY",
    "INVALID_FIELD",
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "REQUIRED_FIELD_MISSING",
    "INVALID_TYPE",
)


@dataclass(frozen=True, slots=True)
class Need:
    """A field that bookings write; `always` or only some of them, `changes` it also later."""

    name: str
    always: bool = True
    changes: bool = False


NEEDS: Mapping[str, Sequence[Need]] = {
    "Contact": (
        Need("Email"),
        Need("LastName"),
        Need("FirstName", changes=True),
        Need("Phone", always=False, changes=True),
    ),
    "Event": (
        Need("WhoId"),
        Need("Subject", changes=True),
        Need("Description", changes=True),
        Need("StartDateTime", changes=True),
        Need("EndDateTime", changes=True),
        Need("Location", always=False),
    ),
}


def check(session: Session) -> Iterator[Finding]:
    """Yield what describing tells. Raises CrmError."""
    parts = [Part(name, "GET", f"/sobjects/{name}/describe") for name in NEEDS]
    for name, answer in composite(session, parts, all_or_none=False).items():
        described = _described(answer)
        yield from findings(name, described) if described else [_unseen(name)]


def _described(answer: PartAnswer) -> Mapping[str, Any] | None:
    """Return an object's description; None when the user can't see it."""
    if answer.ok and isinstance(answer.body, Mapping):
        return answer.body
    error = error_of(answer.status, answer.body)
    if isinstance(error, Gone):
        return None
    raise error


def findings(name: str, described: Mapping[str, Any]) -> Iterator[Finding]:
    """Judge a description. Pure."""
    fields = {field["name"]: field for field in described["fields"]}
    yield from _rights(name, described)
    for need in NEEDS[name]:
        yield from _access(name, need, fields.get(need.name))
    yield from _required(name, fields)


def _rights(name: str, described: Mapping[str, Any]) -> Iterator[Finding]:
    """A Contact that can't be changed costs its first name and phone, no booking."""
    if not described["createable"]:
        yield Finding(Level.ERROR, ACCESS, f"The connected user may not create a {name}.", name)
    if not described["updateable"]:
        level = Level.WARNING if name == "Contact" else Level.ERROR
        yield Finding(level, ACCESS, f"The connected user may not edit a {name}.", name)


def _access(name: str, need: Need, field: Mapping[str, Any] | None) -> Iterator[Finding]:
    level = Level.ERROR if need.always else Level.WARNING
    if field is None:
        yield Finding(level, HIDDEN, f"{name}.{need.name} is hidden from the connected user.", name, need.name)
    elif not field["createable"]:
        message = f"{name}.{need.name} is read-only for the connected user."
        yield Finding(level, READ_ONLY, message, name, need.name)
    elif need.changes and not field["updateable"]:
        level = Level.WARNING if name == "Contact" else Level.ERROR
        message = f"{name}.{need.name} can't be changed by the connected user once it is written."
        yield Finding(level, READ_ONLY, message, name, need.name)


def _required(name: str, fields: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Find what a create must give and LinkTime does not, or not always."""
    always = {need.name for need in NEEDS[name] if need.always and need.name != "FirstName"}
    sometimes = {need.name for need in NEEDS[name]} - always
    for field in fields.values():
        if not field["createable"] or field["nillable"] or field["defaultedOnCreate"] or field["name"] in always:
            continue
        level = Level.WARNING if field["name"] in sometimes else Level.ERROR
        what = "has it only if the invitee gives it" if field["name"] in sometimes else "has nothing for it"
        message = f"{name}.{field['name']} ({field['label']}) must be filled, and LinkTime {what}."
        yield Finding(level, REQUIRED, message, name, field["name"])


def _unseen(name: str) -> Finding:
    return Finding(Level.ERROR, UNSEEN, f"The connected user can't see the object {name}.", name)
