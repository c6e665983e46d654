"""The check of HubSpot's traffic sees what is wrong: one planted fault of each kind turns it red."""

import json
from pathlib import Path

import pytest

from linktime import emulators
from tests.traffic import Description

DESCRIPTION = Description(Path(emulators.__file__).parent / "hubspot" / "openapi.json")
UPSERT = "/crm/objects/2026-09/contacts/batch/upsert"
CREATE = "/crm/objects/2026-09/meetings/batch/create"
MOMENT = "2026-11-23T10:00:00.000Z"
INPUT = {
    "id": "grace@example.com",
    "idProperty": "email",
    "objectWriteTraceId": "1",
    "properties": {"firstname": "Grace"},
}
ROW = {
    "id": "101",
    "properties": {"email": "grace@example.com"},
    "createdAt": MOMENT,
    "updatedAt": MOMENT,
    "archived": False,
    "new": True,
    "objectWriteTraceId": "1",
}
SPEC = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 200}
MEETING = {
    "objectWriteTraceId": "1",
    "properties": {
        **dict.fromkeys(("hs_timestamp", "hs_meeting_start_time", "hs_meeting_end_time"), MOMENT),
        "hs_meeting_title": "Intro",
        "hs_meeting_body": "<p>x</p>",
        "hs_meeting_external_url": "https://linktime.example/b/u1",
        "hs_internal_meeting_notes": "LinkTime booking u1",
        "hs_meeting_outcome": "SCHEDULED",
    },
    "associations": [{"to": {"id": "101"}, "types": [SPEC]}],
}
ERROR = {"status": "error", "message": "m", "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf"}
INPUT_ERROR = {"status": "error", "category": "X", "message": "m", "errors": [], "context": {}, "links": {}}


def answer(row=ROW, **more):
    return {"status": "COMPLETE", "startedAt": MOMENT, "completedAt": MOMENT, "results": [row], **more}


def exchange(**changes):
    """Return an upsert, told and answered as it should be, with changes; `sent` is its one input, `told` the answer."""
    sent, told = changes.pop("sent", INPUT), changes.pop("told", answer())
    good = {
        "n": 1,
        "method": "POST",
        "path": UPSERT,
        "query": "",
        "request_type": "application/json",
        "request_body": json.dumps({"inputs": [sent]}),
        "status": 200,
        "answer_type": "application/json;charset=utf-8",
        "answer_body": json.dumps(told),
        "own": True,
    }
    return good | changes


def meeting(**changes):
    return exchange(path=CREATE, sent=MEETING | changes)


def without(fields, name):
    return {key: value for key, value in fields.items() if key != name}


def having(fields, **changes):
    return fields | {"properties": fields["properties"] | changes}


def test_what_is_right_passes():
    assert DESCRIPTION.faults(exchange()) == []
    assert DESCRIPTION.request_faults(meeting()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "/crm/objects/2026-09/deals/batch/upsert"},
        {"path": UPSERT.replace("2026-09", "2025-09")},
        {"method": "PATCH"},
        {"query": "archived=true"},
        {"request_type": "text/plain"},
        {"request_body": ""},
        {"request_body": "{"},
        {"request_body": json.dumps({"inputs": [INPUT] * 101})},
        {"request_body": json.dumps({"inputs": []})},
        {"sent": without(INPUT, "id")},
        {"sent": without(INPUT, "objectWriteTraceId")},
        {"sent": INPUT | {"idProperty": "phone"}},
        {"sent": INPUT | {"associations": []}},
        {"sent": having(INPUT, lastname="Hopper")},
        {"sent": having(INPUT, email="grace@example.com")},
        {"sent": having(INPUT, phone=1)},
        {"sent": having(INPUT, firstname="x" * 65_537)},
    ],
)
def test_a_wrong_request_is_seen(changes):
    assert DESCRIPTION.request_faults(exchange(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"associations": []},
        {"associations": [{"to": {"id": 101}, "types": [SPEC]}]},
        {"associations": [{"to": {"id": "101"}, "types": [SPEC | {"associationTypeId": "200"}]}]},
        {"properties": MEETING["properties"] | {"hs_meeting_outcome": "CANCELLED"}},
        {"properties": MEETING["properties"] | {"hs_timestamp": "tomorrow"}},
        {"properties": MEETING["properties"] | {"hubspot_owner_id": "1"}},
        {"properties": without(MEETING["properties"], "hs_meeting_external_url")},
    ],
)
def test_a_wrong_meeting_is_seen(changes):
    assert DESCRIPTION.request_faults(meeting(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"status": 201},
        {"answer_type": "text/html"},
        {"answer_body": "{"},
        {"told": without(answer(), "completedAt")},
        {"told": answer(status="DONE")},
        {"told": answer(without(ROW, "new"))},
        {"told": answer(ROW | {"id": 101})},
        {"told": answer(ROW | {"createdAt": "today"})},
        {"told": answer(ROW | {"colour": "red"})},
        {"told": answer(having(ROW, phone=None))},
        {"status": 207, "told": answer(numErrors=1, errors=[without(INPUT_ERROR, "context")])},
        {"status": 400, "told": without(ERROR, "message")},
        {"status": 400, "told": ERROR | {"correlationId": "1"}},
        {"status": 429, "told": ERROR | {"requestId": 7}},
        {"status": 418, "told": ERROR},
    ],
)
def test_a_wrong_answer_is_seen(changes):
    assert DESCRIPTION.answer_faults(exchange(**changes))


def test_a_faults_answer_is_nobodys_description():
    assert DESCRIPTION.faults(exchange(status=503, answer_body="busy", answer_type="text/html", own=False)) == []
