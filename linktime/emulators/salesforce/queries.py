"""Queries in pages (REST guide: query, queryAll, query more results)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linktime.emulators.salesforce.calls import Answer, Call
from linktime.emulators.salesforce.errors import RestError
from linktime.emulators.salesforce.organisation import Organisation
from linktime.emulators.salesforce.rows import render
from linktime.emulators.salesforce.soql.parse import parse
from linktime.emulators.salesforce.soql.run import Result, run

SMALLEST_BATCH, LARGEST_BATCH = 200, 2_000
CURSOR_LIFE = timedelta(days=2)
_BATCH_SIZE = re.compile(r"batchSize\s*=\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Cursor:
    org: Organisation
    result: Result
    batch: int
    made: datetime


class Queries:
    """Runs queries and remembers those with more rows than one answer holds."""

    def __init__(self) -> None:
        self._cursors: dict[str, Cursor] = {}

    def query(self, call: Call) -> Answer:
        return self._run(call, everything=False)

    def query_all(self, call: Call) -> Answer:
        return self._run(call, everything=True)

    def more(self, call: Call, locator: str) -> Answer:
        """The rows from a place on: `01g…-2000`."""
        name, _, start = locator.partition("-")
        cursor = self._cursors.get(name)
        if cursor is None or not start.isdigit() or cursor.org is not call.org:
            raise RestError("INVALID_QUERY_LOCATOR", "invalid query locator")
        if call.org.clock() - cursor.made > CURSOR_LIFE:
            raise RestError("INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(call, cursor.result, name, int(start), cursor.batch)

    def clear(self) -> None:
        self._cursors.clear()

    def _run(self, call: Call, *, everything: bool) -> Answer:
        if "q" not in call.query:
            raise RestError("MALFORMED_QUERY", "SOQL statement is required")
        org = call.org
        shuffle = org.rng if org.settings["shuffle_queries"] else None
        query = parse(call.query["q"])
        result = run(
            query, schema=org.schema, store=org.store, hidden=org.hidden(everything=everything), shuffle=shuffle
        )
        batch = _batch_size(call)
        more = bool(result.fields) and len(result.records) > batch
        name = self._remember(call, result, batch) if more else ""
        return self._page(call, result, name, 0, batch)

    def _remember(self, call: Call, result: Result, batch: int) -> str:
        name = call.org.new_id("01g")
        self._cursors[name] = Cursor(call.org, result, batch, call.org.clock())
        return name

    def _page(self, call: Call, result: Result, name: str, start: int, batch: int) -> Answer:
        page = result.records[start : start + batch] if result.fields else []
        rows = [render(call.org, result.sobject, record, result.fields, call.base) for record in page]
        done = not result.fields or start + batch >= len(result.records)
        body: dict[str, Any] = {"totalSize": len(result.records), "done": done}
        if not done:
            body["nextRecordsUrl"] = f"{call.base}/query/{name}-{start + batch}"
        return Answer(200, body | {"records": rows})


def _batch_size(call: Call) -> int:
    found = _BATCH_SIZE.search(call.headers.get("sforce-query-options", ""))
    wish = int(found[1]) if found else LARGEST_BATCH
    return min(max(wish, SMALLEST_BATCH), LARGEST_BATCH)
