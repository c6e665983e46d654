"""Faults of the domain, shown at a form's fields."""

from collections.abc import Mapping

from django.forms import BaseForm

from linktime.core.errors import Invalid


def show(form: BaseForm, error: Invalid, names: Mapping[str, str] | None = None) -> None:
    """Put each fault at its field.

    `names` maps paths of the domain to names of the form; of a path such as `guests.0` the longest known part counts,
    and what the form has no field for stands above it.
    """
    for fault in error.faults:
        field = field_for(fault.field, form, names or {})
        form.add_error(field, fault.message)


def field_for(path: str, form: BaseForm, names: Mapping[str, str]) -> str | None:
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        part = ".".join(parts[:length])
        name = names.get(part, part)
        if name in form.fields:
            return name
    return None
