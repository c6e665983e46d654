"""The questions of an event type, as rows: added, moved, emptied to be removed. Pure but for the form it reads."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from linktime.core.errors import Fault
from linktime.scheduling.questions import CHOICE, CHOICES
from linktime.web.dashboard.event_types.basics import slug_from

COLUMNS = ("key", "label", "kind", "required", "options")
UP, DOWN = "up", "down"


@dataclass(frozen=True, slots=True)
class QuestionRow:
    key: str = ""
    label: str = ""
    kind: str = "text"
    required: bool = False
    options: str = ""
    faults: list[str] = field(default_factory=list)


def rows(questions: Iterable[Mapping[str, Any]]) -> list[QuestionRow]:
    """Return the rows of questions as they are kept."""
    return [
        QuestionRow(each["key"], each["label"], each["kind"], each["required"], "\n".join(each["options"]))
        for each in questions
    ]


def typed_rows(post: QueryDict) -> list[QuestionRow]:
    """Read the form, with the row moved that was asked to; a row without a label is no question."""
    columns = [post.getlist(f"question_{name}") for name in COLUMNS]
    found = [
        QuestionRow(key, label, kind, required == "yes", options)
        for key, label, kind, required, options in zip(*columns, strict=False)
    ]
    return [row for row in _moved(found, post.get("move", "")) if row.label.strip()]


def questions(typed: Sequence[QuestionRow], earlier: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return questions as the domain takes them; a known one keeps its key, a new one gets one from its label."""
    keys = {question["key"] for question in earlier}
    found: list[dict[str, Any]] = []
    for row in typed:
        taken = {question["key"] for question in found}
        known = row.key in keys and row.key not in taken
        found.append(
            {
                "key": row.key if known else key_from(row.label, taken | keys),
                "label": row.label,
                "kind": row.kind,
                "required": row.required,
                "options": _options(row),
            }
        )
    return found


def with_faults(typed: Sequence[QuestionRow], faults: Iterable[Fault]) -> list[QuestionRow]:
    """Put each fault of the questions (`questions.0.label`) at its row."""
    found = list(typed)
    for fault in faults:
        kind, _, rest = fault.field.partition(".")
        number = rest.split(".")[0]
        if kind == "questions" and number.isdigit():
            row = found[int(number)]
            found[int(number)] = replace(row, faults=[*row.faults, fault.message])
    return found


def key_from(label: str, taken: set[str]) -> str:
    """Make a key from a label: small letters, digits and underscores, a letter first."""
    stem = re.sub(r"[^a-z0-9]+", "_", slug_from(label)).strip("_")[:40] or "question"
    stem = stem if stem[0].isalpha() else f"q_{stem}"
    numbered = (stem if count == 1 else f"{stem}_{count}" for count in range(1, len(taken) + 2))
    return next(key for key in numbered if key not in taken)


def _options(row: QuestionRow) -> list[str]:
    if row.kind not in {CHOICE, CHOICES}:
        return []
    return [line.strip() for line in row.options.splitlines() if line.strip()]


def _moved(found: list[QuestionRow], move: str) -> list[QuestionRow]:
    """Swap a row with its neighbour, by `3:up` or `3:down`, counted from 0."""
    number, _, way = move.partition(":")
    if not number.isdecimal() or way not in {UP, DOWN}:
        return found
    here = int(number)
    there = here - 1 if way == UP else here + 1
    if max(here, there) < len(found) and there >= 0:
        found[here], found[there] = found[there], found[here]
    return found
