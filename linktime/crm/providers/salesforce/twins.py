"""The only deletion there is: what a create made so late that it had been created again, if nobody has touched it."""

from datetime import datetime, timedelta

from linktime.crm.contract import Attempt, Remote, Session
from linktime.crm.providers.salesforce import soql
from linktime.crm.providers.salesforce.client import Part, composite, first_failure, query
from linktime.crm.providers.salesforce.errors import error_of
from linktime.crm.providers.salesforce.search import Row, came_to_event, candidates, has_text_of

SAME_REQUEST = timedelta(seconds=5)  # triggers of one request may take a moment; people take longer


def remove_twins(session: Session, attempt: Attempt, remote: Remote) -> str:
    """Remove the untouched records of a lost create, and say what they were."""
    find = _events if came_to_event(attempt.values) else _contacts
    twins = find(session, attempt, remote)
    if not twins:
        return ""
    _delete(session, twins)
    kinds = [kind for kind, _ in twins]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    return f"Removed what a lost request had made a second time: {counted}."


def _events(session: Session, attempt: Attempt, remote: Remote) -> list[tuple[str, str]]:
    """Find a second Event, and the Contact that came in the same moment for it alone."""
    twins = [
        row for row in candidates(session, [attempt.values])[0] if has_text_of(row, attempt.values) and _untouched(row)
    ]
    strangers = [row for row in twins if row["WhoId"] != remote.contact_id]
    contacts = [row["WhoId"] for row in strangers if _came_with(session, row)]
    return [("Event", row["Id"]) for row in twins] + [("Contact", contact) for contact in contacts]


def _contacts(session: Session, attempt: Attempt, remote: Remote) -> list[tuple[str, str]]:
    """Find Contacts as they were sent that came after ours and have nothing to do."""
    sent = attempt.values["Contact"]
    rows = query(session, soql.contacts_like(sent["Email"]))
    ours = next((row["CreatedDate"] for row in rows if row["Id"] == remote.contact_id), None)
    later = [row for row in rows if ours and row["Id"] != remote.contact_id and row["CreatedDate"] >= ours]
    twins = [row["Id"] for row in later if _untouched(row) and _is_as_sent(row, sent) and _is_idle(session, row)]
    return [("Contact", twin) for twin in twins]


def _apart(one: Row, other: Row) -> timedelta:
    return abs(datetime.fromisoformat(one["CreatedDate"]) - datetime.fromisoformat(other["CreatedDate"]))


def _untouched(row: Row) -> bool:
    return bool(row["CreatedDate"] == row["LastModifiedDate"])


def _is_as_sent(row: Row, sent: Row) -> bool:
    return all((row[name] or "") == sent.get(name, "") for name in ("FirstName", "LastName", "Phone"))


def _is_idle(session: Session, contact: Row) -> bool:
    return contact["LastActivityDate"] is None and not _events_of(session, contact["Id"])


def _came_with(session: Session, event: Row) -> bool:
    """Say whether an Event's Contact was made with it, and has nothing else."""
    contacts = query(session, soql.contact(event["WhoId"]))
    if not contacts or not _untouched(contacts[0]) or _apart(contacts[0], event) > SAME_REQUEST:
        return False
    return len(_events_of(session, event["WhoId"])) == 1


def _events_of(session: Session, contact_id: str) -> list[dict[str, str]]:
    return query(session, soql.events_of_contact(contact_id), resource="queryAll")


def _delete(session: Session, records: list[tuple[str, str]]) -> None:
    parts = [Part(f"r{n}", "DELETE", f"/sobjects/{kind}/{id_}") for n, (kind, id_) in enumerate(records)]
    failure = first_failure(composite(session, parts[:25]))
    if failure is not None:
        raise error_of(failure[1].status, failure[1].body)
