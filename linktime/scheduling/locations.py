"""Where a meeting takes place: `{"kind": "phone|in_person|link|custom", "value": text}`, or nothing (`{}`).

The value of a phone call is the number to call; when it is empty, the invitee is called.
"""

from collections.abc import Mapping
from typing import Any

from linktime.core import text
from linktime.core.faults import Faults
from linktime.core.values import one_of, record

PHONE = "phone"
LINK = "link"
KINDS = (PHONE, "in_person", LINK, "custom")
LONGEST = 450  # a booking's location has 500, with words before it


def clean(value: Any) -> dict[str, Any]:
    if value is None or value == {}:
        return {}
    with Faults() as faults:
        location = record(value, ("kind", "value"))
        with faults.at("kind"):
            kind = one_of(location.get("kind"), KINDS)
        faults.stop()
        with faults.at("value"):
            detail = _detail(kind, location.get("value"))
    return {"kind": kind, "value": detail}


def needs_phone(location: Mapping[str, Any]) -> bool:
    """Tell whether the invitee must say which number to call."""
    return location.get("kind") == PHONE and not location["value"]


def location_text(location: Mapping[str, Any], invitee_phone: str) -> str:
    """Say where, as people read it in a calendar."""
    if location.get("kind") == PHONE:
        return f"Phone call: {location['value'] or invitee_phone}"
    return str(location.get("value", ""))


def _detail(kind: str, value: Any) -> str:
    if kind == LINK:
        address = text.url(value)
        return text.line(address, at_most=LONGEST)
    return text.line(value, at_most=LONGEST, required=kind != PHONE)
