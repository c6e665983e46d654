"""Whatever is sent, the answer is HubSpot's and never a fault of the emulator's."""

import json

import pytest

MEETINGS = "/crm/objects/2026-09/meetings"
BATCHES = ("create", "read", "update", "upsert", "archive")
ODD = [None, 7, "x", [], {}, {"inputs": 7}, {"inputs": [7]}, {"inputs": [{}]}, {"inputs": [], "properties": None}]


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize("batch", BATCHES)
def test_odd_bodies_of_batches(api, batch, body):
    for kind in ("contacts", "meetings", "deals"):
        answer = api.post(f"/crm/objects/2026-09/{kind}/batch/{batch}", json=body)
        assert answer.status_code in (200, 201, 204, 400), answer.text


@pytest.mark.parametrize(
    "given",
    [
        {"id": 7, "properties": {}},
        {"id": None, "properties": {}},
        {"id": "", "properties": {}},
        {"id": "abc", "properties": {}},
        {"id": "1", "properties": []},
        {"id": "1", "properties": {"hs_timestamp": None}},
        {"id": "1", "idProperty": 7, "properties": {"hs_timestamp": "99999999999999999999"}},
    ],
)
@pytest.mark.parametrize("batch", BATCHES)
def test_odd_inputs(api, batch, given):
    answer = api.post(f"{MEETINGS}/batch/{batch}", json={"inputs": [given], "properties": []})
    assert answer.status_code in (204, 207, 400), answer.text


@pytest.mark.parametrize(
    "associations",
    [
        7,
        [7],
        [{}],
        [{"to": 7, "types": []}],
        [{"to": {"id": "1"}, "types": 7}],
        [{"to": {"id": "1"}, "types": [7]}],
        [{"to": {"id": []}, "types": [{"associationCategory": 1, "associationTypeId": "x"}]}],
    ],
)
def test_odd_associations(api, associations):
    body = {"properties": {"hs_timestamp": "2027-01-01T10:00:00Z"}, "associations": associations}
    assert api.post(MEETINGS, json=body).status_code == 400


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"properties": {"hs_timestamp": "\\ud800"}}'])
def test_bodies_that_are_no_json(api, body):
    answer = api.post(MEETINGS, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["status"]) == (400, "error")


def test_another_content_type(api):
    answer = api.post(MEETINGS, content=b"a=b", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 415


@pytest.mark.parametrize("query", ["limit=x", "after=-1", "limit=", "properties=%ff"])
def test_odd_queries(api, query):
    assert api.get(f"{MEETINGS}?{query}").status_code in (200, 400)


def test_a_meeting_without_a_time_is_refused(api):
    answer = api.post(MEETINGS, json={"properties": {"hs_meeting_title": "x"}, "associations": []})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "REQUIRED_FIELD")


def test_times_may_be_milliseconds_and_the_start_stands_for_the_time(api):
    body = {"properties": {"hs_meeting_start_time": "1798797600000"}, "associations": []}
    assert api.post(MEETINGS, json=body).json()["properties"]["hs_timestamp"] == "2027-01-01T10:00:00Z"


@pytest.mark.parametrize(
    "wish",
    [
        {"object": "deals"},
        {"object": "contacts", "fields": {"email": "nobody"}},
        {"object": "meetings", "fields": {"hs_timestamp": "2027-01-01T10:00:00Z"}, "associations": ["7"]},
    ],
)
def test_odd_wishes_of_the_control_api(anybody, wish):
    answer = anybody.post("/_emulator/records", content=json.dumps(wish))
    assert (answer.status_code, "error" in answer.json()) == (422, True)
