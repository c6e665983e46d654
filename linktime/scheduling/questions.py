"""What an invitee is asked: `[{"key", "label", "kind", "required", "options"}]`."""

import re
from typing import Any

from linktime.core import text
from linktime.core.faults import Faults, refuse
from linktime.core.values import flag, listed, one_of, record

CHOICE, CHOICES = "choice", "choices"  # one of the options, or several
KINDS = ("text", "long_text", CHOICE, CHOICES, "checkbox", "phone", "number", "url")
KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")
MOST_QUESTIONS = 30
MOST_OPTIONS = 100


def clean(value: Any) -> list[dict[str, Any]]:
    """Check questions and fill in what may be left out."""
    questions: list[dict[str, Any]] = []
    with Faults() as faults:
        for place, entry in enumerate(listed(value, at_most=MOST_QUESTIONS)):
            with faults.at(place):
                question = _question(entry)
                if question["key"] in {earlier["key"] for earlier in questions}:
                    refuse("not_unique", "Another question has this key.", field="key")
                questions.append(question)
    return questions


def _question(value: Any) -> dict[str, Any]:
    with Faults() as faults:
        entry = record(value, ("key", "label", "kind", "required", "options"))
        with faults.at("key"):
            key = _key(entry.get("key"))
        with faults.at("label"):
            label = text.line(entry.get("label"), at_most=200)
        with faults.at("kind"):
            kind = one_of(entry.get("kind"), KINDS)
        with faults.at("required"):
            required = flag(entry.get("required", False))
        with faults.at("options"):
            options = _options(entry.get("kind"), entry.get("options"))
    return {"key": key, "label": label, "kind": kind, "required": required, "options": options}


def _key(value: Any) -> str:
    if not isinstance(value, str) or not KEY.fullmatch(value):
        refuse("invalid_key", "Use 1 to 50 small letters, digits and underscores, a letter first.")
    return value


def _options(kind: Any, value: Any) -> list[str]:
    if kind not in {CHOICE, CHOICES}:
        if value:
            refuse("not_for_this_kind", "Only a question of the kind choice or choices has options.")
        return []
    options: list[str] = []
    with Faults() as faults:
        for place, entry in enumerate(listed(value or [], at_least=1, at_most=MOST_OPTIONS)):
            with faults.at(place):
                options.append(_new_option(entry, options))
    return options


def _new_option(value: Any, earlier: list[str]) -> str:
    option = text.line(value, at_most=200)
    if option in earlier:
        refuse("not_unique", "This option is there twice.")
    return option
