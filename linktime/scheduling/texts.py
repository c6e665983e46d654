"""What an event type's mails say instead of the usual: `{"reminder": {"subject": text, "body": text}}`.

An empty subject or body leaves the usual one. Placeholders are those of `core/placeholders.py`: others are refused, and
whoever shows or sends a text fills them in.
"""

from collections.abc import Mapping
from typing import Any

from linktime.core import text
from linktime.core.faults import Faults
from linktime.core.placeholders import OwnText, check
from linktime.core.values import record

KINDS = ("confirmation", "change", "cancellation", "reminder", "follow_up")
LONGEST_SUBJECT = 200


def clean(value: Any) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = {}
    with Faults() as faults:
        for kind, entry in record(value or {}, KINDS).items():
            with faults.at(kind):
                kept[kind] = _text(entry or {})
    return {kind: entry for kind, entry in kept.items() if any(entry.values())}


def of(texts: Mapping[str, Any], kind: str) -> OwnText:
    """Return what an event type's `texts` have for a kind of mail."""
    return OwnText(**texts.get(kind, {}))


def _text(value: Any) -> dict[str, str]:
    subject = body = ""
    with Faults() as faults:
        entry = record(value, ("subject", "body"))
        with faults.at("subject"):
            subject = check(text.line(entry.get("subject"), at_most=LONGEST_SUBJECT, required=False))
        with faults.at("body"):
            body = check(text.lines(entry.get("body")))
    return {"subject": subject, "body": body}
