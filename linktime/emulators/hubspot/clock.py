"""Time as the service writes it: UTC with milliseconds, `2026-05-01T10:00:00.000Z`; such texts sort as they are."""

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def value_of(text: str) -> str:
    """Return a date and time as it is stored, given ISO 8601 or milliseconds since 1970. ValueError for others."""
    if text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        return _short(datetime.fromtimestamp(int(text) / 1000, tz=UTC))
    moment = datetime.fromisoformat(text)
    return _short(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))


def _short(moment: datetime) -> str:
    """Leave milliseconds away where there are none."""
    return stamp(moment).replace(".000Z", "Z")
