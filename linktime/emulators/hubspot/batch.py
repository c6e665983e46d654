"""What all batches have in common: how many inputs, which are refused, and the shape of the answer.

An input that is refused fails the whole batch, unless every input has an `objectWriteTraceId` of its own: then the
others are done, and the answer is 207 (seen at batch upsert).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from linktime.emulators.hubspot.account import Account
from linktime.emulators.hubspot.calls import Answer, Call
from linktime.emulators.hubspot.errors import ApiError, Conflict, lacking, unreadable
from linktime.emulators.hubspot.store import Record

LARGEST = 100
MULTI_STATUS = 207
NOT_FOUND = 404

JSON = dict[str, Any]
Planner = Callable[[JSON], Callable[[], Record]]
Shown = Callable[[JSON, Record], JSON]


def inputs_of(call: Call, *required: str, largest: int = LARGEST) -> list[JSON]:
    inputs = call.wish("inputs")["inputs"]
    if not isinstance(inputs, list) or not all(isinstance(one, dict) for one in inputs):
        raise unreadable("on line 1, column 11: `inputs` is a list of objects")
    if len(inputs) > largest:
        raise ApiError(f"The maximum number of inputs supported in a batch request is {largest}")
    for one in inputs:
        absent = [name for name in required if name not in one]
        if absent:
            raise lacking(*absent)
    return inputs


def check_unique(ids: Sequence[str]) -> None:
    twice = sorted(one for one, count in Counter(one.lower() for one in ids).items() if count > 1)
    if twice:
        text = f"Duplicate IDs found in batch input: [{', '.join(twice)}]. IDs must be unique"
        raise ApiError(text, context={"ids": twice})


def carry_out(account: Account, inputs: list[JSON], plan: Planner, show: Shown, status: int) -> Answer:
    """Plan every input, then do what can be done."""
    partly = _traceable(inputs)
    ready: list[tuple[JSON, Callable[[], Record]]] = []
    errors: list[JSON] = []
    for one in inputs:
        try:
            ready.append((one, plan(one)))
        except Conflict:
            raise
        except ApiError as error:
            if error.status == NOT_FOUND or not (partly or error.status == MULTI_STATUS):
                raise
            errors.append(error.of_input(one.get("objectWriteTraceId")))
    rows = [show(one, make()) for one, make in ready]
    return Answer(MULTI_STATUS if errors else status, finished(account, account.shuffled(rows), errors))


def traced(one: JSON, row: JSON) -> JSON:
    """Give the result the trace id of its input."""
    return row | ({"objectWriteTraceId": one["objectWriteTraceId"]} if one.get("objectWriteTraceId") else {})


def finished(account: Account, rows: list[JSON], errors: list[JSON]) -> JSON:
    now = account.now
    answer: JSON = {"status": "COMPLETE", "results": rows, "startedAt": now, "completedAt": now}
    return answer | ({"numErrors": len(errors), "errors": errors} if errors else {})


def _traceable(inputs: list[JSON]) -> bool:
    traces = [one.get("objectWriteTraceId") for one in inputs]
    return all(traces) and len(set(traces)) == len(traces)
