"""What was sent and answered is kept with each attempt: enough to see what happened, nothing that is somebody's own."""

import json

from linktime.crm.models import SyncAttempt, SyncRecord

NAMES = ("Grace", "Hopper", "grace@example.com", "2025550123", "About the compiler")


def exchanges_of(**lookup):
    return SyncAttempt.objects.get(**lookup).exchanges


def assert_nothing_is_somebodys(exchanges):
    text = json.dumps(exchanges)
    assert not [name for name in NAMES if name in text]


def test_a_single_booking_shows_its_requests(connected):
    connected.book("grace@example.com", phone="+12025550123", notes="About the compiler")
    connected.drain()
    first, second = exchanges_of()
    assert (first["method"], first["route"], first["status"]) == ("POST", "/services/data/v66.0/composite", 200)
    assert first["ms"] >= 0
    contact = second["sent"]["compositeRequest"][0]
    assert (contact["method"], contact["url"]) == ("POST", "/services/data/v66.0/sobjects/Contact")
    assert contact["body"]["Email"] == "(17 characters)"
    made = second["answered"]["compositeResponse"][0]
    assert (made["httpStatusCode"], made["body"]["success"]) == (201, True)
    assert_nothing_is_somebodys([first, second])


def test_a_refusal_shows_what_was_refused(connected, emulator):
    rule = {"object": "Contact", "field": "Email", "kind": "forbidden", "message": "grace@example.com is on a list"}
    emulator.settings(validation_rules=[rule])
    connected.book("grace@example.com", phone="+12025550123")
    connected.drain()
    attempt = SyncAttempt.objects.get()
    assert attempt.error_message == SyncRecord.objects.get().error_message == "[…] is on a list"
    answered = json.dumps(attempt.exchanges[-1]["answered"])
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in answered
    assert "is on a list" in answered
    assert_nothing_is_somebodys(attempt.exchanges)


def test_a_lost_answer_has_no_status(connected, emulator):
    emulator.fault({"kind": "drop"}, path="/composite$", times=1)
    connected.book("grace@example.com")
    connected.drain()
    (sent,) = exchanges_of()
    assert sent["status"] is None
    assert "answered" not in sent


def test_of_many_bookings_at_once_only_a_refused_one_shows_bodies(connected, emulator):
    rule = {"object": "Contact", "field": "LastName", "kind": "forbidden", "pattern": "Bad", "message": "No"}
    emulator.settings(validation_rules=[{**rule, "kind": "regex", "pattern": "^(?!Bad).*$"}])
    for n in range(4):
        connected.book(f"invitee{n}@example.com", "Bad" if n == 2 else "Grace Hopper")
    connected.drain()
    failed = SyncAttempt.objects.get(outcome="failed")
    assert any("answered" in one for one in failed.exchanges)
    for attempt in SyncAttempt.objects.filter(outcome="done"):
        assert attempt.exchanges
        assert all(set(one) == {"method", "route", "status", "ms"} for one in attempt.exchanges)
