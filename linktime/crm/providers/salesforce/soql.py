"""SOQL texts, with values escaped (SOQL and SOSL Reference: quoted string escape sequences)."""

from collections.abc import Iterable
from datetime import UTC, datetime

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def quoted(text: str) -> str:
    return "'" + text.translate(_ESCAPES) + "'"


def among(texts: Iterable[str]) -> str:
    return "(" + ", ".join(quoted(text) for text in texts) + ")"


def instant(moment: datetime) -> str:
    """Write an instant as SOQL and the REST API read it: UTC, whole seconds, never quoted."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def contacts_by_email(email: str, *, limit: int = 1) -> str:
    """Find the invitee's Contacts, in any case of letters: latest activity first, then the oldest."""
    return (
        f"SELECT Id FROM Contact WHERE Email = {quoted(email)} "  # noqa: S608 - escaped
        f"ORDER BY LastActivityDate DESC NULLS LAST, CreatedDate ASC, Id ASC LIMIT {limit}"
    )


def contact_emails(ids: Iterable[str]) -> str:
    return f"SELECT Id, Email FROM Contact WHERE Id IN {among(ids)} ORDER BY CreatedDate, Id"  # noqa: S608 - escaped


def events_like(*, contact_ids: Iterable[str], subject: str, start: str) -> str:
    """Find Events by what a create sent. For queryAll: `query` hides events of a year ago and older."""
    return (
        "SELECT Id, WhoId, Subject, Description, CreatedDate, LastModifiedDate FROM Event "  # noqa: S608 - escaped
        f"WHERE WhoId IN {among(contact_ids)} AND StartDateTime = {start} AND Subject = {quoted(subject)} "
        "AND IsDeleted = false ORDER BY CreatedDate, Id LIMIT 50"
    )


def event(event_id: str) -> str:
    return (
        "SELECT Subject, Description, LastModifiedDate FROM Event "  # noqa: S608 - escaped
        f"WHERE Id = {quoted(event_id)} AND IsDeleted = false"
    )


def contact(contact_id: str) -> str:
    return f"SELECT CreatedDate, LastModifiedDate FROM Contact WHERE Id = {quoted(contact_id)}"  # noqa: S608 - escaped


def events_of_contact(contact_id: str) -> str:
    return f"SELECT Id FROM Event WHERE WhoId = {quoted(contact_id)} AND IsDeleted = false LIMIT 2"  # noqa: S608 - escaped
