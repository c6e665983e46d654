"""What ninja leaves out of the API's description: every error, as a problem, and the headers that all calls share."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from linktime.api.idempotency import HEADER, LONGEST
from linktime.api.paging import MOST
from linktime.api.problems import MEDIA_TYPE, Problem

DESCRIPTION = f"""\
JSON over HTTPS. Every call needs `Authorization: Bearer lt_...`, with an API key from Settings, API keys.

* **Times** are instants in ISO 8601 UTC (`2026-11-30T09:00:00Z`); one without an offset is refused. Time zones are
  IANA names. Lengths of time are in minutes.
* **Values** are never guessed: a wrong type, a wrong form, an unknown field or parameter is a 422 with all faults.
* **Lists** answer `data` and `next_cursor`; ask for the next page with `cursor`, for its size with `limit` (to {MOST}).
* **Errors** are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problems with a stable `code`.
* **Repeating a POST** is safe with an `{HEADER}`: for 24 hours the same key and body get the same answer.
* **Limits** of each key are told in `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds).
"""
_ALWAYS = (400, 401, 403, 404, 422, 429, 500)
_WITH_BODY = (409, 411, 413, 415)


def complete(schema: dict[str, Any]) -> None:
    """Add to each operation the problems it can answer with, and to each POST its Idempotency-Key."""
    schema["components"]["schemas"] |= _problem_schemas()
    for method, operation in _operations(schema):
        statuses = _ALWAYS if method == "get" else _ALWAYS + _WITH_BODY
        operation["responses"] |= {str(status): _problem(status) for status in statuses}
        if method == "post":
            operation["parameters"].append(_idempotency_key())


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for methods in schema["paths"].values():
        yield from methods.items()


def _problem_schemas() -> dict[str, Any]:
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**problem.pop("$defs"), "Problem": problem}


def _problem(status: int) -> dict[str, Any]:
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: shape}}


def _idempotency_key() -> dict[str, Any]:
    return {
        "in": "header",
        "name": HEADER,
        "required": False,
        "description": "The same key and body give the same answer for 24 hours",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[ -~]+$"},
    }
