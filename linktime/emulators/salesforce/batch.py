"""Independent calls in one (REST guide: batch)."""

from collections.abc import Callable
from typing import Any

from linktime.emulators.salesforce.calls import Answer, Call
from linktime.emulators.salesforce.errors import RestError, unreadable

MOST_PARTS = 25
HALTED = [{"errorCode": "BATCH_PROCESSING_HALTED", "message": "Batch processing halted per request"}]


def batch(call: Call, dispatch: Callable[[Call], Answer]) -> Answer:
    """Run one after the other; with haltOnError nothing runs after the first that failed."""
    results: list[dict[str, Any]] = []
    failed = False
    for part in parts(call):
        if failed and call.json_object().get("haltOnError") is True:
            results.append({"statusCode": 412, "result": HALTED})
            continue
        answer = dispatch(_part(call, part))
        failed = failed or answer.failed
        results.append({"statusCode": answer.status, "result": answer.body})
    return Answer(200, {"hasErrors": failed, "results": results})


def parts(call: Call) -> list[dict[str, Any]]:
    wishes = call.json_object().get("batchRequests")
    if not isinstance(wishes, list) or not all(isinstance(wish, dict) for wish in wishes):
        raise unreadable("batchRequests is required and must be a list of objects")
    if len(wishes) > MOST_PARTS:
        raise RestError("LIMIT_EXCEEDED", f"The number of subrequests cannot exceed {MOST_PARTS}")
    return wishes


def _part(call: Call, part: dict[str, Any]) -> Call:
    url = str(part.get("url", "")).removeprefix("/").removeprefix("services/data/")
    return call.part(str(part.get("method", "GET")), f"/services/data/{url}", {}, part.get("richInput"))
