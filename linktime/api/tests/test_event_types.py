import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linktime.api.tests.stage import faults, problem
from tests.people import make_event_type

pytestmark = pytest.mark.django_db
CHAT = {"slug": "chat", "title": "Chat", "durations": [15, 30]}


@pytest.fixture
def schedule(api):
    return api.post("/schedules", {"name": "Office", "time_zone": "Europe/London"}).json()["id"]


def test_what_is_left_out_has_its_default(api, alice, schedule):
    made = api.post("/event-types", CHAT)
    assert made.status_code == 201
    body = made.json()
    assert body == CHAT | {
        "id": body["id"],
        "description": "",
        "schedule_id": schedule,
        "location": None,
        "slot_interval": None,
        "slot_offset": 0,
        "buffer_before": 0,
        "buffer_after": 0,
        "minimum_notice": 0,
        "window": {"kind": "rolling", "days": 60},
        "limits": {"day": None, "week": None, "month": None},
        "assignment": "single",
        "hosts": [alice.user.pk],
        "host_options": [{"host": alice.user.pk, "schedule_id": schedule, "weight": 1}],
        "seats": 1,
        "questions": [],
        "visibility": "public",
        "requires_approval": False,
        "requires_verification": False,
        "reschedule_deadline": None,
        "cancel_deadline": None,
        "redirect_url": "",
        "reminders": [],
        "follow_ups": [],
        "texts": {},
        "active": True,
        "url": "http://127.0.0.1:8000/alice/chat",
    }


def test_what_was_read_can_be_sent_back(api, schedule):
    body = api.post("/event-types", CHAT | {"location": {"kind": "phone", "value": ""}}).json()
    here = f"/event-types/{body['id']}"
    sent = {name: value for name, value in body.items() if name not in ("id", "url")}
    assert api.patch(here, sent | {"window": None}).json() == body | {"window": None}


def test_an_event_type_is_changed_and_deleted(api, schedule):
    here = f"/event-types/{api.post('/event-types', CHAT).json()['id']}"
    assert api.patch(here, {"active": False}).json()["active"] is False
    assert api.get(here).json()["active"] is False
    assert api.delete(here).status_code == 204
    problem(api.get(here), 404, "not_found")


def test_every_fault_is_told(api, schedule):
    bad = {"slug": "No Good", "durations": ["30"], "buffer_before": -1, "hosts": [99_999], "colour": {}}
    assert faults(api.post("/event-types", bad)) == {
        "slug": "invalid_slug", "title": "required", "durations.0": "wrong_type", "buffer_before": "out_of_range",
        "hosts.0": "not_a_member", "colour": "unknown_field",
    }  # fmt: skip


def test_an_address_is_given_once(api, event_type):
    problem(api.post("/event-types", CHAT | {"slug": "intro-call"}), 409, "slug_taken")


def test_one_that_was_booked_stays(api, event_type):
    invitee = {"name": "Grace", "email": "grace@example.com"}
    api.post("/bookings", {"event_type": event_type.pk, "start": "2026-11-30T09:00:00Z", "invitee": invitee})
    problem(api.delete(f"/event-types/{event_type.pk}"), 409, "has_bookings")


def test_a_colleague_shares_event_types_and_a_stranger_sees_none(colleague, stranger, charlie, event_type):
    here = f"/event-types/{event_type.pk}"
    assert colleague.get(here).status_code == 200
    assert stranger.get("/event-types").json()["data"] == []
    problem(stranger.get(here), 404, "not_found")
    problem(stranger.patch(here, {"title": "Mine"}), 404, "not_found")
    problem(stranger.delete(here), 404, "not_found")
    mine = make_event_type(charlie)
    others = {"schedule_id": event_type.schedule_id, "hosts": [event_type.host_id]}
    assert faults(stranger.patch(f"/event-types/{mine.pk}", others)) == {
        "schedule_id": "unknown_schedule", "hosts.0": "not_a_member"
    }  # fmt: skip


def test_the_length_of_the_list_costs_no_queries(api, alice):
    for number in range(3):
        make_event_type(alice, f"chat-{number}")
    with CaptureQueriesContext(connection) as queries:
        assert len(api.get("/event-types").json()["data"]) == 3
    assert len(queries) == 4  # the key, its limit, the event types, their hosts


def test_a_team_meets_in_turn_or_together(api, alice, bob, schedule):
    """Each host offers hours of their own, and has turns by weight."""
    hosts = [bob.user.pk, alice.user.pk]
    options = [{"host": alice.user.pk, "schedule_id": schedule, "weight": 3}]
    body = api.post(
        "/event-types", CHAT | {"assignment": "round_robin", "hosts": hosts, "host_options": options}
    ).json()
    assert body["hosts"] == hosts
    assert body["host_options"] == [{"host": bob.user.pk, "schedule_id": body["schedule_id"], "weight": 1}, *options]
    here = f"/event-types/{body['id']}"
    assert api.patch(here, {"assignment": "collective", "hosts": hosts[::-1]}).json()["hosts"] == hosts[::-1]
    assert api.get(here).json()["host_options"][0] == options[0]
    assert faults(api.patch(here, {"assignment": "single"})) == {"assignment": "wrong_length"}
    assert faults(api.patch(here, {"hosts": hosts * 2})) == {"hosts.2": "not_unique", "hosts.3": "not_unique"}
    assert faults(api.patch(here, {"host_options": [{"host": 99_999}]})) == {"host_options.0.host": "not_a_host"}
    assert api.get(here).json()["assignment"] == "collective"


@pytest.mark.parametrize(
    ("limits", "fault"),
    [
        ({"day": 3, "month": 2}, {"limits.day": "above_longer_limit"}),
        ({"day": 3, "week": 2}, {"limits.day": "above_longer_limit"}),
        ({"week": 3, "month": 2}, {"limits.week": "above_longer_limit"}),
        ({"day": 0}, {"limits.day": "out_of_range"}),
        ({"year": 1}, {"limits.year": "unknown_field"}),
    ],
)
def test_limits_that_make_no_sense_are_refused(api, schedule, limits, fault):
    assert faults(api.post("/event-types", CHAT | {"limits": limits})) == fault


def test_a_link_for_one_booking(api, stranger, event_type):
    link = api.post(f"/event-types/{event_type.pk}/links")
    assert link.status_code == 201
    token = link.json()["token"]
    assert link.json()["url"] == f"http://127.0.0.1:8000/alice/intro-call?link={token}"
    api.patch(f"/event-types/{event_type.pk}", {"visibility": "link_only"})
    wish = {"event_type": event_type.pk, "invitee": {"name": "Grace", "email": "grace@example.com"}}
    problem(api.post("/bookings", wish | {"start": "2026-11-30T09:00:00Z"}), 409, "link_needed")
    assert api.post("/bookings", wish | {"start": "2026-11-30T09:00:00Z", "link": token}).status_code == 201
    problem(api.post("/bookings", wish | {"start": "2026-11-30T10:00:00Z", "link": token}), 409, "link_used")
    problem(stranger.post(f"/event-types/{event_type.pk}/links"), 404, "not_found")
