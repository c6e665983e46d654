"""A client of the API: JSON in, JSON out, with the person's own key."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.people import NOW, Person


@dataclass
class Api:
    key: str

    def call(self, method: str, path: str, body: Any = None, *, query: dict | None = None, **headers: str):
        client = Client(raise_request_exception=False)
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        authorization = {"Authorization": f"Bearer {self.key}"}
        return client.generic(method, f"/api/v1{path}", headers=authorization | headers, query_params=query, **sent)

    def get(self, path: str, **query: Any):
        return self.call("GET", path, query=query)

    def post(self, path: str, body: Any = None, **headers: str):
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any):
        return self.call("PATCH", path, body)

    def delete(self, path: str):
        return self.call("DELETE", path)


def api_of(person: Person, scope: str = "read-write") -> Api:
    return Api(person.key(scope))


def problem(answer, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is this problem, and return it."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.content
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code), body
    assert body["type"], body["title"]
    assert body["detail"].endswith((".", ":"))
    return body


def faults(answer) -> dict[str, str]:
    """Return the faults of a 422: field -> code."""
    return {fault["field"]: fault["code"] for fault in problem(answer, 422, "invalid")["errors"]}


@pytest.fixture
def api(alice):
    return api_of(alice)


@pytest.fixture
def colleague(bob):
    return api_of(bob)


@pytest.fixture
def stranger(charlie):
    return api_of(charlie)


@pytest.fixture(autouse=True)
def _the_clock():
    with time_machine.travel(NOW, tick=True):
        yield
