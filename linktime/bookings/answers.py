"""Answers to an event type's questions: checked, kept as `{"key", "label", "value"}`, and as people read them.

A checkbox is answered with a bool, a number with an int or float, several choices with a list of texts, everything else
with a text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from linktime.bookings.phones import phone
from linktime.core import text
from linktime.core.faults import Faults, refuse
from linktime.core.values import flag, listed, one_of, record

type Question = Mapping[str, Any]

LARGEST_NUMBER = 10**15  # beyond it, JSON readers disagree about the digits


def clean(questions: Sequence[Question], answers: Mapping[str, Any], *, time_zone: str) -> list[dict[str, Any]]:
    """Check the answers by key and return those that were given, in the order of the questions."""
    kept = []
    with Faults() as faults:
        given = record(answers, [question["key"] for question in questions])
        for question in questions:
            with faults.at(question["key"]):
                value = _answer(question, given.get(question["key"]), time_zone)
                if value is not None:
                    kept.append({"key": question["key"], "label": question["label"], "value": value})
    return kept


def from_form(questions: Sequence[Question], typed: Mapping[str, str | list[str]]) -> dict[str, Any]:
    """Turn what a web form has, by key, into answers; what is no number stays a text and is refused by `clean`."""
    return {question["key"]: _from_form(question["kind"], typed.get(question["key"], "")) for question in questions}


def readable(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(value)
    return str(value)


def _answer(question: Question, value: Any, time_zone: str) -> Any:
    if value in (None, "", []) or (question["required"] and value is False):
        if question["required"]:
            refuse(
                "required",
                _("Tick this box to go on.") if question["kind"] == "checkbox" else _("Answer this question."),
            )
        return None
    match question["kind"]:
        case "checkbox":
            return flag(value)
        case "number":
            return _number(value)
        case "choice":
            return one_of(value, question["options"])
        case "choices":
            return _several(value, question["options"])
        case kind:
            return _text(kind, value, required=question["required"], time_zone=time_zone) or None


def _text(kind: str, value: Any, *, required: bool, time_zone: str) -> str:
    match kind:
        case "phone":
            return phone(value, time_zone=time_zone, required=required)
        case "url":
            return text.url(value)
        case "long_text":
            return text.lines(value, required=required)
    return text.line(value, at_most=1000, required=required)


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse("wrong_type", _("Give a number."))
    if not abs(value) <= LARGEST_NUMBER:  # put this way, it refuses NaN as well
        refuse("out_of_range", _("Give a number up to %d.") % LARGEST_NUMBER)
    return value


def _several(value: Any, options: Sequence[str]) -> list[str]:
    """Return what was chosen, each once, in the order of the options."""
    chosen: set[str] = set()
    with Faults() as faults:
        for place, entry in enumerate(listed(value, at_most=len(options))):
            with faults.at(place):
                chosen.add(one_of(entry, options))
    return [option for option in options if option in chosen]


def _from_form(kind: str, typed: str | list[str]) -> Any:
    match kind:
        case "checkbox":
            return bool(typed)
        case "number" if isinstance(typed, str):
            return _number_from_text(typed.strip())
    return typed


def _number_from_text(typed: str) -> int | float | str:
    for read in (int, float):
        try:
            return read(typed)
        except ValueError:
            continue
    return typed
