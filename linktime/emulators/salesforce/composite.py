"""Several calls in one that refer to one another (REST guide: composite)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from linktime.emulators.salesforce.calls import Answer, Call, failure
from linktime.emulators.salesforce.errors import RestError, unreadable
from linktime.emulators.salesforce.references import NAME, refers, resolve
from linktime.emulators.salesforce.store import RolledBack

JSON = dict[str, Any]
Dispatch = Callable[[Call], Answer]

MOST_PARTS = 25
MOST_QUERIES = 5
LONGEST_URI = 16_384
MESSAGE = "The transaction was rolled back since another operation in the same transaction failed."
METHODS = ("GET", "POST", "PATCH", "DELETE", "PUT")
FORBIDDEN_HEADERS = ("accept", "authorization", "content-type")
_ADDRESS = re.compile(r"/services/data/v\d+\.\d/")
_SUPPORTED = re.compile(r"/services/data/v\d+\.\d/(sobjects(/|$)|query|queryAll|composite/sobjects(/|\?|$))")
_COUNTED = re.compile(r"/services/data/v\d+\.\d/(query|queryAll|composite/sobjects)(/|\?|$)")


@dataclass
class Progress:
    """The answers so far, by reference."""

    answers: dict[str, Answer] = field(default_factory=dict)
    failed: str | None = None
    """The reference of the first part that failed."""


def composite(call: Call, dispatch: Dispatch) -> Answer:
    parts = _parts(call)
    all_or_none = call.json_object().get("allOrNone") is True
    progress = Progress()
    with call.org.store.transaction():
        for part in _in_order(call, parts):
            answer = _run(call, part, progress, dispatch, all_or_none=all_or_none)
            progress.answers[part["referenceId"]] = answer
            if all_or_none and (answer.failed or _has_failed_rows(answer)):
                progress.failed = part["referenceId"]
                raise RolledBack
    keep_reads = call.org.settings["rolled_back_reads"] == "kept"
    rows = [_row(part, progress, keep_reads=keep_reads) for part in parts]
    return Answer(200, {"compositeResponse": rows})


def _parts(call: Call) -> list[JSON]:
    parts = call.json_object().get("compositeRequest")
    if not isinstance(parts, list) or not parts:
        raise unreadable("compositeRequest is required and must be a list of subrequests")
    if len(parts) > MOST_PARTS:
        raise RestError("LIMIT_EXCEEDED", f"The number of subrequests cannot exceed {MOST_PARTS}")
    for part in parts:
        _check_part(part)
    names = [part["referenceId"] for part in parts]
    for name in names:
        if names.count(name) > 1:
            raise RestError("INVALID_INPUT", f"Duplicate referenceId: {name}")
    if sum(bool(_COUNTED.match(part["url"])) for part in parts) > MOST_QUERIES:
        message = f"The number of query and sObject Collections subrequests cannot exceed {MOST_QUERIES}"
        raise RestError("LIMIT_EXCEEDED", message)
    return parts


def _in_order(call: Call, parts: list[JSON]) -> list[JSON]:
    """As they stand only without collation; with it no order is promised, and reads that refer to nothing go first."""
    if call.json_object().get("collateSubrequests") is False:
        return parts
    return sorted(parts, key=lambda part: part["method"] != "GET" or bool(part.get("httpHeaders")) or refers(part))


def _check_part(part: Any) -> None:
    if not isinstance(part, dict):
        raise unreadable("A subrequest must be an object")
    for name in ("method", "url", "referenceId"):
        if not isinstance(part.get(name), str):
            raise RestError("INVALID_INPUT", f"{name} is required in each subrequest")
    if part["method"] not in METHODS:
        raise RestError("INVALID_INPUT", f"Unsupported HTTP method: {part['method']}")
    if not NAME.fullmatch(part["referenceId"]):
        message = f"Provided referenceId ('{part['referenceId']}') must start with a letter or a number, and it can "
        raise RestError("INVALID_INPUT", message + "contain only letters, numbers and underscores ('_').")
    if not _ADDRESS.match(part["url"]):
        raise RestError("INVALID_INPUT", f"The url must start with /services/data/vXX.X/: {part['url'][:200]}")
    headers = part.get("httpHeaders") or {}
    if not isinstance(headers, dict):
        raise RestError("INVALID_INPUT", "httpHeaders must be an object in each subrequest")
    for name in headers:
        if name.lower() in FORBIDDEN_HEADERS:
            raise RestError("INVALID_INPUT", f"The header {name} is not allowed in a subrequest")


def _run(call: Call, part: JSON, progress: Progress, dispatch: Dispatch, *, all_or_none: bool) -> Answer:
    try:
        url, body, headers = (resolve(part.get(name), progress.answers) for name in ("url", "body", "httpHeaders"))
        _check_address(url)
    except RestError as error:
        return failure(error)
    names = {name.lower(): str(value) for name, value in (headers or {}).items()}
    one = call.part(part["method"], url, names, body)
    if all_or_none and one.path.startswith("/composite/sobjects"):
        one = _all_or_none(one)
    return dispatch(one)


def _check_address(url: str) -> None:
    if len(url.encode()) > LONGEST_URI:
        raise RestError("URI_TOO_LONG", f"The URI is longer than {LONGEST_URI} bytes", status=414)
    if not _SUPPORTED.match(url):
        raise RestError("INVALID_INPUT", f"This resource is not supported in a composite request: {url[:200]}")


def _all_or_none(call: Call) -> Call:
    """The composite's allOrNone overrides that of a collection in it (REST guide: allOrNone parameters)."""
    if isinstance(call.body, dict):
        return replace(call, body=call.body | {"allOrNone": True})
    return replace(call, query=call.query | {"allOrNone": "true"})


def _has_failed_rows(answer: Answer) -> bool:
    rows = answer.body if isinstance(answer.body, list) else []
    return any(isinstance(row, dict) and row.get("success") is False for row in rows)


def _row(part: JSON, progress: Progress, *, keep_reads: bool) -> JSON:
    """The answer of one part; after a roll-back only the part that failed speaks for itself."""
    name = part["referenceId"]
    answer = progress.answers.get(name)
    kept = keep_reads and part["method"] == "GET" and answer is not None
    if answer is None or (progress.failed not in (None, name) and not kept):
        answer = Answer(400, [{"errorCode": "PROCESSING_HALTED", "message": MESSAGE}])
    return {"body": answer.body, "httpHeaders": answer.headers, "httpStatusCode": answer.status, "referenceId": name}
