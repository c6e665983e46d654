"""Collections of up to 200 records, each saved or refused by itself (REST API guide: sObject collections)."""

from collections.abc import Iterable, Mapping
from typing import Any

from linktime.crm.contract import CrmError
from linktime.crm.providers.salesforce.client import Part, PartAnswer, unreadable
from linktime.crm.providers.salesforce.errors import SERVER_ERROR, Unclear, error_of

LARGEST = 200
REFUSED = 400

Record = Mapping[str, Any]


def saving(ref: str, method: str, kind: str, records: Iterable[Record], headers: Mapping[str, str]) -> Part:
    """POST creates records of this kind, PATCH changes those whose `id` they name."""
    typed = [{"attributes": {"type": kind}, **record} for record in records]
    return Part(ref, method, "/composite/sobjects", {"allOrNone": False, "records": typed}, headers)


def saved(answer: PartAnswer, count: int, *, creates: bool) -> list[str | CrmError]:
    """Return each record's id or error, in the order sent. Raises what befell all of them."""
    if answer.status >= SERVER_ERROR and creates:
        raise Unclear(f"Salesforce answered {answer.status} to a create", code=f"HTTP_{answer.status}")
    if not answer.ok:
        raise error_of(answer.status, answer.body)
    if not isinstance(answer.body, list) or len(answer.body) != count:
        raise unreadable(creates=creates)
    try:
        return [row["id"] if row["success"] else error_of(REFUSED, row["errors"]) for row in answer.body]
    except (KeyError, TypeError) as error:
        raise unreadable(creates=creates) from error


def stamps_in(answer: PartAnswer) -> dict[str, str]:
    """Return records' time stamps by id, none where they could not be read: the next change reads first then."""
    try:
        return {row["Id"]: row["LastModifiedDate"] for row in answer.body["records"]} if answer.ok else {}
    except (KeyError, TypeError):
        return {}
