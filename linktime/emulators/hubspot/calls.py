"""A call of the API and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from linktime.emulators.hubspot.account import Account
from linktime.emulators.hubspot.errors import ApiError, lacking, not_found, unreadable
from linktime.emulators.hubspot.properties import ObjectType, type_of

JSON = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """`place` are the variable parts of the address, `site` is where people see the records."""

    account: Account
    method: str
    place: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: Any
    site: str

    def kind(self, name: str = "kind") -> ObjectType:
        found = type_of(self.place[name])
        if found is None:
            raise ApiError(f"Unable to infer object type from: {self.place[name]}")
        return found

    def wish(self, *required: str) -> JSON:
        """The body, an object that has these."""
        if not isinstance(self.body, dict):
            raise unreadable("on line 1, column 0: an object is expected")
        absent = [name for name in required if name not in self.body]
        if absent:
            raise lacking(*absent)
        return self.body

    def words(self, name: str) -> list[str]:
        """A list of the query, given with commas or repeated."""
        return [word for text in self.query.get(name, ()) for word in text.split(",") if word]

    def flag(self, name: str) -> bool:
        return self.query.get(name, ["false"])[-1].lower() == "true"

    def number(self, name: str, default: int) -> int:
        text = self.query.get(name, [str(default)])[-1]
        if not text.isdigit():
            raise ApiError(f"Unable to parse value for query parameter: {name}")
        return int(text)

    def require(self, found: Any) -> Any:
        if found is None:
            raise not_found()
        return found


def texts_of(given: Any, where: str = "properties") -> dict[str, str]:
    """The properties of an input, which are texts and nothing else."""
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise unreadable(f"on line 1, column 17: `{where}` is an object of strings")
    return given


def text_of(given: JSON, name: str) -> str:
    if not isinstance(given.get(name), str):
        raise lacking(name) if name not in given else unreadable(f"on line 1, column 17: `{name}` is a string")
    return str(given[name])
