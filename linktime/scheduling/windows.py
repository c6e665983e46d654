"""How far ahead an event type can be booked, as it is kept, and as slots need it.

Kept: `{"kind": "rolling", "days": 60}`, `{"kind": "business_days", "days": 10}` (Monday to Friday without public
holidays), `{"kind": "range", "start": "2026-12-01", "end": "2026-12-31"}` (both included) or None; days are those of
the host's calendar.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from linktime.core.faults import Faults, refuse
from linktime.core.values import one_of, record, whole
from linktime.scheduling import clocks
from linktime.scheduling.localtime import DateRange
from linktime.scheduling.rules import BusinessDays, Rolling

KINDS = {"rolling": ("kind", "days"), "business_days": ("kind", "days"), "range": ("kind", "start", "end")}
MOST_DAYS = 1826
# Far from both ends of the calendar, so that sums never overflow.
EARLIEST, LATEST = date(1970, 1, 2), date(2999, 12, 31)


def clean(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    with Faults() as faults:
        window = record(value, ("kind", "days", "start", "end"))
        with faults.at("kind"):
            kind = one_of(window.get("kind"), tuple(KINDS))
    window = record(window, KINDS[kind])
    return _range(window) if kind == "range" else _ahead(kind, window)


def window_of(kept: Mapping[str, Any] | None) -> Rolling | BusinessDays | DateRange | None:
    """Turn a window as it is kept into what slots need."""
    if kept is None:
        return None
    match kept["kind"]:
        case "rolling":
            return Rolling(kept["days"])
        case "business_days":
            return BusinessDays(kept["days"])
    first, last = (date.fromisoformat(kept[end]) for end in ("start", "end"))
    return DateRange(max(first, EARLIEST), min(last, LATEST))


def _ahead(kind: str, window: Mapping[str, Any]) -> dict[str, Any]:
    with Faults() as faults, faults.at("days"):
        days = whole(window.get("days"), at_least=0, at_most=MOST_DAYS)
    return {"kind": kind, "days": days}


def _range(window: Mapping[str, Any]) -> dict[str, Any]:
    with Faults() as faults:
        with faults.at("start"):
            first = clocks.day(window.get("start"))
        with faults.at("end"):
            last = clocks.day(window.get("end"))
    if last < first:
        refuse("ends_before_start", "The last day comes after the first, or is the same.", field="end")
    return {"kind": "range", "start": first.isoformat(), "end": last.isoformat()}
