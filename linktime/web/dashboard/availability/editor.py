"""The schedule editor: what it shows of a schedule or of what was typed, and how that is saved."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from linktime.core import languages
from linktime.core.errors import Fault, Invalid
from linktime.scheduling import public_holidays, schedules
from linktime.scheduling.models import Schedule
from linktime.web.dashboard.availability import dates, week

# Fields of the domain that have one field on the page; `weekly` and `overrides` have many.
FIELDS = {"name": "name", "time_zone": "time_zone", "holidays.country": "country", "holidays.region": "region"}
NOT_AT_A_FIELD = "above"


@dataclass(frozen=True, slots=True)
class Editor:
    """What the fields show. `faults` has messages by field, those that no field is at fault for under `above`."""

    name: str
    time_zone: str
    country: str
    region: str
    days: list[week.Day]
    dates: list[dates.DateRow]
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def faulty(self) -> bool:
        return bool(self.faults)


def shown(schedule: Schedule) -> Editor:
    holidays = schedule.holidays or {}
    return Editor(
        name=schedule.name,
        time_zone=schedule.time_zone,
        country=holidays.get("country") or "",
        region=holidays.get("region") or "",
        days=week.days(schedule.weekly),
        dates=dates.rows(schedule.overrides),
    )


def saved(schedule: Schedule, typed: QueryDict) -> Editor:
    """Save what was typed, and return it as it was typed, with its faults; nothing is saved when there are any."""
    days, rows = week.typed_days(typed), dates.typed_rows(typed)
    weekly, day_of_entry = week.weekly(days)
    overrides, rows_of_entry = dates.overrides(rows)
    country, region = typed.get("country", ""), typed.get("region", "").strip()
    values: dict[str, Any] = {
        "name": typed.get("name", ""),
        "time_zone": typed.get("time_zone", ""),
        "weekly": weekly,
        "overrides": overrides,
        "holidays": {"country": country, "region": region or None} if country else None,
    }
    faults: Sequence[Fault] = ()
    try:
        schedules.update(schedule, values)
    except Invalid as error:
        schedule.refresh_from_db()
        faults = error.faults
    return Editor(
        name=values["name"],
        time_zone=values["time_zone"],
        country=country,
        region=region,
        days=week.with_faults(days, day_of_entry, faults),
        dates=dates.with_faults(rows, rows_of_entry, faults),
        faults=_by_field(faults),
    )


def countries() -> list[tuple[str, str]]:
    """Return the countries whose holidays are known, by name."""
    territories = languages.locale_of(languages.ENGLISH).territories
    named = [(code, str(territories.get(code, code))) for code in public_holidays.regions()]
    return sorted(named, key=lambda country: country[1])


def regions(country: str) -> tuple[str, ...]:
    return public_holidays.regions().get(country, ())


def _by_field(faults: Sequence[Fault]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fault in faults:
        numbered = any(part.isdigit() for part in fault.field.split("."))
        name = fault.field.split(".")[0] if numbered else FIELDS.get(fault.field, NOT_AT_A_FIELD)
        found.setdefault(name, []).append(fault.message)
    return found
