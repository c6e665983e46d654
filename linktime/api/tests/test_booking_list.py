import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linktime.api.tests.stage import faults
from linktime.bookings.models import Booking
from tests.people import make_event_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def bookings(api, alice, event_type):
    """Four bookings, one each hour from 09:00 on, of four invitees; the third is cancelled."""
    make_event_type(alice, "deep-dive")
    uids = []
    for place in range(4):
        invitee = {"name": f"Invitee {place}", "email": f"Invitee{place}@example.com"}
        kind = "deep-dive" if place == 3 else "intro-call"
        body = {"event_type": kind, "start": f"2026-11-30T{9 + place:02}:00:00Z", "invitee": invitee}
        uids.append(api.post("/bookings", body).json()["uid"])
    api.post(f"/bookings/{uids[2]}/cancel")
    return uids


def listed(api, **query):
    return [booking["uid"] for booking in api.get("/bookings", **query).json()["data"]]


def test_those_that_begin_last_come_first(api, bookings):
    assert listed(api) == bookings[::-1]


def test_filters_narrow_the_list(api, bookings):
    assert listed(api, status="cancelled") == [bookings[2]]
    assert listed(api, status="confirmed") == [bookings[3], bookings[1], bookings[0]]
    assert listed(api, status="no_show") == []
    assert listed(api, email="INVITEE1@example.com") == [bookings[1]]
    assert listed(api, event_type="deep-dive") == [bookings[3]]
    assert listed(api, **{"from": "2026-11-30T10:00:00Z", "to": "2026-11-30T12:00:00Z"}) == bookings[2:0:-1]
    Booking.objects.filter(uid=bookings[0]).update(start="2026-11-16T09:00:00Z", end="2026-11-16T09:30:00Z")
    assert listed(api, status="completed") == [bookings[0]]


def test_pages_follow_each_other_without_gap_or_repetition(api, bookings):
    first = api.get("/bookings", limit=3).json()
    assert [booking["uid"] for booking in first["data"]] == bookings[:0:-1]
    second = api.get("/bookings", limit=3, cursor=first["next_cursor"]).json()
    assert [booking["uid"] for booking in second["data"]] == bookings[:1]
    assert second["next_cursor"] is None


def test_bookings_that_begin_together_are_paged_too(api, bookings):
    """Two hosts may begin at once; nothing is lost between pages that part them."""
    Booking.objects.update(start="2026-11-30T09:00:00Z")
    seen, cursor = [], None
    for _ in range(4):
        page = api.get("/bookings", limit=1, **({"cursor": cursor} if cursor else {})).json()
        seen += [booking["uid"] for booking in page["data"]]
        cursor = page["next_cursor"]
    assert (seen, cursor) == (bookings, None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "x" * 5000}, "cursor"),
        ({"status": "gone"}, "status"),
        ({"from": "2026-11-30"}, "from"),
        ({"to": "2026-11-30T10:00:00"}, "to"),
        ({"email": "\x00"}, "email"),
        ({"statsu": "confirmed"}, "statsu"),
    ],
)
def test_a_bad_parameter_is_a_fault(api, bookings, query, field):
    assert list(faults(api.get("/bookings", **query))) == [field]


def test_a_cursor_of_another_list_is_refused(api, alice, bookings):
    cursor = api.get("/event-types", limit=1).json()["next_cursor"]
    assert list(faults(api.get("/bookings", cursor=cursor))) == ["cursor"]


def test_the_length_of_the_list_costs_no_queries(api, bookings):
    counts = []
    for limit in (1, 4):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(listed(api, limit=limit)) == limit
        counts.append(len(queries))
    assert counts == [6, 6]  # the key, its limit; bookings, their hosts, those people, their changes
