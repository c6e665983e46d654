"""The records of an organisation, in memory, with what a roll-back needs and an index for the usual look-ups.

A record is a dict of a field's name to its value as JSON has it; it is replaced, never changed in place.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from linktime.emulators.salesforce.ids import canonical

Record = dict[str, Any]
Key = tuple[str, str]

INDEXED = {"Contact": ("Email",), "Lead": ("Email",), "User": ("Email",), "Event": ("WhoId",)}


class RolledBack(Exception):
    """Raised inside a transaction to undo it."""


class Store:
    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Record]] = defaultdict(dict)
        self._indexes: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        self._journal: list[tuple[Key, Record | None]] = []
        self._depth = 0
        self.revision = 0

    def get(self, sobject: str, record_id: str) -> Record | None:
        return self._tables[sobject].get(record_id)

    def by_any_id(self, sobject: str, record_id: str) -> Record | None:
        """Find a record by the short or the long form of its id."""
        full = canonical(record_id)
        return self.get(sobject, full) if full else None

    def all(self, sobject: str) -> Iterable[Record]:
        return self._tables[sobject].values()

    def put(self, sobject: str, record: Record) -> None:
        self._replace((sobject, record["Id"]), record)

    def remove(self, sobject: str, record_id: str) -> None:
        """Take a record away for good, as emptying the recycle bin does."""
        self._replace((sobject, record_id), None)

    def with_value(self, sobject: str, field: str, value: str) -> Iterator[Record]:
        """The records with this value in an indexed field, whatever its case."""
        table = self._tables[sobject]
        return (table[record_id] for record_id in sorted(self._indexes.get((sobject, field, value.lower()), ())))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything or nothing; a transaction may lie inside another. RolledBack ends here."""
        mark = len(self._journal)
        self._depth += 1
        try:
            yield
        except RolledBack:
            self._undo(mark)
        except BaseException:
            self._undo(mark)
            raise
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._journal.clear()

    def dump(self) -> dict[str, list[Record]]:
        return {sobject: list(table.values()) for sobject, table in self._tables.items()}

    def load(self, tables: dict[str, list[Record]]) -> None:
        for sobject, records in tables.items():
            for record in records:
                self.put(sobject, record)

    def _undo(self, mark: int) -> None:
        while len(self._journal) > mark:
            key, before = self._journal.pop()
            self._replace(key, before)
            self._journal.pop()

    def _replace(self, key: Key, record: Record | None) -> None:
        table = self._tables[key[0]]
        before = table.pop(key[1], None) if record is None else table.get(key[1])
        if record is not None:
            table[key[1]] = record
        self._reindex(key, before, record)
        if self._depth:
            self._journal.append((key, before))
        self.revision += 1

    def _reindex(self, key: Key, before: Record | None, after: Record | None) -> None:
        for field in INDEXED.get(key[0], ()):
            if before and before.get(field):
                self._indexes[key[0], field, before[field].lower()].discard(key[1])
            if after and after.get(field):
                self._indexes[key[0], field, after[field].lower()].add(key[1])
