"""Phone numbers, from what people type to E.164."""

import re
from functools import cache
from importlib import resources
from typing import Any

import phonenumbers
from django.utils.translation import gettext as _

from linktime.core import text
from linktime.core.faults import refuse

# Digits and what people put between them; phonenumbers by itself finds a number in any text.
FORM = re.compile(r"\+?[\d\s().\-/\u2010-\u2015\u00b7]+")
LONGEST = 40


def phone(value: Any, *, time_zone: str, required: bool = False) -> str:
    """Return a number in E.164, or nothing.

    A number without + is read as one of the country of `time_zone`, and must be a valid one there; one with + need
    only be possible, since numbering plans change faster than anybody's tables.
    """
    typed = text.line(value, at_most=LONGEST, required=required)
    if not typed:
        return ""
    country = None if typed.startswith("+") else country_of(time_zone)
    try:
        number = phonenumbers.parse(typed, country) if FORM.fullmatch(typed) else None
    except phonenumbers.NumberParseException:
        number = None
    fits = phonenumbers.is_valid_number if country else phonenumbers.is_possible_number
    if number is None or not fits(number):
        refuse("invalid_phone", _("Enter a phone number that begins with + and the country, such as +44 20 7946 0958."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of(time_zone: str) -> str | None:
    return _countries().get(time_zone)


@cache
def _countries() -> dict[str, str]:
    """Read which country a zone lies in from the time-zone data; zones of several countries are not there.

    Zones that were renamed are, under both names: many browsers still say Asia/Calcutta.
    """
    rows = (line.split("\t") for line in _table("zone.tab") if not line.startswith("#"))
    countries = {row[2]: row[0] for row in rows}
    links = (line.split() for line in _table("tzdata.zi") if line.startswith("L "))
    return {alias: countries[zone] for _, zone, alias in links if zone in countries} | countries


def _table(name: str) -> list[str]:
    return resources.files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8").splitlines()
