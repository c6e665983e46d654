import pytest

from linktime.accounts.models import Account
from linktime.api.tests.stage import faults, problem
from linktime.bookings.models import Booking

pytestmark = pytest.mark.django_db
START = "2026-11-30T09:00:00Z"
GRACE = {"name": "Grace Hopper", "email": "grace@example.com"}


def wanted(**changes):
    return {"event_type": "intro-call", "start": START, "invitee": GRACE} | changes


@pytest.fixture
def booking(api, event_type):
    return api.post("/bookings", wanted()).json()


def test_a_booking_is_answered_with_all_of_it(api, alice, event_type):
    answer = api.post("/bookings", wanted(guests=["ada@example.com"], invitee=GRACE | {"notes": "Compilers"}))
    assert answer.status_code == 201
    body = answer.json()
    uid = body.pop("uid")
    at = body["history"][0].pop("at")
    assert at.startswith("2026-11-23T08:00:0")
    assert at.endswith("Z")
    assert body == {
        "status": "confirmed",
        "revision": 1,
        "event_type": {"id": event_type.pk, "slug": "intro-call", "title": "Intro call"},
        "start": START,
        "end": "2026-11-30T09:30:00Z",
        "hosts": [{"id": alice.user.pk, "name": "Alice Lovelace"}],
        "invitee": GRACE | {"phone": "", "time_zone": "Europe/London", "locale": "", "notes": "Compilers"},
        "guests": ["ada@example.com"],
        "answers": {},
        "location": "",
        "url": f"http://127.0.0.1:8000/b/{uid}",
        "history": [{"kind": "booked", "revision": 1, "previous_start": None, "previous_end": None, "reason": ""}],
    }
    assert api.get(f"/bookings/{uid}").json()["uid"] == uid
