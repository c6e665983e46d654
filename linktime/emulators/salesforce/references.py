"""References of a composite's subrequests to the answers before them: `@{refContact.records[0].Id}`."""

import re
from typing import Any

from linktime.emulators.salesforce.calls import Answer
from linktime.emulators.salesforce.errors import RestError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")
_REFERENCE = re.compile(r"@\{([^}]*)\}")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


def resolve(value: Any, answers: dict[str, Answer]) -> Any:
    """Put the answers' values in place of references, in texts at any depth."""
    if isinstance(value, dict):
        return {key: resolve(item, answers) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, answers) for item in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _look_up(whole[1], answers)
    return _REFERENCE.sub(lambda match: str(_look_up(match[1], answers) or ""), value)


def refers(value: Any) -> bool:
    """Say whether a text at any depth refers to an answer."""
    if isinstance(value, dict):
        return any(map(refers, value.values()))
    if isinstance(value, list):
        return any(map(refers, value))
    return isinstance(value, str) and _REFERENCE.search(value) is not None


def _look_up(reference: str, answers: dict[str, Answer]) -> Any:
    """The value that a reference means; its path is case-sensitive."""
    name = re.split(r"[.\[]", reference, maxsplit=1)[0]
    answer = answers.get(name)
    if answer is None or answer.failed:
        raise _invalid(reference, name)
    value, path = answer.body, reference[len(name) :]
    for step in _STEP.finditer(path):
        value = _step(value, step, reference, name)
    if "".join(step[0] for step in _STEP.finditer(path)) != path:
        raise _invalid(reference, name)
    return value


def _step(value: Any, step: re.Match[str], reference: str, name: str) -> Any:
    key, place = step.groups()
    if key is not None and isinstance(value, dict) and key in value:
        return value[key]
    if place is not None and isinstance(value, list) and int(place) < len(value):
        return value[int(place)]
    raise _invalid(reference, name)


def _invalid(reference: str, name: str) -> RestError:
    message = (
        f"Invalid reference specified. No value for {reference} found in {name}. Provided referenceId ('{reference}') "
        "must start with a letter or a number, and it can contain only letters, numbers and underscores ('_')."
    )
    return RestError("PROCESSING_HALTED", message)
