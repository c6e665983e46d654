"""Which properties an account has: the usual ones, as its settings have them (developers' guide: properties)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from linktime.emulators.hubspot.calls import Answer, Call
from linktime.emulators.hubspot.properties import ObjectType, Property
from linktime.emulators.settings import Settings

JSON = dict[str, Any]
FIELD_TYPES = {"string": "text", "email": "text", "datetime": "date", "enumeration": "select"}


def adapted(kind: ObjectType, settings: Settings) -> ObjectType:
    """Return the type with the properties that this account has."""
    archived, read_only = (set(settings[name]) for name in ("archived_properties", "read_only_properties"))
    properties: Mapping[str, Property] = {
        name: replace(
            one,
            options=_options(f"{kind.plural}.{name}", one, settings["removed_options"]),
            read_only=one.read_only or f"{kind.plural}.{name}" in read_only,
        )
        for name, one in kind.properties.items()
        if f"{kind.plural}.{name}" not in archived
    }
    return replace(kind, properties=properties)


def everything(call: Call) -> Answer:
    """`GET /crm/properties/{version}/{type}`: those that are not archived."""
    kind = adapted(call.kind(), call.account.settings)
    return Answer(200, {"results": [_described(kind, one) for one in kind.properties.values()]})


def _options(name: str, one: Property, removed: list[str]) -> tuple[str, ...]:
    return tuple(option for option in one.options if f"{name}.{option}" not in removed)


def _described(kind: ObjectType, one: Property) -> JSON:
    rights = {"archivable": False, "readOnlyDefinition": True, "readOnlyOptions": True, "readOnlyValue": one.read_only}
    return {
        "name": one.name,
        "label": one.name.removeprefix("hs_").replace("_", " ").capitalize(),
        "type": "string" if one.kind == "email" else one.kind,
        "fieldType": FIELD_TYPES[one.kind],
        "description": "",
        "groupName": f"{kind.kind.lower()}information",
        "options": [
            {"label": option.replace("_", " ").capitalize(), "value": option, "hidden": False} for option in one.options
        ],
        "hubspotDefined": True,
        "hidden": False,
        "archived": False,
        "modificationMetadata": rights,
    }
