"""Form fields that only carry values: the domain says what is wrong with them, everything at once."""

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # what the stubs call a text that is translated later

LONGEST_TEXT = 20_000


def carried(
    label: "str | _StrPromise", widget: forms.Widget | None = None, *, required: bool = False, **attributes: Any
) -> forms.Field:
    """Make a text field that browsers check and the server hands on as it is."""
    widget = widget or forms.TextInput()
    widget.attrs |= attributes | ({"required": True} if required else {})
    return forms.CharField(label=label, required=False, max_length=LONGEST_TEXT, widget=widget)


def whole_number(label: str) -> forms.Field:
    widget = forms.NumberInput({"min": 0, "step": 1})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=10**9, widget=widget)
