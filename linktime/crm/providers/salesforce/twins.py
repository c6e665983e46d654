"""The only deletion there is: what a create made so late that it had been created again, if nobody has touched it."""

from datetime import datetime, timedelta
from typing import Any

from linktime.crm.contract import Attempt, Remote, Session
from linktime.crm.providers.salesforce import soql
from linktime.crm.providers.salesforce.client import Part, composite, first_failure, query
from linktime.crm.providers.salesforce.errors import error_of
from linktime.crm.providers.salesforce.lookup import Row, candidates, has_text_of

SAME_REQUEST = timedelta(seconds=5)  # triggers of one request may take a moment; people take longer


def remove_twins(session: Session, attempt: Attempt, remote: Remote) -> str:
    """Remove the untouched Events of a lost create, with the Contacts that came in the same moment for them alone."""
    twins = [row for row in candidates(session, attempt) if has_text_of(row, attempt) and _untouched(row)]
    strangers = [row for row in twins if row["WhoId"] != remote.contact_id]
    contacts = [row["WhoId"] for row in strangers if _came_with(session, row)]
    if not twins:
        return ""
    _delete(session, [("Event", row["Id"]) for row in twins] + [("Contact", contact) for contact in contacts])
    return f"Removed what a lost request had made a second time: {len(twins)} Event, {len(contacts)} Contact."


def _apart(one: Row, other: Row) -> timedelta:
    return abs(datetime.fromisoformat(one["CreatedDate"]) - datetime.fromisoformat(other["CreatedDate"]))


def _untouched(row: Any) -> bool:
    return bool(row["CreatedDate"] == row["LastModifiedDate"])


def _came_with(session: Session, event: Row) -> bool:
    """Say whether an Event's Contact was made with it, and has nothing else."""
    contacts = query(session, soql.contact(event["WhoId"]))
    if not contacts or not _untouched(contacts[0]) or _apart(contacts[0], event) > SAME_REQUEST:
        return False
    return len(query(session, soql.events_of_contact(event["WhoId"]), resource="queryAll")) == 1


def _delete(session: Session, records: list[tuple[str, str]]) -> None:
    parts = [Part(f"r{n}", "DELETE", f"/sobjects/{kind}/{id_}") for n, (kind, id_) in enumerate(records)]
    failure = first_failure(composite(session, parts[:25]))
    if failure is not None:
        raise error_of(failure[1].status, failure[1].body)
