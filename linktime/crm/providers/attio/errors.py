"""Attio's errors -> the contract's. Sorted by code, then by status (REST API: errors, rate limiting)."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from linktime.crm.contract import Answer, CrmError, Gone, Reconnect, Rejected, Scope, TryAgain

ROW_BUSY = {"merge_in_progress", "concurrent_write_conflict"}
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
THROTTLED = 429
SERVER_ERROR = 500
OUTAGES = (502, 503, 504)
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
        return TryAgain(message, code=code, after=retry_after(answer), scope=Scope.ORGANISATION)
    if status >= SERVER_ERROR:
        return TryAgain(message, code=code, scope=Scope.ORGANISATION if status in OUTAGES else Scope.ROW)
    if status == UNAUTHORIZED:
        return Reconnect(message)
    return Gone(message, code=code) if status == NOT_FOUND else Rejected(message, code=code)


def retry_after(answer: Answer) -> timedelta:
    """Return how long a 429 asks to wait: seconds, or a date, which is read by the clock of the one who wrote it."""
    text = answer.headers.get("retry-after", "")
    if text.isdecimal():
        return timedelta(seconds=int(text))
    try:
        until, now = parsedate_to_datetime(text), _date(answer)
    except ValueError:
        return SECOND
    return timedelta(seconds=max(math.ceil((until - now).total_seconds()), 1))


def _date(answer: Answer) -> datetime:
    text = answer.headers.get("date")
    return parsedate_to_datetime(text) if text else datetime.now(UTC)


def refuses(error: CrmError, slug: str) -> bool:
    """Say whether a value of this attribute is what Attio does not accept."""
    return error.code == "validation_type" and f'"{slug}"' in error.message
