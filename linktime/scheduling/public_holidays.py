"""Public holidays by country as days off: `{"country": "GB", "region": "ENG"}`, ISO 3166 codes, the region optional."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any

import holidays

from linktime.core.faults import Faults, refuse
from linktime.core.values import record


@cache
def regions() -> dict[str, tuple[str, ...]]:
    """Return the countries there are, with their regions."""
    supported = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(parts) for country, parts in supported.items()}


def clean(value: Any) -> dict[str, str | None] | None:
    if value is None:
        return None
    with Faults() as faults:
        place = record(value, ("country", "region"))
        country, region = place.get("country"), place.get("region")
        with faults.at("country"):
            if not isinstance(country, str) or country not in regions():
                refuse("unknown_country", "Give a country by its two capital letters, such as GB.")
        faults.stop()
        with faults.at("region"):
            if region is not None and region not in regions()[str(country)]:
                known = ", ".join(regions()[str(country)]) or "none"
                refuse("unknown_region", f"There is no such region there; known are: {known}.")
    return {"country": country, "region": region}


def dates(kept: Mapping[str, Any] | None, years: range) -> frozenset[date]:
    """Return the public holidays of these years."""
    if kept is None:
        return frozenset()
    return frozenset().union(*(_of_year(kept["country"], kept["region"], year) for year in years))


@lru_cache(maxsize=4096)
def _of_year(country: str, region: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=region, years=year))
