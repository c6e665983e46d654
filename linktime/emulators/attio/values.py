"""What a person's attributes take and what they give back (attribute types: personal name, email address, phone)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import phonenumbers

from linktime.emulators.attio.errors import MISSING, ApiError, bad_value, wrong_type

JSON = dict[str, Any]

RESERVED = (".test", ".invalid", ".example", ".localhost")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@(?:[\w-]+\.)+[\w-]{2,}", re.ASCII)
_EMAIL_LENGTH = 254


@dataclass(frozen=True)
class Attribute:
    """`parse` turns one given value into the fields that are stored; ApiError when it can't."""

    slug: str
    type: str
    parse: Callable[[Any], JSON]
    multiple: bool = False
    unique: bool = False


def _name(value: Any) -> JSON:
    """An object with all three parts, or `Last, First`."""
    if isinstance(value, str):
        last, _, first = (part.strip() for part in value.partition(","))
        return {"first_name": first, "last_name": last, "full_name": f"{first} {last}".strip()}
    given = value if isinstance(value, dict) else {}
    parts = {part: given.get(part, MISSING) for part in ("first_name", "last_name", "full_name")}
    faults = [wrong_type([part], text) for part, text in parts.items() if not isinstance(text, str)]
    if faults:
        raise bad_value("name", *faults)
    return parts


def _email(value: Any) -> JSON:
    text = value.get("email_address") if isinstance(value, dict) else value
    if not isinstance(text, str):
        raise bad_value("email_addresses", wrong_type(["email_address"], text))
    address = text.strip().lower()
    if len(address) > _EMAIL_LENGTH or not _EMAIL.fullmatch(address) or address.endswith(RESERVED):
        fault = {"code": "invalid", "path": ["email_address"], "message": "Invalid email address"}
        raise bad_value("email_addresses", fault)
    local, _, domain = address.rpartition("@")
    return {
        "original_email_address": text,
        "email_address": address,
        "email_domain": domain,
        "email_root_domain": ".".join(domain.split(".")[-2:]),
        "email_local_specifier": local,
    }


def _phone(value: Any) -> JSON:
    text, country = (value, None) if isinstance(value, str) else _phone_parts(value)
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise _bad_phone() from error
    if not phonenumbers.is_valid_number(number):
        raise _bad_phone()
    region = phonenumbers.region_code_for_number(number) or ""
    if not region.isalpha():
        raise _bad_phone(", possibly due to missing country information")
    return {
        "original_phone_number": text,
        "phone_number": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        "country_code": region,
    }


def _phone_parts(value: Any) -> tuple[str, str | None]:
    """Both keys are wanted, as wrong as either may be."""
    given = value if isinstance(value, dict) else {}
    text, country = given.get("original_phone_number", MISSING), given.get("country_code", MISSING)
    faults = [wrong_type(["original_phone_number"], text)] if not isinstance(text, str) else []
    if not isinstance(country, str | None):
        faults.append(wrong_type(["country_code"], country))
    if faults:
        raise bad_value("phone_numbers", *faults)
    return str(text), country


def _bad_phone(why: str = "") -> ApiError:
    fault = {"code": "invalid", "path": ["original_phone_number"], "message": f"Invalid phone number{why}"}
    return bad_value("phone_numbers", fault)


def _text(slug: str) -> Callable[[Any], JSON]:
    def parse(value: Any) -> JSON:
        text = value.get("value") if isinstance(value, dict) else value
        if not isinstance(text, str):
            raise bad_value(slug, wrong_type(["value"], text))
        return {"value": text}

    return parse


WRITABLE = {
    attribute.slug: attribute
    for attribute in (
        Attribute("name", "personal-name", _name),
        Attribute("email_addresses", "email-address", _email, multiple=True, unique=True),
        Attribute("phone_numbers", "phone-number", _phone, multiple=True),
        Attribute("description", "text", _text("description")),
        Attribute("job_title", "text", _text("job_title")),
    )
}
ALWAYS_EMPTY = ("company", "avatar_url", "primary_location")
IDENTITY = {"email_addresses": "email_address", "phone_numbers": "phone_number"}


def parse_values(values: JSON) -> dict[str, list[JSON]]:
    """The attributes given, each as the list of what is to be stored. Raises ApiError."""
    parsed = {}
    for slug, given in values.items():
        attribute = WRITABLE.get(slug)
        if attribute is None:
            raise ApiError(400, "value_not_found", f'Cannot find attribute with slug/ID "{slug}".')
        if not isinstance(given, list):
            raise bad_value(slug, wrong_type([], given, "array"))
        if len(given) > 1 and not attribute.multiple:
            raise bad_value(slug, {"code": "too_big", "path": [], "message": "At most one value"})
        parsed[slug] = _distinct(slug, [attribute.parse(value) for value in given])
    return parsed


def _distinct(slug: str, rows: list[JSON]) -> list[JSON]:
    key = IDENTITY.get(slug)
    return list({row[key]: row for row in reversed(rows)}.values())[::-1] if key else rows
