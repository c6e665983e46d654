"""Attio's errors -> the contract's. Sorted by code, then by status (REST API: errors, rate limiting)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from linktime.core.retry_after import retry_after
from linktime.crm.contract import Answer, CrmError, Gone, Reconnect, Rejected, Scope, TryAgain

ROW_BUSY = {"merge_in_progress", "concurrent_write_conflict"}
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
THROTTLED = 429
SERVER_ERROR = 500
SECOND = timedelta(seconds=1)


def error_of(answer: Answer, body: Any) -> CrmError:
    """Sort an answer that is not a success."""
    error: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
    status = answer.status
    code = str(error.get("code") or f"HTTP_{status}")
    message = str(error.get("message") or f"Attio answered with status {status}")
    if code in ROW_BUSY:
        return TryAgain(message, code=code)
    if status == THROTTLED:
        return TryAgain(message, code=code, after=retry_after(answer.headers) or SECOND, scope=Scope.ORGANISATION)
    if status >= SERVER_ERROR:
        return TryAgain(message, code=code, scope=Scope.ORGANISATION)
    if status == UNAUTHORIZED:
        return Reconnect(message)
    return Gone(message, code=code) if status == NOT_FOUND else Rejected(message, code=code)


def refuses(error: CrmError, slug: str) -> bool:
    """Say whether a value of this attribute is what Attio does not accept."""
    return error.code == "validation_type" and f'"{slug}"' in error.message
