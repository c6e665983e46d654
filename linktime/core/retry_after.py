"""`Retry-After`: how long a service asks to wait (RFC 9110 10.2.3)."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Read the header of an answer: seconds, or a date, which is read by the clock of the one who wrote it.

    `headers` has lower-case names. None when it is missing or can't be read.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text), 10**8))
    try:
        seconds = (_aware(text) - _written_at(headers)).total_seconds()
    except ValueError:
        return None
    return timedelta(seconds=max(math.ceil(seconds), 1))


def _written_at(headers: Mapping[str, str]) -> datetime:
    text = headers.get("date")
    return _aware(text) if text else datetime.now(UTC)


def _aware(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
