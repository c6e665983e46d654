"""A JSON value as a field keeps it, or the error that says why it can't."""

import re
from collections.abc import Callable
from typing import Any

from linktime.emulators.salesforce.clock import parse_date, parse_instant, stamp
from linktime.emulators.salesforce.errors import RestError, unreadable
from linktime.emulators.salesforce.ids import canonical
from linktime.emulators.salesforce.schema import Field

_LETTER = r"[^\W\d_]"
_SIGN = r"[^\W_]"
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LABEL = rf"{_SIGN}(?:(?:{_SIGN}|-)*{_SIGN})?"
_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LETTER}(?:{_SIGN}|-)*{_SIGN}"
_ASCII, _INTERNATIONAL = re.compile(_ADDRESS, re.ASCII), re.compile(_ADDRESS)


def coerce(field: Field, value: Any, *, international: bool = True) -> Any:
    """Check and convert one value; null and blank text clear a field. `international` email addresses are taken."""
    if value is None:
        return False if field.type == "boolean" else None
    if field.type == "email":
        return _email(field, value, _INTERNATIONAL if international else _ASCII)
    check: Callable[[Field, Any], Any] = _COERCIONS.get(field.type, _text)
    return check(field, value)


def _text(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise _wrong_type(field, value, "string")
    trimmed = value.strip()
    if field.length and len(trimmed) > field.length:
        shown = trimmed if len(trimmed) <= field.length * 2 else trimmed[: field.length * 2]
        message = f"{field.title}: data value too large: {shown} (max length={field.length})"
        raise RestError("STRING_TOO_LONG", message, fields=[field.name])
    return trimmed or None


def _email(field: Field, value: Any, pattern: re.Pattern[str]) -> str | None:
    address = _text(field, value)
    if address and not pattern.fullmatch(address):
        raise RestError(
            "INVALID_EMAIL_ADDRESS", f"{field.title}: invalid email address: {address}", fields=[field.name]
        )
    return address


def _picklist(field: Field, value: Any) -> str | None:
    chosen = _text(field, value)
    if chosen and field.restricted and chosen not in field.picklist:
        message = f"{field.title}: bad value for restricted picklist field: {chosen}"
        raise RestError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=[field.name])
    return chosen


def _boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong_type(field, value, "boolean")
    return value


def _int(field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type(field, value, "int")
    return value


def _double(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong_type(field, value, "double")
    return value


def _datetime(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong_type(field, value, "datetime")
    try:
        return stamp(parse_instant(value))
    except (ValueError, OverflowError) as error:
        raise _wrong_type(field, value, "datetime") from error


def _date(field: Field, value: Any) -> str:
    try:
        return parse_date(value).isoformat()
    except (TypeError, ValueError) as error:
        raise _wrong_type(field, value, "date") from error


def _reference(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise _wrong_type(field, value, "reference")
    record_id = canonical(value.strip())
    if value.strip() and record_id is None:
        message = f"{field.title}: id value of incorrect type: {value}"
        raise RestError("MALFORMED_ID", message, fields=[field.name])
    return record_id


def _ids(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise _wrong_type(field, value, "list")
    return [str(_reference(field, item)) for item in value]


_COERCIONS: dict[str, Callable[[Field, Any], Any]] = {
    "picklist": _picklist,
    "boolean": _boolean,
    "int": _int,
    "double": _double,
    "datetime": _datetime,
    "date": _date,
    "reference": _reference,
    "junctionidlist": _ids,
}


def _wrong_type(field: Field, value: Any, wanted: str) -> RestError:
    kinds = {dict: "START_OBJECT", list: "START_ARRAY", bool: "VALUE_BOOLEAN", int: "VALUE_NUMBER_INT"}
    kind = kinds.get(type(value), "VALUE_STRING" if isinstance(value, str) else "VALUE_NUMBER_FLOAT")
    return unreadable(
        f"Cannot deserialize instance of {wanted} from {kind} value {value} or request may be missing a required "
        f"field ({field.name})"
    )
