"""The kinds of value that the API takes and gives: strict in, one form out."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonValue,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from linktime.core import text
from linktime.core.errors import Invalid

EARLIEST_YEAR, LATEST_YEAR = 1970, 2999  # far from both ends of `datetime`, so that sums never overflow
LONGEST_SLUG = 100
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Shape(BaseModel):
    """A request body. No type is converted, and a field that we don't know is a fault."""

    model_config = ConfigDict(strict=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class DescribedBy:
    """An object that the domain checks as a whole, so that all its faults are told at once; `model` is its OpenAPI."""

    model: type[BaseModel]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler(source)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self.model.__pydantic_core_schema__)


def instant(value: object) -> datetime:
    """Read an RFC 3339 instant; one without an offset could be any of 38 and is refused."""
    if not isinstance(value, str):
        raise PydanticCustomError("wrong_type", "Give an instant as text, like 2026-11-30T09:00:00Z")
    if not _INSTANT.fullmatch(value):
        raise PydanticCustomError(
            "invalid_instant", "Give an instant with its offset, like 2026-11-30T09:00:00Z (a + in a URL is %2B)"
        )
    try:
        return _within_reach(datetime.fromisoformat(value.upper())).astimezone(UTC)
    except ValueError as error:
        raise PydanticCustomError("invalid_instant", "There is no such date or time") from error


def ruled[T](rule: Callable[[Any], T]) -> Callable[[Any], T]:
    """Let a rule of the domain (`core.text`) check a parameter."""

    def check(value: Any) -> T:
        try:
            return rule(value)
        except Invalid as error:
            raise PydanticCustomError(error.faults[0].code, "{why}", {"why": error.detail}) from error

    return check


def day(value: str) -> date | None:
    """Read a calendar date, or return None for what is not written as one."""
    if not _DAY.fullmatch(value):
        return None
    try:
        return _within_reach(date.fromisoformat(value))
    except ValueError as error:
        raise PydanticCustomError("invalid_date", "There is no such date") from error


def _within_reach[D: date](moment: D) -> D:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"only years from {EARLIEST_YEAR} to {LATEST_YEAR}")
    return moment


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


_DATE_TIME = WithJsonSchema({"type": "string", "format": "date-time"})
Instant = Annotated[datetime, PlainValidator(instant), _DATE_TIME]
Moment = Annotated[datetime, PlainSerializer(shown, return_type=str), _DATE_TIME]


def parse_json(raw: bytes) -> Any:
    """Parse strict JSON: UTF-8, and only numbers that JSON has. Raises ValueError for everything else."""
    try:
        return json.loads(raw.decode(), parse_constant=_refuse, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of range")
    return number


def _storable(value: str) -> str:
    """Refuse what no database can keep: a null byte, or half of a surrogate pair."""
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise PydanticCustomError("invalid_text", "This text has a character that can't be stored")
    return value


def _storable_json(value: Any) -> Any:
    if isinstance(value, str):
        _storable(value)
    elif isinstance(value, list):
        for item in value:
            _storable_json(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            _storable(name)
            _storable_json(item)
    return value


def _reference(value: object) -> int | str:
    """Read what names an event type: its id or its slug."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("wrong_type", "Give an id or a slug")
    if isinstance(value, str) and len(value) > LONGEST_SLUG:
        raise PydanticCustomError("too_long", "A slug has at most 100 characters")
    return _storable(value) if isinstance(value, str) else value


Text = Annotated[str, AfterValidator(_storable)]
Zone = Annotated[str, AfterValidator(ruled(text.time_zone))]
Reference = Annotated[
    int | str, PlainValidator(_reference), WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}]})
]
Json = Annotated[JsonValue, AfterValidator(_storable_json)]
