"""The properties of contacts and meetings, and which values they take (developers' guide: properties)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linktime.emulators.hubspot import clock

LONGEST = 65_536
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
OUTCOMES = ("SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED")
STAGES = ("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "other")

JSON = dict[str, Any]


class ValueRefusedError(ValueError):
    """A value that a property can't have: `code` and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Property:
    name: str
    kind: str = "string"
    options: tuple[str, ...] = ()
    read_only: bool = False

    def read(self, text: str) -> str:
        """Return the value as it is stored; the empty text clears it. Raises ValueRefusedError."""
        if self.read_only:
            raise ValueRefusedError(
                "READ_ONLY_VALUE", f'"{self.name}" is a read only property; its value cannot be set.'
            )
        if not text:
            return ""
        if len(text) > LONGEST:
            raise ValueRefusedError("PROPERTY_VALUE_TOO_LONG", f"{self.name} is longer than {LONGEST} characters")
        return self._checked(text)

    def _checked(self, text: str) -> str:
        if self.kind == "email":
            return email_of(text)
        if self.kind == "datetime":
            return self._instant(text)
        if self.options and text not in self.options:
            allowed = ", ".join(self.options)
            raise ValueRefusedError("INVALID_OPTION", f"{text} was not one of the allowed options: [{allowed}]")
        return text

    def _instant(self, text: str) -> str:
        try:
            return clock.value_of(text)
        except (ValueError, OverflowError, OSError) as error:
            raise ValueRefusedError("INVALID_LONG", f"{text} was not a valid long.") from error


@dataclass(frozen=True)
class ObjectType:
    """`plural` is its name in addresses, `shown` are the properties of a read that names none."""

    id: str
    plural: str
    kind: str
    properties: Mapping[str, Property]
    shown: tuple[str, ...]
    created: str
    modified: str


def _table(*properties: Property) -> dict[str, Property]:
    return {one.name: one for one in properties}


def _texts(*names: str) -> list[Property]:
    return [Property(name) for name in names]


def _own(*names: str) -> list[Property]:
    """Properties that only the service writes."""
    return [Property(name, read_only=True) for name in names]


CONTACTS = ObjectType(
    id="0-1",
    plural="contacts",
    kind="CONTACT",
    properties=_table(
        Property("email", "email"),
        *_texts("firstname", "lastname", "phone", "mobilephone", "jobtitle", "company", "website", "address", "city"),
        *_texts("state", "zip", "country", "hubspot_owner_id", "hs_lead_status", "message"),
        Property("lifecyclestage", "enumeration", STAGES),
        *_own("hs_object_id", "createdate", "lastmodifieddate", "hs_additional_emails", "hs_merged_object_ids"),
    ),
    shown=("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
    created="createdate",
    modified="lastmodifieddate",
)
MEETINGS = ObjectType(
    id="0-47",
    plural="meetings",
    kind="MEETING",
    properties=_table(
        *(Property(name, "datetime") for name in ("hs_timestamp", "hs_meeting_start_time", "hs_meeting_end_time")),
        Property("hs_meeting_outcome", "enumeration", OUTCOMES),
        *_texts("hs_meeting_title", "hs_meeting_body", "hs_internal_meeting_notes", "hs_meeting_external_url"),
        *_texts("hs_meeting_location", "hs_activity_type", "hubspot_owner_id", "hs_attachment_ids"),
        *_own("hs_object_id", "hs_createdate", "hs_lastmodifieddate", "hs_i_cal_uid", "hs_unique_id"),
        *_own("hs_unique_creation_key"),
    ),
    shown=("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    created="hs_createdate",
    modified="hs_lastmodifieddate",
)
TYPES = {one.plural: one for one in (CONTACTS, MEETINGS)}
BY_ID = {one.id: one for one in TYPES.values()}


def type_of(name: str) -> ObjectType | None:
    """Find a type by its name in addresses: `contacts`, `contact` or `0-1`."""
    return TYPES.get(name) or TYPES.get(f"{name}s") or BY_ID.get(name)


def email_of(text: str) -> str:
    """Return an address as it is stored, in lower case."""
    if not EMAIL.fullmatch(text.strip()):
        raise ValueRefusedError("INVALID_EMAIL", f"Email address {text} is invalid")
    return text.strip().lower()


def faults_of(kind: ObjectType, given: Mapping[str, str], rules: list[JSON]) -> tuple[dict[str, str], list[JSON]]:
    """Read what was given: the values as they are stored, and what is wrong with the others."""
    values: dict[str, str] = {}
    faults: list[JSON] = []
    for name, text in given.items():
        try:
            values[name] = _read(kind, name, text, rules)
        except ValueRefusedError as error:
            faults.append({"name": name, "error": error.code, "message": str(error)})
    return values, faults


def _read(kind: ObjectType, name: str, text: str, rules: list[JSON]) -> str:
    known = kind.properties.get(name)
    if known is None:
        raise ValueRefusedError("PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
    value = known.read(text)
    for rule in rules:
        if (rule["object"], rule["property"]) == (kind.plural, name) and not re.search(rule["pattern"], value):
            raise ValueRefusedError("PROPERTY_VALIDATION_RULE", rule["message"])
    return value
