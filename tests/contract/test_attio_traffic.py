"""The check of Attio's traffic sees what is wrong: one planted fault of each kind turns it red."""

import json
from pathlib import Path

import pytest

from linktime import emulators
from tests.traffic import Description

DESCRIPTION = Description(Path(emulators.__file__).parent / "attio" / "openapi.json")
PERSON = "5f2a9c1e-7c1a-4d53-9d37-3c2b1a0f9e8d"
NOTE = {
    "id": {"workspace_id": PERSON, "note_id": PERSON},
    "parent_object": "people",
    "parent_record_id": PERSON,
    "title": "Booked",
    "meeting_id": None,
    "content_plaintext": "x",
    "content_markdown": "x",
    "tags": [],
    "created_by_actor": {"type": "app", "id": None},
    "created_at": "2026-11-23T10:00:00.000000000Z",
}
FIELDS = {
    "parent_object": "people",
    "parent_record_id": PERSON,
    "title": "Booked",
    "format": "plaintext",
    "content": "x",
}


def exchange(**changes):
    """Return a new note, told and answered as it should be, with changes; `sent` and `told` are `data`."""
    sent, told = changes.pop("sent", FIELDS), changes.pop("told", NOTE)
    good = {
        "n": 1,
        "method": "POST",
        "path": "/v2/notes",
        "query": "",
        "request_type": "application/json",
        "request_body": json.dumps({"data": sent}),
        "status": 200,
        "answer_type": "application/json; charset=utf-8",
        "answer_body": json.dumps({"data": told}),
        "own": True,
    }
    return good | changes


def without(fields, name):
    return {key: value for key, value in fields.items() if key != name}


def test_what_is_right_passes():
    assert DESCRIPTION.faults(exchange()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "/v2/tasks"},
        {"method": "PATCH"},
        {"query": "dry_run=true"},
        {"method": "GET", "query": f"parent_object=people&parent_record_id={PERSON}&limit=51&offset=0"},
        {"method": "GET", "query": "parent_object=people&limit=50&offset=0"},
        {"method": "DELETE", "path": "/v2/notes/first"},
        {"request_type": "text/plain"},
        {"request_body": ""},
        {"request_body": "{"},
        {"sent": without(FIELDS, "title")},
        {"sent": FIELDS | {"title": 7}},
        {"sent": FIELDS | {"format": "html"}},
        {"sent": FIELDS | {"parent_record_id": "grace"}},
        {"sent": FIELDS | {"meeting_id": PERSON}},
    ],
)
def test_a_wrong_request_is_seen(changes):
    assert DESCRIPTION.request_faults(exchange(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"status": 201},
        {"answer_type": "text/html"},
        {"answer_body": "{"},
        {"told": without(NOTE, "created_at")},
        {"told": NOTE | {"title": None}},
        {"told": NOTE | {"id": PERSON}},
        {"told": NOTE | {"created_at": "yesterday"}},
        {"told": NOTE | {"created_by_actor": {"type": "robot", "id": None}}},
        {"told": NOTE | {"colour": "red"}},
        {"status": 404, "answer_body": json.dumps({"status_code": 404, "type": "oops", "code": "x", "message": "y"})},
        {"status": 429, "answer_body": "{}"},
    ],
)
def test_a_wrong_answer_is_seen(changes):
    assert DESCRIPTION.request_faults(exchange(**changes)) == []
    assert DESCRIPTION.answer_faults(exchange(**changes))


def test_an_answer_that_a_fault_gave_is_not_the_services():
    assert DESCRIPTION.faults(exchange(status=503, answer_body="busy", own=False)) == []
