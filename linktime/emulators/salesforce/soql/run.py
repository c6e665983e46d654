"""A query's rows."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from linktime.emulators.salesforce.errors import RestError
from linktime.emulators.salesforce.ids import canonical
from linktime.emulators.salesforce.objects import EVENT
from linktime.emulators.salesforce.schema import Field, Schema, SObject
from linktime.emulators.salesforce.soql.errors import at_place, malformed
from linktime.emulators.salesforce.soql.literals import value_of
from linktime.emulators.salesforce.soql.match import compile_condition, find_field, normal
from linktime.emulators.salesforce.soql.query import And, Comparison, Condition, Query, Sort
from linktime.emulators.salesforce.store import INDEXED, Record, Store

UNSORTABLE = {"textarea", "junctionidlist"}


@dataclass(frozen=True)
class Result:
    sobject: SObject
    fields: tuple[Field, ...]
    """Empty for COUNT()."""
    records: list[Record]


def run(query: Query, *, schema: Schema, store: Store, hidden: "Hidden", shuffle: random.Random | None) -> Result:
    """Find, sort and cut; without an order rows come as `shuffle` has it, as no order is promised."""
    sobject = schema.find(query.sobject)
    if sobject is None:
        raise _no_such_type(query)
    fields = _selected(query, sobject)
    matches = compile_condition(query, sobject)
    sorts = [(sort, _sortable(query, sort, sobject)) for sort in query.order]
    records = [record for record in _candidates(query, sobject, store) if not hidden(record) and matches(record)]
    if shuffle:
        shuffle.shuffle(records)
    for sort, field in reversed(sorts):
        records = _sorted(records, sort, field.name)
    return Result(sobject, fields, records[query.offset :][: query.limit])


class Hidden:
    """Which rows a query doesn't see: /query hides what is deleted, merged or archived, /queryAll hides nothing."""

    def __init__(self, *, everything: bool, archived_until: str) -> None:
        self.everything, self.archived_until = everything, archived_until

    def __call__(self, record: Record) -> bool:
        return not self.everything and (bool(record.get("IsDeleted")) or self.archived(record))

    def archived(self, record: Record) -> bool:
        """Events of a year ago and older are archived (Object Reference: archived activities)."""
        day = record.get("ActivityDate")
        return bool(day and record["Id"].startswith(EVENT.prefix) and day <= self.archived_until)


def _no_such_type(query: Query) -> RestError:
    message = f"sObject type '{query.sobject}' is not supported. If you are attempting to use a custom object, be sure "
    message += "to append the '__c' after the entity name. Please reference your WSDL or the describe call for the "
    message += "appropriate names."
    return at_place("INVALID_TYPE", query.text, query.sobject, message)


def _selected(query: Query, sobject: SObject) -> tuple[Field, ...]:
    fields = tuple(find_field(query, name, sobject) for name in query.fields)
    names = [field.name for field in fields]
    for name in names:
        if names.count(name) > 1:
            raise malformed(f"duplicate field selected: {name}")
    return fields


def _sortable(query: Query, sort: Sort, sobject: SObject) -> Field:
    field = find_field(query, sort.field, sobject)
    if field.type in UNSORTABLE:
        message = f"field '{field.name}' can not be sorted in a query call"
        raise at_place("INVALID_FIELD", query.text, sort.field, message)
    return field


def _sorted(records: list[Record], sort: Sort, name: str) -> list[Record]:
    def key(record: Record) -> Any:
        return normal(record[name])

    empty = [record for record in records if normal(record.get(name)) is None]
    filled = sorted((r for r in records if normal(r.get(name)) is not None), key=key, reverse=sort.descending)
    return filled + empty if sort.nulls_last else empty + filled


def _candidates(query: Query, sobject: SObject, store: Store) -> Iterable[Record]:
    """The records that an index leaves, or all."""
    indexed = {name.lower(): name for name in (*INDEXED.get(sobject.name, ()), "Id")}
    for comparison in _demanded(query.where):
        name = indexed.get(comparison.field.lower())
        if name and comparison.operator in ("=", "IN"):
            values = [value_of(literal) for literal in comparison.literals]
            if all(values):
                return _looked_up(store, sobject.name, name, [str(value) for value in values])
    return store.all(sobject.name)


def _looked_up(store: Store, sobject: str, name: str, values: list[str]) -> list[Record]:
    wanted = dict.fromkeys((canonical(value) or value).lower() for value in values)
    if name == "Id":
        found = (store.get(sobject, record_id) for record_id in dict.fromkeys(map(canonical, values)) if record_id)
        return [record for record in found if record]
    return [record for value in wanted for record in store.with_value(sobject, name, value)]


def _demanded(condition: Condition | None) -> list[Comparison]:
    """The comparisons that every row must meet."""
    if isinstance(condition, Comparison):
        return [condition]
    if isinstance(condition, And):
        return [part for part in condition.parts if isinstance(part, Comparison)]
    return []
