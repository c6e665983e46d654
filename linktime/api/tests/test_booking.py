from datetime import datetime, timedelta

import pytest

from linktime.api.tests.stage import faults, problem
from linktime.bookings.models import Booking
from tests.people import make_event_type

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


def test_the_event_type_is_named_by_id_or_slug(api, event_type):
    by_id = api.post("/bookings", wanted(event_type=event_type.pk))
    by_text = api.post("/bookings", wanted(event_type=str(event_type.pk), start="2026-11-30T10:00:00+01:00"))
    assert by_id.status_code == 201
    problem(by_text, 409, "slot_taken")


def test_answers_come_back_under_their_keys(api, alice):
    question = {"key": "company", "label": "Company", "kind": "text", "required": True, "options": []}
    make_event_type(alice, questions=[question])
    assert faults(api.post("/bookings", wanted())) == {"answers.company": "required"}
    assert api.post("/bookings", wanted(answers={"company": "Navy"})).json()["answers"] == {"company": "Navy"}


def test_a_reschedule_keeps_the_uid_and_raises_the_revision(api, booking):
    answer = api.post(f"/bookings/{booking['uid']}/reschedule", {"start": "2026-11-30T11:00:00Z", "reason": "Ill"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["uid"], body["revision"], body["start"]) == (booking["uid"], 2, "2026-11-30T11:00:00Z")
    assert body["history"][1] == body["history"][1] | {
        "kind": "rescheduled", "previous_start": START, "previous_end": "2026-11-30T09:30:00Z", "reason": "Ill"
    }  # fmt: skip


def test_a_meeting_that_has_not_begun_is_missed_by_nobody(api, booking):
    problem(api.post(f"/bookings/{booking['uid']}/no-show"), 409, "not_begun")


def test_a_no_show_is_told(api, booking, monkeypatch):
    begun = datetime.fromisoformat(booking["start"]) + timedelta(minutes=5)
    monkeypatch.setattr("linktime.core.clock.now", lambda: begun)
    answer = api.post(f"/bookings/{booking['uid']}/no-show", {"reason": "no answer"})
    assert (answer.status_code, answer.json()["status"], answer.json()["revision"]) == (200, "no_show", 2)
    assert answer.json()["history"][-1]["reason"] == "no answer"
    assert [row["uid"] for row in api.get("/bookings?status=no_show").json()["data"]] == [booking["uid"]]
    problem(api.post(f"/bookings/{booking['uid']}/no-show"), 409, "already_no_show")


def test_a_cancellation_needs_no_body_and_happens_once(api, booking):
    answer = api.post(f"/bookings/{booking['uid']}/cancel")
    assert (answer.status_code, answer.json()["status"], answer.json()["revision"]) == (200, "cancelled", 2)
    problem(api.post(f"/bookings/{booking['uid']}/cancel", {"reason": "again"}), 409, "already_cancelled")
    later = {"start": "2026-11-30T11:00:00Z"}
    problem(api.post(f"/bookings/{booking['uid']}/reschedule", later), 409, "already_cancelled")


def test_a_taken_slot_brings_the_next_three(api, booking):
    body = problem(api.post("/bookings", wanted()), 409, "slot_taken")
    assert body["alternatives"] == [
        {"start": "2026-11-30T09:30:00Z", "end": "2026-11-30T10:00:00Z"},
        {"start": "2026-11-30T10:00:00Z", "end": "2026-11-30T10:30:00Z"},
        {"start": "2026-11-30T10:30:00Z", "end": "2026-11-30T11:00:00Z"},
    ]


def test_a_meeting_that_is_over_counts_as_completed(api, booking):
    Booking.objects.update(start="2026-11-16T09:00:00Z", end="2026-11-16T09:30:00Z")
    assert api.get(f"/bookings/{booking['uid']}").json()["status"] == "completed"
    problem(api.post(f"/bookings/{booking['uid']}/cancel"), 409, "already_over")


def test_every_fault_is_told_at_once(api, event_type):
    bad = {"name": "", "email": "nope", "time_zone": "Mars/Base"}
    past = wanted(start="2020-11-30T09:00:00Z", invitee=bad, guests=["x"], duration=31)
    assert faults(api.post("/bookings", past)).keys() >= {
        "duration", "invitee.name", "invitee.email", "invitee.time_zone", "guests.0"
    }  # fmt: skip
    unreadable = {"event_type": "intro-call", "invitee": {"email": "nope", "name": 7, "shoe": 9}, "guests": ["x"]}
    assert faults(api.post("/bookings", unreadable)) == {
        "start": "required",
        "invitee.name": "wrong_type",
        "invitee.shoe": "unknown_field",
        "invitee.email": "invalid_email",
        "guests.0": "invalid_email",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start": "2026-11-30T09:00:00"}, "start"),
        ({"start": "2026-11-30"}, "start"),
        ({"start": "2026-02-30T09:00:00Z"}, "start"),
        ({"start": "9999-12-31T23:59:59-12:00"}, "start"),
        ({"start": 1_795_000_000}, "start"),
        ({"start": "2026-11-30T09:07:00Z"}, "start"),
        ({"start": "2026-11-22T09:00:00Z"}, "start"),
        ({"duration": "30"}, "duration"),
        ({"duration": 10**30}, "duration"),
        ({"duration": True}, "duration"),
        ({"invitee": None}, "invitee"),
        ({"invitee": GRACE | {"name": "x" * 10_000}}, "invitee.name"),
        ({"invitee": GRACE | {"name": "Gra\x00ce"}}, "invitee.name"),
        ({"invitee": GRACE | {"name": "Gra\u202ece"}}, "invitee.name"),
        ({"invitee": GRACE | {"name": "Gra\ud800ce"}}, "invitee.name"),
        ({"invitee": GRACE | {"notes": "\ud800"}}, "invitee.notes"),
        ({"invitee": GRACE | {"time_zone": ["Europe/London"]}}, "invitee.time_zone"),
        ({"invitee": GRACE | {"phone": "12"}}, "invitee.phone"),
        ({"guests": "a@example.com"}, "guests"),
        ({"answers": [1]}, "answers"),
        ({"answers": {"\x00": 1}}, "answers"),
        ({"event_type": True}, "event_type"),
        ({"event_type": "x" * 200}, "event_type"),
        ({"event_type": "\x00"}, "event_type"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_values_are_faults_of_their_field(api, event_type, change, field):
    assert all(found.startswith(field) for found in faults(api.post("/bookings", wanted(**change))))
    assert not Booking.objects.exists()


@pytest.mark.parametrize("body", [[], "x", 7, False])
def test_a_body_that_is_no_object_is_a_fault(api, event_type, body):
    assert faults(api.post("/bookings", body)) == {"body": "wrong_type"}
    assert faults(api.post("/bookings")) == {"body": "required"}


def test_a_time_in_a_gap_of_the_clock_is_not_on_offer(api, alice):
    """On 2027-03-28 London goes from 01:00 to 02:00: nothing begins in between."""
    hours = [{"days": ["sun"], "start": "00:00", "end": "04:00"}]
    event_type = make_event_type(alice, window=None)
    event_type.schedule.weekly = hours
    event_type.schedule.save()
    found = api.get("/slots", event_type="intro-call", start="2027-03-28", end="2027-03-28").json()["data"]
    assert [slot["start"][11:16] for slot in found] == ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30"]


def test_unknown_things_are_not_found(api, event_type):
    problem(api.post("/bookings", wanted(event_type="nothing")), 404, "not_found")
    problem(api.post("/bookings", wanted(event_type=10**25)), 404, "not_found")
    problem(api.get("/bookings/nothing"), 404, "not_found")
    assert faults(api.get("/bookings/%00")) == {"uid": "invalid_text"}


def test_a_colleague_shares_bookings_and_a_stranger_sees_none(colleague, stranger, booking):
    uid = booking["uid"]
    assert colleague.get(f"/bookings/{uid}").status_code == 200
    assert stranger.get("/bookings").json()["data"] == []
    problem(stranger.get(f"/bookings/{uid}"), 404, "not_found")
    problem(stranger.post(f"/bookings/{uid}/reschedule", {"start": "2026-11-30T11:00:00Z"}), 404, "not_found")
    problem(stranger.post(f"/bookings/{uid}/cancel"), 404, "not_found")
    problem(stranger.post("/bookings", wanted()), 404, "not_found")
    problem(stranger.get("/bookings", event_type="intro-call"), 404, "not_found")
    assert colleague.post(f"/bookings/{uid}/cancel").status_code == 200
