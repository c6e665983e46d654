"""Time as the service writes it: UTC, whole seconds, `2026-05-01T10:00:00.000+0000`.

Instants are kept in this form, which sorts as text.
"""

import re
from datetime import UTC, date, datetime, timedelta

_ZONE = re.compile(r"([+-]\d{2})(\d{2})$")


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def parse_instant(text: str) -> datetime:
    """Read ISO 8601 with `Z` or an offset; ValueError for anything else, dates without a time included."""
    if "T" not in text.upper():
        raise ValueError(f"{text!r} has no time")
    moment = datetime.fromisoformat(_ZONE.sub(r"\1:\2", text))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def parse_date(text: str) -> date:
    return date.fromisoformat(text[:10])


def minutes_between(start: datetime, end: datetime) -> int:
    return round((end - start) / timedelta(minutes=1))
