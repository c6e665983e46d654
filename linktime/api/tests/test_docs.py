import pytest

from linktime.api.docs import by_tag, kind_of
from linktime.api.v1 import api


@pytest.fixture
def page(client):
    answer = client.get("/api/docs")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_call_stands_in_the_docs(page):
    for path, methods in api.get_openapi_schema()["paths"].items():
        assert f"<code>{path}</code>" in page
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page


def test_the_docs_load_nothing_from_elsewhere(page):
    """The content security policy would stop it, and the docs work without the internet."""
    assert 'src="http' not in page
    assert 'rel="stylesheet" href="http' not in page
    assert "<style" not in page
    assert "onclick" not in page


def test_fields_within_fields_are_told(page):
    calls = {call.summary: call for group in by_tag(api.get_openapi_schema()).values() for call in group}
    body = {row.name: row for row in calls["Book"].body}
    assert body["invitee.email"].required
    assert not body["invitee.phone"].required
    weekly = {row.name: row.kind for row in calls["Make a schedule"].body}
    assert weekly["weekly"] == "list of object"
    assert weekly["weekly[].days"].startswith('list of "mon" or "tue"')
    assert {row.name for row in calls["List bookings"].answer} >= {"data[].history[].previous_start", "next_cursor"}


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date-time"}, "instant"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "whole number or null"),
        ({"const": "rolling"}, '"rolling"'),
        ({"$ref": "#/components/schemas/State"}, '"on" or "off"'),
        ({}, "anything"),
    ],
)
def test_kinds_are_told_in_words(field, words):
    assert kind_of(field, {"State": {"enum": ["on", "off"]}}) == words


def test_each_call_tells_its_problems(client):
    schema = client.get("/api/v1/openapi.json").json()
    book = schema["paths"]["/api/v1/bookings"]["post"]
    problems = "400 401 403 404 409 411 413 415 422 429 500"
    assert set(book["responses"]) == {"201", *problems.split()}
    assert list(book["responses"]["422"]["content"]) == ["application/problem+json"]
    assert [parameter["name"] for parameter in book["parameters"]] == ["Idempotency-Key"]
    assert schema["components"]["securitySchemes"]["ApiKeyAuth"]["scheme"] == "bearer"
