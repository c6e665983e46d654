"""A month as a calendar shows it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = 7
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    open: bool
    today: bool
    chosen: bool


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return date(month.year + month.month // DECEMBER, month.month % DECEMBER + 1, 1)


def previous_month(month: date) -> date:
    return first_of(month - timedelta(days=1))


def weeks(
    month: date, *, first_weekday: int, open_days: Collection[date], today: date, chosen: date | None
) -> list[list[Day | None]]:
    """Return the month's weeks; None stands for a day of another month."""
    length = (next_month(month) - month).days
    before = (month.weekday() - first_weekday) % WEEK
    days = [month + timedelta(days=step) for step in range(length)]
    cells: list[Day | None] = [None] * before
    cells += [Day(day, open=day in open_days, today=day == today, chosen=day == chosen) for day in days]
    cells += [None] * (-len(cells) % WEEK)
    return [cells[start : start + WEEK] for start in range(0, len(cells), WEEK)]
