"""HubSpot's errors -> the contract's. Any field of an error may be missing (developers' guide: handling errors)."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from linktime.core.retry_after import retry_after
from linktime.crm.contract import CrmError, Gone, Reconnect, Rejected, Scope, TryAgain

UNAUTHORIZED, NOT_FOUND, LOCKED, THROTTLED, MIGRATING, SERVER_ERROR = 401, 404, 423, 429, 477, 500
INTERNAL = "HTTP_500"

LOCK_WAIT = timedelta(seconds=3)  # a lock lasts 2 s
MIGRATION_WAIT = timedelta(minutes=5)
# Retry-After is documented for 477 alone; the waits are those of HubSpot's own client for Node
LIMIT_WAITS = {"DAILY": timedelta(minutes=15), "SECONDLY": timedelta(seconds=1)}
LIMIT_WAIT = timedelta(seconds=10)

INVALID_VALUES = "Property values were not valid: "
INVALID_LINK = "associations are invalid"


def error_of(status: int, body: Any, headers: Mapping[str, str]) -> CrmError:
    """Sort an answer that is not a success."""
    error = body if isinstance(body, Mapping) else {}
    category, (code, message) = str(error.get("category") or ""), _told(error, status)
    if status == THROTTLED or category == "RATE_LIMITS":
        wait = LIMIT_WAITS.get(str(error.get("policyName")), LIMIT_WAIT)
        return _later(message, "RATE_LIMITS", retry_after(headers) or wait)
    if status == LOCKED:
        return _later(message, code, retry_after(headers) or LOCK_WAIT)
    if status == MIGRATING:
        return _later(message, "MIGRATION", retry_after(headers) or MIGRATION_WAIT)
    if status >= SERVER_ERROR:
        return _later(message, f"HTTP_{status}", retry_after(headers))
    if status == UNAUTHORIZED or category == "MISSING_SCOPES":
        return Reconnect(message, code=category or None)
    return of_record(error, status)


def of_record(error: Mapping[str, Any], status: int = 0) -> CrmError:
    """Sort an error about one record, as a whole answer or as one of a batch's."""
    code, message = _told(error, status)
    gone = status == NOT_FOUND or error.get("category") == "OBJECT_NOT_FOUND"
    if gone or code == "INVALID_OBJECT_IDS" or INVALID_LINK in message:
        return Gone(message, code="OBJECT_NOT_FOUND")
    return Rejected(message, code=code)


def _later(message: str, code: str, after: timedelta | None) -> TryAgain:
    return TryAgain(message, code=code, after=after, scope=Scope.ORGANISATION)


def _told(error: Mapping[str, Any], status: int) -> tuple[str, str]:
    """Find the code and the sentence that say most: those of the property at fault, where one is."""
    code = error.get("category") or f"HTTP_{status}"
    message = str(error.get("message") or f"HubSpot answered with status {status}")
    for fault in [*_faults_within(message), *_dicts(error.get("errors"))]:
        return str(fault.get("error") or fault.get("code") or code), str(fault.get("message") or message)
    return str(code), message


def _faults_within(message: str) -> list[Mapping[str, Any]]:
    """Unpack the JSON that stands inside the message of a refused value."""
    if not message.startswith(INVALID_VALUES):
        return []
    try:
        return _dicts(json.loads(message.removeprefix(INVALID_VALUES)))
    except ValueError:
        return []


def _dicts(rows: Any) -> list[Mapping[str, Any]]:
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
