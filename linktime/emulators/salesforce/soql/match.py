"""A condition as a function of a record; what a field's type doesn't allow is refused first."""

import operator
import re
from collections.abc import Callable
from typing import Any

from lark import Token

from linktime.emulators.salesforce.errors import RestError
from linktime.emulators.salesforce.ids import canonical
from linktime.emulators.salesforce.schema import Field, SObject
from linktime.emulators.salesforce.soql.errors import at_place, no_such_column
from linktime.emulators.salesforce.soql.literals import like_pattern, value_of
from linktime.emulators.salesforce.soql.query import And, Comparison, Condition, Not, Or, Query
from linktime.emulators.salesforce.store import Record

Predicate = Callable[[Record], bool]

ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
QUOTED = {"id", "reference", "string", "textarea", "email", "phone", "url", "picklist", "combobox"}
UNQUOTED = {
    "datetime": ("DATETIME",),
    "date": ("DATE",),
    "boolean": ("BOOLEAN",),
    "int": ("NUMBER",),
    "double": ("NUMBER",),
}
TYPE_NAMES = {"datetime": "dateTime"}


def find_field(query: Query, name: Token, sobject: SObject) -> Field:
    """The field of this name, which the user may see."""
    if "." in name:
        first = name.partition(".")[0]
        message = f"Didn't understand relationship '{first}' in field path. If you are attempting to use a custom "
        message += "relationship, be sure to append the '__r' after the custom relationship name."
        raise at_place("INVALID_FIELD", query.text, name, message)
    field = sobject.field(name)
    if field is None:
        raise no_such_column(query.text, name, sobject.name)
    return field


def compile_condition(query: Query, sobject: SObject) -> Predicate:
    return _Compiler(query, sobject).condition(query.where) if query.where else lambda _record: True


class _Compiler:
    def __init__(self, query: Query, sobject: SObject) -> None:
        self.query, self.sobject = query, sobject

    def condition(self, condition: Condition) -> Predicate:
        if isinstance(condition, Comparison):
            return self.comparison(condition)
        if isinstance(condition, Not):
            part = self.condition(condition.part)
            return lambda record: not part(record)
        parts = [self.condition(part) for part in condition.parts]
        if isinstance(condition, And):
            return lambda record: all(part(record) for part in parts)
        assert isinstance(condition, Or)  # noqa: S101 - for the type checker
        return lambda record: any(part(record) for part in parts)

    def comparison(self, comparison: Comparison) -> Predicate:
        field = find_field(self.query, comparison.field, self.sobject)
        if not field.filterable:
            message = f"field '{field.name}' can not be filtered in a query call"
            raise at_place("INVALID_FIELD", self.query.text, comparison.field, message)
        for literal in comparison.literals:
            self.check_kind(field, comparison, literal)
        name = field.name
        if comparison.operator == "LIKE":
            pattern = self.like(field, comparison)
            return lambda record: bool(pattern.fullmatch(record.get(name) or ""))
        values = [self.value(field, literal) for literal in comparison.literals]
        return _compare(name, comparison.operator, values)

    def check_kind(self, field: Field, comparison: Comparison, literal: Token) -> None:
        """A literal must be of the field's type (SOQL and SOSL reference: fieldExpression)."""
        if literal.type == "NULL":
            return
        quoted = field.type in QUOTED
        if literal.type in (("STRING",) if quoted else UNQUOTED[field.type]):
            return
        kind = TYPE_NAMES.get(field.type, field.type if not quoted else "string")
        message = f"value of filter criterion for field '{field.name}' must be of type {kind} and should "
        message += "be enclosed in quotes" if quoted else "not be enclosed in quotes"
        raise at_place("INVALID_FIELD", self.query.text, comparison.field, message)

    def like(self, field: Field, comparison: Comparison) -> re.Pattern[str]:
        if field.type in ("id", "reference") or field.type not in QUOTED:
            message = f"invalid operator on {field.type} field"
            raise at_place("INVALID_QUERY_FILTER_OPERATOR", self.query.text, comparison.field, message)
        return like_pattern(comparison.literals[0])

    def value(self, field: Field, literal: Token) -> Any:
        value = value_of(literal)
        if field.type not in ("id", "reference") or value in (None, ""):
            return normal(value)
        record_id = canonical(str(value))
        if record_id is None:
            raise RestError("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {value}")
        return normal(record_id)


def normal(value: Any) -> Any:
    """Text compares without regard to case, and an empty text is no value."""
    return value.lower() or None if isinstance(value, str) else value


def _compare(name: str, operation: str, values: list[Any]) -> Predicate:
    if operation in ("=", "IN"):
        wanted = set(values)
        return lambda record: normal(record.get(name)) in wanted
    if operation in ("!=", "NOT IN"):
        unwanted = set(values)
        return lambda record: normal(record.get(name)) not in unwanted
    compare, bound = ORDERINGS[operation], values[0]

    def ordered(record: Record) -> bool:
        value = normal(record.get(name))
        return value is not None and bound is not None and compare(value, bound)

    return ordered
