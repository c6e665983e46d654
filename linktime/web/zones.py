"""The time zones that people can pick, from the pinned tzdata, by place and country as CLDR names them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from linktime.core import languages, text, when


@dataclass(frozen=True, slots=True)
class Choice:
    """A zone on offer: its IANA name, `London, United Kingdom`, its offset at the moment asked for.

    `search` is what it can be found by, in small letters: its English name and its own too.
    """

    name: str
    label: str
    offset: str
    search: str


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(current(name) if name in text.zone_names() else "UTC")


def current(name: str) -> str:
    """Return today's name of a zone; browsers still say Asia/Calcutta."""
    return name if name in countries() else _renamed().get(name, name)


def choices(now: datetime, search: str = "", *, language: str = languages.ENGLISH) -> list[Choice]:
    """Return the zones from west to east; `search` matches places, countries, names and offsets."""
    words = search.casefold().split()
    found = []
    for name, label in places(language).items():
        local = now.astimezone(_kept(name))
        offset = when.offset_text(local)
        known = f"{label} {places(languages.ENGLISH)[name]} {name.replace('_', ' ')} {_table_name(name)} {offset}"
        choice = Choice(name, label, offset, known.casefold())
        if all(word in choice.search for word in words):
            found.append((local.utcoffset() or timedelta(), label, choice))
    return [choice for *_, choice in sorted(found, key=lambda row: row[:2])]


_kept = cache(ZoneInfo)  # it forgets all but a few by itself, and reads each from its file again


@cache
def places(language: str) -> dict[str, str]:
    """Return IANA name -> `place, country` for every zone that zone.tab lists, and UTC."""
    territories = languages.locale_of(language).territories
    named = {"UTC": "UTC"}
    for name, country in countries().items():
        if country:
            parts = [when.city_text(name, locale=language), territories.get(country, country)]
            named[name] = when.listed(parts, locale=language)
    return named


@cache
def countries() -> dict[str, str]:
    """Return IANA name -> code of its country, for every zone that zone.tab lists; UTC has none."""
    rows = (line.split("\t") for line in _table("zone.tab"))
    return {"UTC": ""} | {row[2]: row[0] for row in rows}


@cache
def _names() -> dict[str, str]:
    return dict(line.split("\t") for line in _table("iso3166.tab"))


def _table_name(zone_name: str) -> str:
    """Return the country as tzdata writes it, which people type too: `Britain (UK)`."""
    return _names().get(countries()[zone_name], "Coordinated Universal Time")


@cache
def _renamed() -> dict[str, str]:
    links = (line.split() for line in _table("tzdata.zi") if line.startswith("L "))
    return {old: new for _, new, old in links if new in countries()}


def _table(name: str) -> list[str]:
    table = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line for line in table.splitlines() if line and not line.startswith("#")]
