"""Records as the API shows them."""

from collections.abc import Sequence
from typing import Any

from linktime.emulators.hubspot.account import Account
from linktime.emulators.hubspot.properties import ObjectType
from linktime.emulators.hubspot.store import Record

JSON = dict[str, Any]
OTHERS = {
    "contacts": ("meetings", "contact_to_meeting_event"),
    "meetings": ("contacts", "meeting_event_to_contact"),
}


def address(account: Account, kind: ObjectType, record: Record, site: str) -> str:
    """Where a person sees the record."""
    return f"{site}/contacts/{account.id}/record/{kind.id}/{record.id}"


def whole(account: Account, kind: ObjectType, record: Record, site: str) -> JSON:
    """A record with all that it has, as writes answer it."""
    facts: JSON = {
        "id": record.id,
        "properties": dict(sorted(record.properties.items())),
        "createdAt": record.created,
        "updatedAt": record.updated,
        "archived": bool(record.archived),
        "url": address(account, kind, record, site),
    }
    return facts | ({"archivedAt": record.archived} if record.archived else {})


def asked(account: Account, kind: ObjectType, record: Record, site: str, names: Sequence[str]) -> JSON:
    """A record with the properties that a read asks for, and the usual ones; null where it has no value."""
    shown = dict.fromkeys([*kind.shown, *(name for name in names if name in kind.properties)])
    return whole(account, kind, record, site) | {"properties": {name: record.properties.get(name) for name in shown}}


def with_associations(account: Account, kind: ObjectType, record: Record, row: JSON, wanted: Sequence[str]) -> JSON:
    """Add the ids of what a record is associated with, by the other type's name."""
    other, label = OTHERS[kind.plural]
    ids = account.store.associated(kind.plural, record.id)
    if other not in wanted or not ids:
        return row
    return row | {"associations": {other: {"results": [{"id": one, "type": label} for one in ids]}}}
