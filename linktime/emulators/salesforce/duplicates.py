"""The duplicate rule for contacts (REST guide: Sforce-Duplicate-Rule-Header)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linktime.emulators.salesforce.errors import RestError
from linktime.emulators.salesforce.store import Record, Store
from linktime.emulators.settings import Settings

COMPARED = ("Email", "FirstName", "LastName", "Phone", "MobilePhone")
MESSAGE = "Use one of these records?"


@dataclass(frozen=True)
class Choice:
    """What the caller's header asks for; everything is off by default."""

    allow_save: bool = False
    record_details: bool = False

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> "Choice":
        header = headers.get("sforce-duplicate-rule-header", "").replace(" ", "").lower()
        wishes = header.replace(",", ";").split(";")
        return cls("allowsave=true" in wishes, "includerecorddetails=true" in wishes)


def refuse_duplicates(contact: Record, before: Record | None, store: Store, settings: Settings, choice: Choice) -> None:
    """Raise DUPLICATES_DETECTED as the rule has it; allowSave passes an Alert rule, never a Block rule."""
    rule = settings["duplicate_rule"]
    if rule == "off" or (rule == "alert" and choice.allow_save):
        return
    if before and all(before.get(name) == contact.get(name) for name in COMPARED):
        return
    matches = _matches(contact, store, settings["duplicate_matching"])
    if matches:
        details = _result(matches, allow_save=rule == "alert", complete=choice.record_details)
        raise RestError("DUPLICATES_DETECTED", MESSAGE, extra={settings["duplicate_spelling"]: details})


def _matches(contact: Record, store: Store, kinds: list[str]) -> list[Record]:
    found: dict[str, Record] = {}
    if "email" in kinds and contact.get("Email"):
        found |= {record["Id"]: record for record in store.with_value("Contact", "Email", contact["Email"])}
    if "fuzzy" in kinds:
        found |= {record["Id"]: record for record in store.all("Contact") if _similar(contact, record)}
    return [record for key, record in found.items() if key != contact.get("Id") and not record["IsDeleted"]]


def _similar(one: Record, other: Record) -> bool:
    """Same last name and first initial, and a phone number in common."""
    names = [(r["LastName"].lower(), (r.get("FirstName") or "")[:1].lower()) for r in (one, other)]
    return names[0] == names[1] and bool(_phones(one) & _phones(other))


def _phones(contact: Record) -> set[str]:
    numbers = (re.sub(r"\D", "", contact.get(name) or "") for name in ("Phone", "MobilePhone"))
    return {number for number in numbers if number}


def _result(matches: list[Record], *, allow_save: bool, complete: bool) -> dict[str, Any]:
    return {
        "allowSave": allow_save,
        "duplicateRule": "Standard_Contact_Duplicate_Rule",
        "duplicateRuleEntityType": "Contact",
        "errorMessage": MESSAGE,
        "matchResults": [
            {
                "entityType": "Contact",
                "errors": [],
                "matchEngine": "FuzzyMatchEngine",
                "matchRecords": [_match(record, complete=complete) for record in matches],
                "rule": "Standard_Contact_Match_Rule_v1_1",
                "size": len(matches),
                "success": True,
            }
        ],
    }


def _match(record: Record, *, complete: bool) -> dict[str, Any]:
    url = f"/services/data/v60.0/sobjects/Contact/{record['Id']}"
    shown = {"attributes": {"type": "Contact", "url": url}, "Id": record["Id"]}
    if complete:
        shown |= {name: record.get(name) for name in ("Name", *COMPARED)}
    return {"additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100.0, "record": shown}
