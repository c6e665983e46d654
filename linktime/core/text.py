"""Rules for whatever people type: each function returns the clean value or raises Invalid (see `faults.py`).

All texts come out stripped and in NFC, so that equal-looking texts are equal; lengths are counted in characters then.
"""

import re
import unicodedata
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from linktime.core.faults import refuse

LONGEST_EMAIL = 254
LONGEST_URL = 1000
LONGEST_NOTE = 5000

# Embeddings, overrides and isolates make a name read as another one; the marks LRM, RLM and ALM are left to writers of
# Arabic and Hebrew, who need them.
DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
SEPARATES_LINES = {"Zl", "Zp"}
REFUSED = {"Cc", "Cs"}  # control characters, and halves of a pair
SHOWS = set("LMNPS")
LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
LONGEST_LOCALE = 35


def line(value: Any, *, at_most: int, required: bool = True) -> str:
    """Return a name or title: one line, in which nothing reorders what people read."""
    text = _text(value, at_most=at_most, required=required, allowed="")
    if DIRECTION_OVERRIDES.search(text):
        refuse("direction_override", _("Leave out the invisible characters that change the direction of text."))
    if any(unicodedata.category(character) in SEPARATES_LINES for character in text):
        refuse("control_character", _("Write this in one line."))
    return text


def lines(value: Any, *, at_most: int = LONGEST_NOTE, required: bool = False) -> str:
    """Return a longer text, every line break as a single newline."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _text(value, at_most=at_most, required=required, allowed="\n\t")


def email(value: Any) -> str:
    """Return an address as it was typed, stripped: its case is somebody else's business."""
    address = line(value, at_most=LONGEST_EMAIL)
    try:
        validate_email(address)
    except ValidationError:
        refuse("invalid_email", _("Enter an email address, such as grace@example.com."))
    return address


def url(value: Any) -> str:
    """Return an address on the web, http or https."""
    address = line(value, at_most=LONGEST_URL)
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        refuse("invalid_url", _("Enter a web address that begins with https://."))
    return address


def time_zone(value: Any) -> str:
    """Return an IANA name that this installation's time-zone data knows."""
    name = line(value, at_most=64)
    if name not in zone_names():
        refuse("unknown_time_zone", _("Choose a time zone by its IANA name, such as Europe/London."))
    return name


def locale(value: Any) -> str:
    """Return a language tag, such as `en-GB`, or nothing."""
    tag = line(value, at_most=LONGEST_LOCALE, required=False)
    if tag and not LOCALE.fullmatch(tag):
        refuse("invalid_locale", _("Give the language as a tag, such as en-GB."))
    return tag


@cache
def zone_names() -> frozenset[str]:
    """Return the names a person may choose; listing them reads 600 files, so it is done once."""
    return frozenset(available_timezones() - {"Factory", "localtime"})


def _text(value: Any, *, at_most: int, required: bool, allowed: str) -> str:
    if value is None:
        value = ""
    if not isinstance(value, str):
        refuse("wrong_type", _("Give a text."))
    _refuse_odd_characters(value.strip(), allowed)
    text = unicodedata.normalize("NFC", value.strip())
    if not any(unicodedata.category(character)[0] in SHOWS for character in text):
        text = ""
    if required and not text:
        refuse("required", _("Fill this in."))
    if len(text) > at_most:
        refuse(
            "too_long",
            _("Use at most %(most)d characters; this has %(count)d.") % {"most": at_most, "count": len(text)},
        )
    return text


def _refuse_odd_characters(text: str, allowed: str) -> None:
    for character in text:
        category = unicodedata.category(character)
        if category in REFUSED and character not in allowed:
            refuse(
                "control_character", _("Leave out characters that can't be shown (there is a U+%04X).") % ord(character)
            )
