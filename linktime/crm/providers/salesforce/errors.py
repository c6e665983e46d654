"""Salesforce's errors -> the contract's. Sorted by errorCode, then by status (REST API guide: status codes)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from linktime.crm.contract import CrmError, Gone, Reconnect, Rejected, Scope, TryAgain, Uncertain

# "Transient, resend after a short wait", or a lock that somebody else holds.
ROW_BUSY = {"UNABLE_TO_LOCK_ROW", "QUERY_TIMEOUT", "REQUEST_RUNNING_TOO_LONG", "UNKNOWN_EXCEPTION", "APEX_ERROR"}
BUSY = {"SERVER_UNAVAILABLE", "TOO_MANY_APEX_REQUESTS", "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE"}
GONE = {"ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY"}
RESTRICTED_LOGIN = {"LOGIN_DURING_RESTRICTED_DOMAIN", "LOGIN_DURING_RESTRICTED_TIME"}

DAILY_LIMIT_WAIT = timedelta(minutes=15)
CONCURRENT_LIMIT_WAIT = timedelta(seconds=15)
RESTRICTED_WAIT = timedelta(minutes=30)
SERVER_ERROR = 500
THROTTLED = (420, 429)
UNAUTHORIZED = 401
NOT_FOUND = 404


class Duplicate(Rejected):
    """A duplicate rule blocked a Contact; `matches` are the ids it names."""

    def __init__(self, message: str, matches: Sequence[str]) -> None:
        named = f"{message} ({', '.join(matches)})" if matches else message
        super().__init__(named, code="DUPLICATES_DETECTED")
        self.matches = matches


class Unclear(Uncertain):
    """An answer came that doesn't say what was made; but what is not there now will not come any more."""


class EditedThere(CrmError):
    """Somebody changed the record since we saw it."""

    code = "PRECONDITION_FAILED"


def first_error(body: Any) -> Mapping[str, Any]:
    """Return the first error of a body, which is a list, or for some endpoints one object."""
    first = body[0] if isinstance(body, list) and body else body
    return first if isinstance(first, Mapping) else {}


def error_of(status: int, body: Any) -> CrmError:  # noqa: PLR0911 - a table, one line a row
    """Sort an answer that is not a success."""
    error = first_error(body)
    code = str(error.get("errorCode") or error.get("statusCode") or f"HTTP_{status}")
    message = str(error.get("message") or f"Salesforce answered with status {status}")
    if code == "REQUEST_LIMIT_EXCEEDED":
        wait = CONCURRENT_LIMIT_WAIT if "concurrent" in message.lower() else DAILY_LIMIT_WAIT
        return TryAgain(message, code=code, after=wait, scope=Scope.ORGANISATION)
    if code in RESTRICTED_LOGIN:
        return TryAgain(message, code=code, after=RESTRICTED_WAIT, scope=Scope.CONNECTION)
    if code in ROW_BUSY:
        return TryAgain(message, code=code)
    if code in BUSY or status >= SERVER_ERROR or status in THROTTLED:
        return TryAgain(message, code=code, scope=Scope.ORGANISATION)
    if code == "DUPLICATES_DETECTED":
        return Duplicate(message, matched_ids(error))
    if status == 412:  # noqa: PLR2004 - precondition failed
        return EditedThere(message)
    if status == UNAUTHORIZED:
        return Reconnect(message)
    if code in GONE:
        return Gone(message, code=code)
    return Rejected(message, code=code)


def matched_ids(error: Mapping[str, Any]) -> list[str]:
    """Return the ids that a duplicate rule names; older API versions spell the key `duplicateResut`."""
    result = error.get("duplicateResult") or error.get("duplicateResut") or {}
    matches = [record for match in result.get("matchResults", []) for record in match.get("matchRecords", [])]
    return [record["record"]["Id"] for record in matches]


def session_expired(status: int, body: Any) -> bool:
    """Say whether a new access token helps; for some 401s it never would, and asking again would go on for ever."""
    error = first_error(body)
    hopeless = ("not valid for use with the REST API", "not attached to Agent")
    message = str(error.get("message", ""))
    return status == UNAUTHORIZED and not any(text in message for text in hopeless)
