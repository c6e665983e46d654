"""Rules for values that are not text: each function returns the value or raises Invalid (see `faults.py`)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from linktime.core.faults import Faults, refuse


def one_of(value: Any, options: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in options:
        refuse("not_an_option", _("Choose one of: %s.") % ", ".join(options))
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        refuse("wrong_type", _("Give true or false."))
    return value


def whole(value: Any, *, at_least: int, at_most: int) -> int:
    """Return a whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int):
        refuse("wrong_type", _("Give a whole number."))
    if not at_least <= value <= at_most:
        refuse(
            "out_of_range", _("Give a whole number from %(least)d to %(most)d.") % {"least": at_least, "most": at_most}
        )
    return value


def listed(value: Any, *, at_least: int = 0, at_most: int) -> list[Any]:
    """Return a list of so many entries, whatever they are."""
    if not isinstance(value, list | tuple):
        refuse("wrong_type", _("Give a list."))
    if not at_least <= len(value) <= at_most:
        refuse(
            "wrong_length",
            _("Give %(least)d to %(most)d of these; there are %(count)d.")
            % {"least": at_least, "most": at_most, "count": len(value)},
        )
    return list(value)


def record(value: Any, known: Collection[str]) -> dict[str, Any]:
    """Return an object whose keys are all known."""
    if not isinstance(value, Mapping):
        refuse("wrong_type", "Give an object.")
    with Faults() as faults:
        for key in value:
            with faults.at(str(key)):
                if key not in known:
                    refuse("unknown_field", f"There is no such field here; known are: {', '.join(sorted(known))}.")
    return dict(value)
