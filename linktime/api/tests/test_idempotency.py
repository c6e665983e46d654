import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from linktime.api import answers, idempotency
from linktime.api.models import IdempotentAnswer
from linktime.api.tests.stage import api_of, faults, problem
from linktime.bookings import actions, erasure
from linktime.bookings.models import Booking
from linktime.scheduling.models import Schedule
from tests.people import NOW

pytestmark = pytest.mark.django_db
OFFICE = {"name": "Office", "time_zone": "Europe/London"}
KEY = {"Idempotency-Key": "one"}


def booking(hour=9):
    invitee = {"name": "Grace", "email": "grace@example.com"}
    return {"event_type": "intro-call", "start": f"2026-11-30T{hour:02}:00:00Z", "invitee": invitee}


def test_the_same_request_is_done_once_and_answered_twice(api, event_type):
    first = api.post("/bookings", booking(), **KEY)
    second = api.post("/bookings", booking(), **KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.content, first.headers["Content-Type"]) == (second.content, second.headers["Content-Type"])
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Booking.objects.count() == 1


def test_a_refusal_is_an_answer_too(api, event_type):
    api.post("/bookings", booking())
    first = problem(api.post("/bookings", booking(), **KEY), 409, "slot_taken")
    Booking.objects.get().booking_hosts.update(active=False)
    assert problem(api.post("/bookings", booking(), **KEY), 409, "slot_taken") == first


def test_a_key_belongs_to_one_request(api, event_type):
    api.post("/bookings", booking(), **KEY)
    problem(api.post("/bookings", booking(10), **KEY), 409, "idempotency_key_reused")
    problem(api.post("/schedules", booking(), **KEY), 409, "idempotency_key_reused")
    assert Booking.objects.count() == 1


def test_another_account_has_its_own_keys(api, stranger, colleague):
    assert api.post("/schedules", OFFICE, **KEY).status_code == 201
    other = stranger.post("/schedules", OFFICE, **KEY)
    assert (other.status_code, "Idempotent-Replayed" in other.headers) == (201, False)
    assert "Idempotent-Replayed" in colleague.post("/schedules", OFFICE, **KEY).headers


def test_a_key_is_free_again_after_a_day(api):
    api.post("/schedules", OFFICE, **KEY)
    IdempotentAnswer.objects.update(at=NOW - timedelta(hours=24))
    assert "Idempotent-Replayed" not in api.post("/schedules", OFFICE | {"name": "Home"}, **KEY).headers
    assert "Idempotent-Replayed" in api.post("/schedules", OFFICE | {"name": "Home"}, **KEY).headers


def test_answers_are_forgotten_after_a_day(api):
    api.post("/schedules", OFFICE, **KEY)
    assert answers.forget_expired(NOW + timedelta(hours=23)) == 0
    assert answers.forget_expired(NOW + timedelta(hours=25)) == 1


def test_answers_that_name_somebody_who_was_erased_are_forgotten(alice, api, stranger, event_type):
    api.post("/bookings", booking(), **KEY)
    api.post("/schedules", OFFICE, **{"Idempotency-Key": "two"})
    other = IdempotentAnswer.objects.filter(account=alice.account, key="two")
    stranger.post("/schedules", OFFICE | {"name": "about grace@example.com"}, **KEY)
    erasure.erase_invitee(alice.account, "Grace@example.com", NOW + timedelta(days=30))
    assert IdempotentAnswer.objects.filter(account=alice.account).get() == other.get()
    assert IdempotentAnswer.objects.count() == 2


def test_a_failure_of_ours_is_not_kept(api, event_type, monkeypatch):
    def fail(*args, **kwargs):
        Schedule.objects.update(name="half-written")
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(actions, "book", fail)
        problem(api.post("/bookings", booking(), **KEY), 500, "internal_error")
    assert not Schedule.objects.filter(name="half-written").exists()
    assert api.post("/bookings", booking(), **KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "ä", "tab\there"])
def test_a_key_is_a_short_plain_text(api, key):
    assert faults(api.post("/schedules", OFFICE, **{"Idempotency-Key": key})) == {"Idempotency-Key": "invalid"}
    assert not Schedule.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_works_and_the_other_gets_its_answer(alice, event_type):
    together = threading.Barrier(6)
    caller = api_of(alice)

    def book(_):
        together.wait()
        try:
            return caller.post("/bookings", booking(), **KEY).content
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(book, range(6)))
    assert len(set(answers)) == 1
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_to_ask_again(alice, event_type, monkeypatch):
    monkeypatch.setattr(idempotency, "PATIENCE", "100ms")
    begun, done = threading.Event(), threading.Event()
    real, caller = actions.book, api_of(alice)

    def slow(*args, **kwargs):
        begun.set()
        assert done.wait(10)
        return real(*args, **kwargs)

    def book():
        try:
            return caller.post("/bookings", booking(), **KEY)
        finally:
            connection.close()

    monkeypatch.setattr(actions, "book", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(book)
        assert begun.wait(10)
        waiting = caller.post("/bookings", booking(), **KEY)
        done.set()
        assert first.result().status_code == 201
    problem(waiting, 409, "idempotency_key_in_progress")
    assert waiting.headers["Retry-After"] == "1"
