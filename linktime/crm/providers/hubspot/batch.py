"""Many records in one request. Each input bears a trace id of its own, so that one that is refused spoils no other.

HubSpot may still refuse a whole batch (a conflict, an id that is not there): then it is halved until the one that is
at fault stands alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from linktime.crm.contract import CrmError, Gone, Rejected, Session, TryAgain, Uncertain
from linktime.crm.providers.hubspot.client import JSON, send
from linktime.crm.providers.hubspot.errors import INTERNAL, of_record

LARGEST = 100
BREAKDOWN = 2

Row = Mapping[str, Any]
Told = tuple[str, Row | CrmError]


@dataclass
class Batch:
    """One kind of write: `path`, whether it `creates`, and the property by which a row without trace id is known."""

    session: Session
    path: str
    known_by: str
    creates: bool = False
    _failed: int = field(default=0, init=False)
    _worked: bool = field(default=False, init=False)
    _suspects: list[tuple[str, TryAgain]] = field(default_factory=list, init=False)

    def write(self, inputs: Mapping[str, JSON]) -> Iterator[list[Told]]:
        """Yield what each answer told: trace id and row, or error. What concerns all that are left is raised."""
        for some in batched(inputs, LARGEST, strict=False):
            yield from self._write({trace: inputs[trace] for trace in some})
        for _, error in self._suspects:
            raise error  # nothing worked: it is no one record's fault

    def _write(self, inputs: Mapping[str, JSON]) -> Iterator[list[Told]]:
        try:
            answer = send(self.session, "POST", self.path, _body(inputs), creates=self.creates)
        except (Rejected, Gone) as error:
            if len(inputs) == 1:
                yield [(trace, error) for trace in inputs]
            else:
                yield from self._halved(inputs)
        except TryAgain as error:
            yield from self._narrowed(inputs, error)
        else:
            self._worked = True
            yield self._found_guilty()
            yield from self._read(inputs, answer)

    def _halved(self, inputs: Mapping[str, JSON]) -> Iterator[list[Told]]:
        traces = list(inputs)
        for half in (traces[: len(traces) // 2], traces[len(traces) // 2 :]):
            yield from self._write({trace: inputs[trace] for trace in half})

    def _narrowed(self, inputs: Mapping[str, JSON], error: TryAgain) -> Iterator[list[Told]]:
        """Take an internal error for one record's fault, until it happens too often for that; raise all else."""
        self._failed += 1
        if error.code != INTERNAL or (self._failed > BREAKDOWN * LARGEST.bit_length() and not self._worked):
            raise error
        if len(inputs) > 1:
            yield from self._halved(inputs)
            return
        self._suspects += [(trace, error) for trace in inputs]
        yield self._found_guilty()

    def _found_guilty(self) -> list[Told]:
        """Return the records that broke HubSpot, as soon as it is known that others do not."""
        if not self._worked:
            return []
        suspects, self._suspects = self._suspects, []
        return [(trace, TryAgain(error.message, code=error.code, after=error.after)) for trace, error in suspects]

    def _read(self, inputs: Mapping[str, JSON], answer: JSON) -> Iterator[list[Told]]:
        rows, errors = answer.get("results") or [], answer.get("errors") or []
        found: dict[str, Row | CrmError] = {self._trace(inputs, row): row for row in rows}
        for error in errors:
            found |= dict.fromkeys(_traces(inputs, error), of_record(error))
        yield [(trace, found[trace]) for trace in inputs if trace in found]
        missing = {trace: one for trace, one in inputs.items() if trace not in found}
        if len(inputs) == 1 and errors:
            yield [(trace, of_record(errors[0])) for trace in missing]
        elif len(inputs) == 1 or (self.creates and "" in found):
            yield [(trace, Uncertain("HubSpot's answer leaves this record out")) for trace in missing]
        else:  # not done, and not told why: alone it will be
            for trace, one in missing.items():
                yield from self._write({trace: one})

    def _trace(self, inputs: Mapping[str, JSON], row: Row) -> str:
        """Find the input of a row; the empty text when there is none."""
        trace = next(iter(inputs)) if len(inputs) == 1 else row.get("objectWriteTraceId")
        if trace in inputs:
            return str(trace)
        value = _value(row.get("properties") or {}, self.known_by) or str(row.get("id"))
        same = (
            key for key, one in inputs.items() if value in (_value(one["properties"], self.known_by), one.get("id"))
        )
        return next(same, "")


def read(session: Session, path: str, ids: Iterable[str], **more: Any) -> list[Row]:
    """Read many records; those that are not there are left out."""
    rows: list[Row] = []
    for some in batched(dict.fromkeys(ids), LARGEST, strict=False):
        body = {"inputs": [{"id": one} for one in some], "propertiesWithHistory": [], **more}
        rows += send(session, "POST", path, body).get("results", ())
    return rows


def _body(inputs: Mapping[str, JSON]) -> JSON:
    return {"inputs": [{**one, "objectWriteTraceId": trace} for trace, one in inputs.items()]}


def _traces(inputs: Mapping[str, JSON], error: Row) -> Sequence[str]:
    """Return which inputs an error of a batch is about; it names their trace ids, or the records' ids."""
    context = error.get("context") or {}
    named = [trace for trace in context.get("objectWriteTraceId", ()) if trace in inputs]
    ids = {str(one) for one in context.get("ids", ())}
    return named or [trace for trace, one in inputs.items() if one.get("id") in ids]


def _value(properties: Mapping[str, Any], name: str) -> str:
    return str(properties.get(name) or "").lower()
