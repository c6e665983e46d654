import threading
import time

import httpx2
import pytest

from linktime.emulators.faults import FaultError, Faults
from linktime.emulators.testing import ControlError

CONTACT = {"LastName": "Hopper"}


def create(sf):
    return sf.post("/sobjects/Contact", json=CONTACT)


def test_a_status_instead_of_the_work(emulator, sf):
    body = [{"message": "unable to obtain exclusive access to this record", "errorCode": "UNABLE_TO_LOCK_ROW"}]
    fault = emulator.fault({"kind": "status", "status": 400, "body": body}, method="POST", times=2)
    for _ in range(2):
        answer = create(sf)
        assert (answer.status_code, answer.json()) == (400, body)
    assert create(sf).status_code == 201
    assert emulator.faults()[0]["fired"] == 2
    assert len(emulator.state()["contacts"]) == 1
    assert fault == emulator.faults()[0]["id"]


def test_a_page_instead_of_json(emulator, sf):
    emulator.fault({"kind": "status", "status": 503, "body": "<h1>Down</h1>", "headers": {"Retry-After": "9"}})
    answer = sf.get("/limits")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["retry-after"] == "9"


def test_an_error_after_the_work_is_done(emulator, sf):
    emulator.fault({"kind": "status", "status": 500, "body": [], "commit": True}, times=1)
    assert create(sf).status_code == 500
    assert len(emulator.state()["contacts"]) == 1


def test_skip_lets_some_through(emulator, sf):
    emulator.fault({"kind": "status", "status": 503}, skip=2, times=1)
    assert [sf.get("/limits").status_code for _ in range(4)] == [200, 200, 503, 200]


def test_only_what_matches(emulator, sf):
    emulator.fault(
        {"kind": "status", "status": 503}, method="^POST$", path="/salesforce/services/data/.*/Contact$", body="Hop+er"
    )
    assert create(sf).status_code == 503
    assert sf.post("/sobjects/Contact", json={"LastName": "Other"}).status_code == 201
    assert sf.get("/sobjects/Contact").status_code == 200
    assert emulator.token()["access_token"]


def test_dropped_before_the_work(emulator, sf):
    emulator.fault({"kind": "drop"}, times=1)
    with pytest.raises(httpx2.TransportError):
        create(sf)
    assert emulator.state()["contacts"] == []
    row = emulator.requests()[-1]
    assert (row["status"], row["outcome"], row["api_calls"]) == (None, "dropped", 0)
    assert create(sf).status_code == 201


def test_dropped_after_the_work(emulator, sf):
    emulator.fault({"kind": "commit_then_drop"}, times=1)
    with pytest.raises(httpx2.TransportError):
        create(sf)
    assert len(emulator.state()["contacts"]) == 1
    assert emulator.api_calls() == 1


def test_delayed_then_dropped(emulator, sf):
    emulator.fault({"kind": "delay", "seconds": 0.2, "then": "drop"}, times=1)
    began = time.monotonic()
    with pytest.raises(httpx2.TransportError):
        create(sf)
    assert time.monotonic() - began >= 0.2
    assert emulator.state()["contacts"] == []


def test_delayed_work_is_done_though_nobody_waits(emulator, sf):
    emulator.fault({"kind": "delay", "seconds": 1}, times=1)
    with pytest.raises(httpx2.TimeoutException):
        sf.post("/sobjects/Contact", json=CONTACT, timeout=0.1)
    assert emulator.state()["contacts"] == []
    assert emulator.in_flight() == {"count": 1, "committed": 0}
    while emulator.in_flight()["count"]:
        time.sleep(0.05)
    assert len(emulator.state()["contacts"]) == 1


def test_latency_lies_on_both_sides_of_the_work(emulator, sf):
    emulator.settings(latency_ms=1500)
    call = threading.Thread(target=create, args=(sf,))
    call.start()
    seen = set()
    while call.is_alive():
        seen.add(tuple(emulator.in_flight().values()))
        time.sleep(0.02)
    assert {(1, 0), (1, 1)} <= seen
    assert 1500 <= emulator.requests()[-1]["in_flight_ms"] < 4500
    emulator.settings(latency_ms=0)


def test_a_limit_of_calls_at_once(emulator, sf):
    emulator.settings(concurrent_limit=1, latency_ms=200)
    answers = []
    calls = [threading.Thread(target=lambda: answers.append(sf.get("/limits"))) for _ in range(2)]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    refused = next(answer for answer in answers if answer.status_code == 403)
    assert refused.json()[0]["message"] == "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    emulator.settings(latency_ms=0)
    assert sf.get("/limits").status_code == 200


def test_faults_come_and_go(emulator, sf):
    one = emulator.fault({"kind": "status", "status": 503})
    emulator.fault({"kind": "status", "status": 502})
    assert sf.get("/limits").status_code == 503
    emulator.control("DELETE", f"/faults/{one}")
    assert sf.get("/limits").status_code == 502
    emulator.clear_faults()
    assert sf.get("/limits").status_code == 200
    with pytest.raises(ControlError, match="404"):
        emulator.control("DELETE", f"/faults/{one}")


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"action": {"kind": "explode"}},
        {"action": {"kind": "status"}},
        {"action": {"kind": "delay"}},
        {"action": {"kind": "delay", "seconds": 1, "then": "explode"}},
        {"action": {"kind": "drop", "seconds": 1}},
        {"action": {"kind": "drop"}, "path": "("},
        {"action": {"kind": "drop"}, "times": -1},
        {"action": {"kind": "drop"}, "when": "now"},
    ],
)
def test_a_fault_that_makes_no_sense(wish):
    with pytest.raises(FaultError):
        Faults().add(wish)
