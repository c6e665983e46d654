"""What people may see of what was said to a CRM. Pure: `tests/test_masking.py` is its truth table.

Nothing is shown unless it is listed here: the names of fields are, and the values of a few of them that are words of
the service and not of people. Every other value is replaced by what kind of thing it is and how long.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from linktime.core.redaction import redacted
from linktime.core.watch import route_of

# Keys whose values are shown, in lower case: codes, states, names of fields and of kinds of records.
_CODES = (
    "code errorcode statuscode status_code httpstatuscode status type category subcategory policyname success active "
    "errortype field fields propertyname property attribute idproperty matching_attribute method referenceid sobject "
    "object_type allornone collatesubrequests done totalsize limit offset duplicaterule allowsave matchengine "
    "parent_object format"
)
# And where they look like a record's id: letters, digits and dashes.
_IDS = (
    "id whoid ownerid record_id note_id workspace_id parent_record_id meeting_id toobjectid correlationid "
    "objectwritetraceid"
)
CODES, IDS = frozenset(_CODES.split()), frozenset(_IDS.split())
MESSAGES = frozenset({"message", "errormessage", "error_description"})
ADDRESSES = frozenset({"url", "nextrecordsurl"})

LONGEST_MESSAGE = 500
MOST_VALUES = 80  # of one body: what comes after them is counted, not shown
MOST_IN_LIST = 5
DEEPEST = 12
SHORTEST_WORD = 2

_CODE = re.compile(r"[\w.:/ -]{0,80}")
_ID = re.compile(r"(?=.*\d)[A-Za-z0-9-]{1,40}")
_KEY = re.compile(r"[\w.-]{1,80}")


def route(path: str) -> str:
    """Return a path below a service's address without ids and query."""
    return route_of(f"https://service{path}") + ("?…" if "?" in path else "")


def message(text: str, private: Collection[str] = ()) -> str:
    """Return a message of a CRM without addresses, numbers, and the `private` texts."""
    for word in sorted(private, key=len, reverse=True):
        if len(word) >= SHORTEST_WORD:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "[…]", text)
    text = redacted(text)
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}…"


def body(content: Any, private: Collection[str] = (), *, about: str = "") -> Any:
    """Return JSON with its values masked, and no more of it than people read.

    Of a long list those entries are kept that say `about`, which is an error's code; else the first.
    """
    return _Masked(private, about).value("", content)


class _Masked:
    """One body: how much of it has been shown."""

    def __init__(self, private: Collection[str], about: str) -> None:
        self._private = private
        self._about = about
        self._left = MOST_VALUES
        self._depth = 0

    def value(self, key: str, value: Any) -> Any:
        self._left -= 1
        if isinstance(value, Mapping | list | tuple):
            return self._within(key, value)
        return value if value is None or isinstance(value, bool) else self._plain(key.lower(), value)

    def _within(self, key: str, value: Mapping[str, Any] | Sequence[Any]) -> Any:
        if self._depth == DEEPEST:
            return "…"
        self._depth += 1
        shown = self._mapping(value) if isinstance(value, Mapping) else self._list(key, value)
        self._depth -= 1
        return shown

    def _plain(self, key: str, value: Any) -> Any:
        text = str(value)
        if key in MESSAGES:
            return message(text, self._private)
        if key in ADDRESSES:
            return route(text.partition("://")[2].partition("/")[2] if "://" in text else text)
        if (key in CODES and _CODE.fullmatch(text)) or (key in IDS and _ID.fullmatch(text)):
            return value
        return "(a number)" if isinstance(value, int | float) else f"({_length(text)})"

    def _mapping(self, value: Mapping[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for key, entry in value.items():
            if self._left <= 0:
                shown["…"] = f"{len(value) - len(shown)} more"
                break
            shown[key if _KEY.fullmatch(key) else f"({_length(key)})"] = self.value(key, entry)
        return shown

    def _list(self, key: str, value: Sequence[Any]) -> list[Any]:
        telling = [entry for entry in value if self._about and _says(entry, self._about)]
        kept = list(value if len(value) <= MOST_IN_LIST else telling[:1] or value[:1])
        shown = [self.value(key, entry) for entry in kept if self._left > 0]
        return [*shown, f"… {len(value) - len(shown)} more"] if len(value) > len(shown) else shown


def _says(entry: Any, code: str, depth: int = DEEPEST) -> bool:
    """Say whether a code stands somewhere within."""
    if isinstance(entry, Mapping | list | tuple):
        parts = entry.values() if isinstance(entry, Mapping) else entry
        return depth > 0 and any(_says(part, code, depth - 1) for part in parts)
    return bool(entry == code)


def _length(text: str) -> str:
    return "1 character" if len(text) == 1 else f"{len(text)} characters"
