"""SOQL texts, with values escaped (SOQL and SOSL Reference: quoted string escape sequences)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

# Of the 16,384 bytes that the address of a query may have, what is left for its lists of values.
ROOM = 15_000

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def quoted(text: str) -> str:
    return "'" + text.translate(_ESCAPES) + "'"


def among(texts: Iterable[str]) -> str:
    return _list(quoted(text) for text in texts)


def fitting(texts: Iterable[str], room: int = ROOM) -> Iterator[list[str]]:
    """Split texts into lists that `among` and the encoding of an address leave no longer than `room` bytes."""
    some: list[str] = []
    taken = 0
    for text in texts:
        if some and taken + length(text) > room:
            yield some
            some, taken = [], 0
        some.append(text)
        taken += length(text)
    if some:
        yield some


def length(text: str) -> int:
    """Return how many bytes a text in a list takes in an address."""
    return len(quote(f"{quoted(text)},", safe=""))


def instant(moment: datetime) -> str:
    """Write an instant as SOQL and the REST API read it: UTC, whole seconds, never quoted."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_CHOICE = "ORDER BY LastActivityDate DESC NULLS LAST, CreatedDate ASC, Id ASC"


def contacts_by_email(email: str) -> str:
    """Find the invitee's Contact, in any case of letters: the latest activity wins, then the oldest."""
    return f"SELECT Id FROM Contact WHERE Email = {quoted(email)} {_CHOICE} LIMIT 1"  # noqa: S608 - escaped


def contacts_of(emails: Iterable[str]) -> str:
    """Find the Contacts of many, in the same order."""
    return f"SELECT Id, Email FROM Contact WHERE Email IN {among(emails)} {_CHOICE}"  # noqa: S608 - escaped


def contact_emails(ids: Iterable[str]) -> str:
    return f"SELECT Id, Email FROM Contact WHERE Id IN {among(ids)} ORDER BY CreatedDate, Id"  # noqa: S608 - escaped


def events_at(contact_ids: Iterable[str], starts: Iterable[str]) -> str:
    """Find these Contacts' Events at these times. For queryAll: `query` hides events of a year ago and older."""
    return _events_at("Id, WhoId, Subject, Description, StartDateTime, CreatedDate, ", contact_ids, starts)


def stamps_at(contact_ids: Iterable[str], starts: Iterable[str]) -> str:
    return _events_at("Id, ", contact_ids, starts)


def _events_at(fields: str, contact_ids: Iterable[str], starts: Iterable[str]) -> str:
    return (
        f"SELECT {fields}LastModifiedDate FROM Event "  # noqa: S608 - escaped
        f"WHERE WhoId IN {among(contact_ids)} AND StartDateTime IN {_list(starts)} "
        "AND IsDeleted = false ORDER BY CreatedDate, Id"
    )


def events(ids: Iterable[str]) -> str:
    return _events("Id, Subject, Description, ", ids)


def stamps(ids: Iterable[str]) -> str:
    return _events("Id, ", ids)


def _events(fields: str, ids: Iterable[str]) -> str:
    return f"SELECT {fields}LastModifiedDate FROM Event WHERE Id IN {among(ids)} AND IsDeleted = false"  # noqa: S608 - escaped


def _list(literals: Iterable[str]) -> str:
    return "(" + ",".join(literals) + ")"


def contacts_like(email: str) -> str:
    return (
        "SELECT Id, FirstName, LastName, Phone, CreatedDate, LastModifiedDate, LastActivityDate "  # noqa: S608 - escaped
        f"FROM Contact WHERE Email = {quoted(email)} ORDER BY CreatedDate, Id"
    )


def contact(contact_id: str) -> str:
    return f"SELECT CreatedDate, LastModifiedDate FROM Contact WHERE Id = {quoted(contact_id)}"  # noqa: S608 - escaped


def events_of_contact(contact_id: str) -> str:
    return f"SELECT Id FROM Event WHERE WhoId = {quoted(contact_id)} AND IsDeleted = false LIMIT 2"  # noqa: S608 - escaped
