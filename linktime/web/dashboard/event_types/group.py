"""What the groups of the event type editor have in common."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from linktime.core.errors import Fault, Invalid
from linktime.scheduling.models import EventType
from linktime.web import faults


class Group(forms.Form):
    """Some of an event type's settings. `about` stands above them.

    `paths` maps paths of the domain to the fields that show their faults, where their names differ.
    """

    about: ClassVar[str] = ""
    paths: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def initial_of(cls, event_type: EventType) -> dict[str, Any]:
        """Return what the fields show of an event type."""
        return {name: getattr(event_type, name) for name in cls.base_fields}

    def values(self) -> dict[str, Any]:
        """Return what was typed, in the API's form; the fields are valid."""
        return dict(self.cleaned_data)

    def show(self, fault: Fault) -> bool:
        """Put a fault at its field; False when it belongs to none of this group's."""
        if faults.field_for(fault.field, self, self.paths) is None:
            return False
        faults.show(self, Invalid(fault), self.paths)
        return True


def number(text: str) -> int | str:
    """Return a typed number; what is none is handed on, for the domain to say so."""
    return int(text) if text.isascii() and text.isdigit() else text
