from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from linktime.api import limits
from linktime.api.models import RateWindow
from linktime.api.tests.stage import api_of, problem

pytestmark = pytest.mark.django_db


def test_the_headers_tell_what_is_left(api, settings):
    settings.RATE_LIMIT = 120
    for left in (119, 118):
        headers = api.get("/me").headers
        assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("120", str(left))
        assert 0 < int(headers["RateLimit-Reset"]) <= 60


def test_too_many_requests_are_told_when_to_go_on(api, alice, settings):
    settings.RATE_LIMIT = 2
    assert [api.get("/me").status_code for _ in range(2)] == [200, 200]
    answer = api.post("/schedules", {"name": "Office", "time_zone": "Europe/London"})
    problem(answer, 429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert api_of(alice).get("/me").status_code == 200, "another key has its own count"


def test_errors_count_too(api, settings):
    settings.RATE_LIMIT = 1
    problem(api.get("/bookings/nothing"), 404, "not_found")
    problem(api.get("/bookings/nothing"), 429, "too_many_requests")


def test_a_new_minute_begins_anew(api, settings):
    settings.RATE_LIMIT = 1
    api.get("/me")
    window = RateWindow.objects.get()
    window.began_at -= timedelta(seconds=61)
    window.save()
    assert api.get("/me").status_code == 200
    problem(api.get("/me"), 429, "too_many_requests")


@pytest.mark.django_db(transaction=True)
def test_no_request_is_missed_when_many_come_at_once(alice):
    """Each thread has a connection of its own, as processes have."""
    alice.key()
    key_id = alice.user.api_keys.get().pk

    def count(_):
        try:
            return limits.count_request(key_id).used
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(count, range(40))) == list(range(1, 41))


def test_counting_is_one_statement(api, alice, django_assert_num_queries):
    key_id = alice.user.api_keys.get().pk
    with django_assert_num_queries(1):
        limits.count_request(key_id)
