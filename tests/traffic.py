"""Hold what a service was asked and what it answered against its description (OpenAPI 3.1)."""

import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

HOST = "http://emulator"


class Description:
    """An OpenAPI file whose server is `/`."""

    def __init__(self, path: Path) -> None:
        self.document = json.loads(path.read_text())

    @cached_property
    def _openapi(self) -> OpenAPI:
        """Checked whole when it is first needed, which takes a second."""
        return OpenAPI.from_dict(self.document)

    def faults(self, exchange: dict[str, Any]) -> list[str]:
        """Say what the description does not allow in a request, and in its answer if that is the service's own."""
        return self.request_faults(exchange) or self.answer_faults(exchange)

    def request_faults(self, exchange: dict[str, Any]) -> list[str]:
        found = self._openapi.iter_apicall_request_errors(_request(exchange))
        return _described(exchange, [*found, *self._unknown_parameters(exchange)])

    def answer_faults(self, exchange: dict[str, Any]) -> list[str]:
        if not exchange["own"]:
            return []
        found = self._openapi.iter_apicall_response_errors(_request(exchange), _answer(exchange))
        return _described(exchange, list(found))

    def _unknown_parameters(self, exchange: dict[str, Any]) -> Iterator[str]:
        """Name what the query has and the description has not: validators let it pass."""
        known = {one["name"] for one in self._operation(exchange).get("parameters", ()) if one["in"] == "query"}
        asked = {name for name, _ in parse_qsl(exchange["query"], keep_blank_values=True)}
        return (f"the query has {name}" for name in sorted(asked - known))

    def _operation(self, exchange: dict[str, Any]) -> dict[str, Any]:
        for template, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), exchange["path"]):
                return operations.get(exchange["method"].lower(), {})
        return {}


def _request(exchange: dict[str, Any]) -> Any:
    query = ImmutableMultiDict(parse_qsl(exchange["query"], keep_blank_values=True))
    return SimpleNamespace(
        host_url=HOST,
        path=exchange["path"],
        method=exchange["method"].lower(),
        content_type=exchange["request_type"].lower(),
        body=exchange["request_body"].encode() or None,
        parameters=RequestParameters(
            query=query, header=Headers([("Authorization", "Bearer known")]), cookie=ImmutableMultiDict(), path={}
        ),
    )


def _answer(exchange: dict[str, Any]) -> Any:
    return SimpleNamespace(
        status_code=exchange["status"],
        content_type=exchange["answer_type"].lower(),
        headers=Headers(),
        data=exchange["answer_body"].encode() or None,
    )


def _described(exchange: dict[str, Any], found: list[Any]) -> list[str]:
    return [f"{exchange['method']} {exchange['path']} ({exchange['status']}): {_words(fault)}" for fault in found]


def _words(fault: Any) -> str:
    """Unfold an error down to the places in the JSON that it is about."""
    if isinstance(fault, str):
        return fault
    places = [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in _schema_errors(fault)]
    return "; ".join([f"{fault}", *places])


def _schema_errors(fault: BaseException | None) -> list[Any]:
    while fault is not None:
        if errors := getattr(fault, "schema_errors", None):
            return list(errors)
        fault = fault.__cause__
    return []
