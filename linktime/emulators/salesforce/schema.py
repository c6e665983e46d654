"""What a field and an object are, and which of them an organisation has, its custom and hidden ones considered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from linktime.emulators.settings import Settings

UNFILTERABLE_LENGTH = 256


@dataclass(frozen=True)
class Field:
    name: str
    type: str = "string"
    label: str = ""
    length: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    defaulted: bool = False
    filterable: bool = True
    id_lookup: bool = False
    external_id: bool = False
    unique: bool = False
    refers_to: tuple[str, ...] = ()
    picklist: tuple[str, ...] = ()
    restricted: bool = False
    """Only the picklist's values are allowed."""

    @property
    def title(self) -> str:
        return self.label or self.name

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")

    @property
    def required(self) -> bool:
        """Whether a create must give it (REST guide: describe)."""
        return self.createable and not self.nillable and not self.defaulted


@dataclass(frozen=True)
class SObject:
    name: str
    label: str
    plural: str
    prefix: str
    fields: tuple[Field, ...]
    createable: bool = True
    deletable: bool = True
    mergeable: bool = False
    denied: frozenset[str] = frozenset()
    """What the user may not do: create, edit."""

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {field.name.lower(): field for field in self.fields}

    def field(self, name: str) -> Field | None:
        """Find a field by its name in any case."""
        return self._by_name.get(name.lower())


class Schema:
    """The objects as an organisation's settings show them to the user who connected."""

    def __init__(self, standard: tuple[SObject, ...], settings: Settings) -> None:
        adapted = (_adapted(sobject, settings) for sobject in standard)
        self.objects = {sobject.name.lower(): sobject for sobject in adapted}
        self._by_prefix = {sobject.prefix: sobject for sobject in self.objects.values()}

    def find(self, name: str) -> SObject | None:
        """Find an object that the user may see."""
        found = self.objects.get(name.lower())
        return found if found and "read" not in found.denied else None

    def of_id(self, record_id: str) -> SObject | None:
        return self._by_prefix.get(record_id[:3])


def _adapted(sobject: SObject, settings: Settings) -> SObject:
    hidden = _names(settings["hidden_fields"], sobject.name)
    if not settings["shared_activities"]:
        hidden |= {"eventwhoids"}
    custom = tuple(
        _custom(wish) for wish in settings["custom_fields"] if wish["object"].lower() == sobject.name.lower()
    )
    read_only = _names(settings["read_only_fields"], sobject.name)
    required = _names(settings["required_fields"], sobject.name)
    fields = (field for field in sobject.fields + custom if field.name.lower() not in hidden)
    denied = frozenset(_names(settings["denied_rights"], sobject.name))
    return replace(sobject, fields=tuple(_restricted(field, read_only, required) for field in fields), denied=denied)


def _restricted(field: Field, read_only: set[str], required: set[str]) -> Field:
    name = field.name.lower()
    if name in read_only:
        field = replace(field, createable=False, updateable=False)
    return replace(field, nillable=False) if name in required else field


def _custom(wish: dict[str, Any]) -> Field:
    length = wish.get("length", 255 if wish.get("type", "string") in ("string", "textarea") else 0)
    return Field(
        name=wish["name"],
        type=wish.get("type", "string"),
        label=wish.get("label", wish["name"].removesuffix("__c").replace("_", " ")),
        length=length,
        filterable=length < UNFILTERABLE_LENGTH,
        external_id=wish.get("external_id", False),
        unique=wish.get("unique", False),
    )


def _names(entries: list[str], sobject: str) -> set[str]:
    """The fields of this object among `Object.Field` entries."""
    pairs = (entry.lower().partition(".") for entry in entries)
    return {field for name, _, field in pairs if name == sobject.lower()}
