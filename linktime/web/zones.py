"""The time zones that people can pick, by place and country, from the pinned tzdata."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from linktime.core import text, when


@dataclass(frozen=True, slots=True)
class Choice:
    """A zone on offer: its IANA name, `London, Britain (UK)`, and its offset at the moment asked for."""

    name: str
    label: str
    offset: str


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(current(name) if name in text.zone_names() else "UTC")


def current(name: str) -> str:
    """Return today's name of a zone; browsers still say Asia/Calcutta."""
    return name if name in places() else _renamed().get(name, name)


def choices(now: datetime, search: str = "") -> list[Choice]:
    """Return the zones from west to east; `search` matches places, countries, names and offsets."""
    words = search.casefold().split()
    found = []
    for name, label in places().items():
        local = now.astimezone(ZoneInfo(name))
        choice = Choice(name, label, when.offset_text(local))
        if all(word in _searchable(choice) for word in words):
            found.append((local.utcoffset() or timedelta(), label, choice))
    return [choice for *_, choice in sorted(found, key=lambda row: row[:2])]


@cache
def places() -> dict[str, str]:
    """Return IANA name -> `place, country` for every zone that zone.tab lists, and UTC."""
    countries = dict(line.split("\t") for line in _table("iso3166.tab"))
    rows = (line.split("\t") for line in _table("zone.tab"))
    listed = {row[2]: f"{_city(row[2])}, {countries[row[0]]}" for row in rows}
    return {"UTC": "Coordinated Universal Time"} | listed


@cache
def _renamed() -> dict[str, str]:
    links = (line.split() for line in _table("tzdata.zi") if line.startswith("L "))
    return {old: new for _, new, old in links if new in places()}


def _searchable(choice: Choice) -> str:
    return f"{choice.label} {choice.name.replace('_', ' ')} {choice.offset}".casefold()


def _city(zone_name: str) -> str:
    return zone_name.rsplit("/", 1)[-1].replace("_", " ")


def _table(name: str) -> list[str]:
    table = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line for line in table.splitlines() if line and not line.startswith("#")]
