"""Attio has no batch: several requests at once, each person's in order, and never too many a second."""

from datetime import datetime

import pytest

from linktime.crm.models import SyncRecord
from linktime.crm.providers.attio.tests.shown import titles
from linktime.crm.testing.looking import record_of

WRITES = {"PUT", "PATCH", "POST", "DELETE"}


def moments(emulator):
    rows = [row for row in emulator.requests() if row["method"] in WRITES and row["path"].startswith("/attio/v2")]
    return [datetime.fromisoformat(row["at"]) for row in rows]


MOST_REFUSED = 2


def test_side_by_side_at_150_ms_a_call(connected, emulator):
    """One after another would be 6 a second; `bench/backlog.py` shows more than 20 on a quiet machine, and no 429.

    On a busy one, calls that were paced may leave in a bunch: a few are refused then, and repeated.
    """
    emulator.settings(latency_ms=150)
    for number in range(40):
        connected.book(f"invitee{number}@example.com")
    connected.drain()
    times = moments(emulator)
    refused = [row for row in emulator.requests() if row["status"] == 429]
    assert len(refused) <= MOST_REFUSED
    assert len(times) == 120 + len(refused)
    assert (len(times) - 1) / (times[-1] - times[0]).total_seconds() >= 10
    assert {row["status"] for row in emulator.requests()} <= {200, 429}
    assert set(SyncRecord.objects.values_list("state", flat=True)) == {"synced"}


def most_at_once(emulator):
    """Return how many requests were under way at the same time."""
    rows = [row for row in emulator.requests() if row["path"].startswith("/attio/v2")]
    spans = [(datetime.fromisoformat(row["at"]).timestamp(), row["in_flight_ms"] / 1000) for row in rows]
    return 1 + max(sum(start < at < start + length for start, length in spans) for at, _ in spans)


def test_several_requests_are_under_way_at_once_and_never_more_than_six(connected, emulator):
    emulator.settings(latency_ms=400)
    for number in range(12):
        connected.book(f"invitee{number}@example.com")
    connected.drain()
    assert 4 <= most_at_once(emulator) <= 6


def test_one_person_gets_one_request_at_a_time(connected, emulator):
    emulator.settings(latency_ms=200)
    for _ in range(4):
        connected.book("grace@example.com")
    connected.drain()
    assert most_at_once(emulator) == 1
    assert len(titles(emulator)) == 4


def test_each_persons_bookings_are_logged_in_order(connected, emulator):
    """Those of one invitee, as well as the changes of one booking."""
    emulator.settings(latency_ms=30)
    bookings = [connected.book("grace@example.com") for _ in range(6)]
    for booking in bookings[::2]:
        connected.move(booking)
    connected.drain()
    seen = [line for note in emulator.state()["notes"] for line in note["content_plaintext"].splitlines()[-1:]]
    wanted = [
        f"LinkTime booking: {booking.uid} #{revision}"
        for booking in sorted(bookings, key=lambda one: record_of(one).due_at or record_of(one).pk)
        for revision in range(1, record_of(booking).shown_revision + 1)
    ]
    assert sorted(seen) == sorted(wanted)
    for booking in bookings:
        own = [line for line in seen if booking.uid in line]
        assert own == sorted(own)


@pytest.mark.parametrize("spelling", ["date", "seconds"])
def test_a_429_is_waited_for_and_nothing_is_done_twice(connected, emulator, spelling):
    """Somebody else may be using up the same limit."""
    emulator.settings(writes_a_second=4, retry_after=spelling)
    for number in range(4):
        connected.book(f"invitee{number}@example.com")
    connected.drain()
    assert 429 in {row["status"] for row in emulator.requests()}
    assert len(titles(emulator)) == 4
    assert set(SyncRecord.objects.values_list("state", flat=True)) == {"synced"}


def test_a_long_429_lets_the_organisation_wait(connected, emulator):
    from linktime.crm.models import Organisation

    limited = {"status_code": 429, "type": "rate_limit_error", "code": "rate_limit_exceeded", "message": "later"}
    emulator.fault({"kind": "status", "status": 429, "body": limited, "headers": {"Retry-After": "90"}}, path="/v2/")
    booking = connected.book("grace@example.com")
    connected.drain()
    assert (record_of(booking).state, record_of(booking).error_code) == ("pending", "rate_limit_exceeded")
    assert (Organisation.objects.get().live_from - record_of(booking).due_at).total_seconds() > 60


def test_one_bad_record_among_good_ones_fails_alone(connected, emulator):
    emails = [f"invitee{number}@example.com" for number in range(8)]
    emails[3] = "grace@school.test"
    bookings = [connected.book(email) for email in emails]
    connected.drain()
    states = [record_of(booking).state for booking in bookings]
    assert states == ["synced"] * 3 + ["failed"] + ["synced"] * 4
    assert record_of(bookings[3]).error_code == "validation_type"
