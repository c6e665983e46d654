"""Dates and times of day as they are kept: "2026-12-24", "09:00", and "24:00" for the end of a day."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from linktime.core.faults import Faults, refuse

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def interval(entry: Mapping[str, Any]) -> tuple[int, int]:
    """Return `start` and `end` in minutes since midnight."""
    with Faults() as faults:
        with faults.at("start"):
            start = clock(entry.get("start"))
        with faults.at("end"):
            end = clock(entry.get("end"))
    if start >= end:
        refuse("ends_before_start", "Hours end after they begin; split them at 24:00 to go past midnight.", field="end")
    return start, end


def clock(value: Any) -> int:
    if not isinstance(value, str) or not CLOCK.fullmatch(value):
        refuse("invalid_time", "Give a time as HH:MM, from 00:00 to 24:00.")
    return minutes(value)


def minutes(kept: str) -> int:
    return int(kept[:2]) * 60 + int(kept[3:])


def text(of_day: int) -> str:
    return f"{of_day // 60:02}:{of_day % 60:02}"


def day(value: Any) -> date:
    if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
        refuse("invalid_date", "Give a date as YYYY-MM-DD.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        refuse("invalid_date", "There is no such day in the calendar.")
