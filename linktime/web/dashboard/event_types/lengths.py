"""Lengths of time as people type them: `30 min`, `4 h`, `2 days`, `1 h 30 min`; a number alone means minutes."""

import re
from typing import Any

from django import forms

HOUR, DAY = 60, 24 * 60
UNITS = (("days", DAY), ("h", HOUR), ("min", 1))
_PART = re.compile(r"\s*(\d{1,6})\s*(days?|d|hours?|hrs?|h|minutes?|mins?|m)?\s*", re.IGNORECASE)
_MINUTES = {"d": DAY, "h": HOUR, "m": 1}
HOW = "Write it as 30 min, 4 h or 2 days."


def read(typed: str) -> int:
    """Return minutes; ValueError for what is no length of time."""
    total, place = 0, 0
    while place < len(typed):
        part = _PART.match(typed, place)
        if part is None:
            raise ValueError(typed)
        total += int(part[1]) * _MINUTES[(part[2] or "m")[0].lower()]
        place = part.end()
    return total


def written(minutes: int) -> str:
    """Write minutes with as few units as there are: `1 day`, `1 h 30 min`, `0 min`."""
    parts = []
    for unit, length in UNITS:
        count, minutes = divmod(minutes, length)
        if count:
            parts.append(f"{count} {'day' if unit == 'days' and count == 1 else unit}")
    return " ".join(parts) or "0 min"


class LengthField(forms.CharField):
    """One length of time, or None for nothing typed."""

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return _read(typed) if typed else None


class LengthsField(forms.CharField):
    """Several lengths of time, with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(written, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [_read(part) for part in re.split(r"[,;\n]+", super().clean(value)) if part.strip()]


def _read(typed: str) -> int:
    try:
        return read(typed)
    except ValueError as error:
        raise forms.ValidationError(HOW) from error
