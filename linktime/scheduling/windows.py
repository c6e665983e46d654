"""How far ahead an event type can be booked, as it is kept, and as slots need it.

Kept: `{"kind": "rolling", "days": 60}`, `{"kind": "range", "start": "2026-12-01", "end": "2026-12-31"}` (dates in the
schedule's zone, both included) or None.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from linktime.core.faults import Faults, refuse
from linktime.core.values import one_of, record, whole
from linktime.scheduling.slots import DateRange, Rolling

KINDS = {"rolling": ("kind", "days"), "range": ("kind", "start", "end")}
MOST_DAYS = 1826
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def clean(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    with Faults() as faults:
        window = record(value, ("kind", "days", "start", "end"))
        with faults.at("kind"):
            kind = one_of(window.get("kind"), tuple(KINDS))
    window = record(window, KINDS[kind])
    return _rolling(window) if kind == "rolling" else _range(window)


def window_of(kept: Mapping[str, Any] | None) -> Rolling | DateRange | None:
    """Turn a window as it is kept into what slots need."""
    if kept is None:
        return None
    if kept["kind"] == "rolling":
        return Rolling(kept["days"])
    return DateRange(date.fromisoformat(kept["start"]), date.fromisoformat(kept["end"]))


def _rolling(window: Mapping[str, Any]) -> dict[str, Any]:
    with Faults() as faults, faults.at("days"):
        days = whole(window.get("days"), at_least=0, at_most=MOST_DAYS)
    return {"kind": "rolling", "days": days}


def _range(window: Mapping[str, Any]) -> dict[str, Any]:
    with Faults() as faults:
        with faults.at("start"):
            first = _date(window.get("start"))
        with faults.at("end"):
            last = _date(window.get("end"))
    if last < first:
        refuse("ends_before_start", "The last day comes after the first, or is the same.", field="end")
    return {"kind": "range", "start": first.isoformat(), "end": last.isoformat()}


def _date(value: Any) -> date:
    if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
        refuse("invalid_date", "Give a date as YYYY-MM-DD.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        refuse("invalid_date", "There is no such day in the calendar.")
