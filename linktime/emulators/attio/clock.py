"""Time as the service writes it: UTC, nine fractional digits, `2026-05-01T10:00:00.000000000Z`; it sorts as text."""

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}000Z"


def parse(text: str) -> datetime:
    """Read ISO 8601 with `Z` or an offset; ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return moment.astimezone(UTC)
