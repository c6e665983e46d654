import pytest

from linktime.api.tests.stage import api_of, faults, problem
from linktime.bookings.models import Booking
from tests.people import make_event_type

pytestmark = pytest.mark.django_db
WISH = {
    "event_type": "ask-first", "start": "2026-11-30T09:00:00Z",
    "invitee": {"name": "Grace Hopper", "email": "grace@example.com"},
}  # fmt: skip


@pytest.fixture
def asking(api, alice):
    make_event_type(alice, slug="ask-first", requires_approval=True)
    answer = api.post("/bookings", WISH)
    assert answer.status_code == 201
    return answer.json()


def kinds(booking):
    return [change["kind"] for change in booking["history"]]


def listed(api, status):
    return [row["uid"] for row in api.get(f"/bookings?status={status}").json()["data"]]


def test_a_booking_is_pending_until_the_host_accepts(api, asking):
    assert (asking["status"], asking["revision"], kinds(asking)) == ("pending", 1, ["requested"])
    assert listed(api, "pending") == [asking["uid"]]
    problem(api.post("/bookings", WISH), 409, "slot_taken")
    accepted = api.post(f"/bookings/{asking['uid']}/accept")
    assert accepted.status_code == 200
    assert (accepted.json()["status"], kinds(accepted.json())) == ("confirmed", ["requested", "confirmed"])
    assert (listed(api, "pending"), listed(api, "confirmed")) == ([], [asking["uid"]])
    problem(api.post(f"/bookings/{asking['uid']}/accept"), 409, "already_confirmed")


def test_a_declined_booking_frees_its_time(api, asking):
    declined = api.post(f"/bookings/{asking['uid']}/decline", {"reason": "On leave"})
    assert (declined.json()["status"], declined.json()["history"][-1]["reason"]) == ("declined", "On leave")
    assert listed(api, "declined") == [asking["uid"]]
    assert api.post("/bookings", WISH).status_code == 201
    for call in ("accept", "decline", "cancel"):
        problem(api.post(f"/bookings/{asking['uid']}/{call}"), 409, "already_declined")


def test_a_pending_booking_can_be_moved_and_cancelled(api, asking):
    here = f"/bookings/{asking['uid']}"
    moved = api.post(f"{here}/reschedule", {"start": "2026-11-30T10:00:00Z"}).json()
    assert (moved["status"], moved["start"]) == ("pending", "2026-11-30T10:00:00Z")
    problem(api.post(f"{here}/no-show"), 409, "not_begun")
    assert api.post(f"{here}/cancel").json()["status"] == "cancelled"


def test_the_invitee_confirms_the_address_first(api, alice):
    make_event_type(alice, slug="ask-first", requires_verification=True, requires_approval=True)
    asking = api.post("/bookings", WISH).json()
    assert asking["status"] == "pending"
    problem(api.post(f"/bookings/{asking['uid']}/accept"), 409, "not_verified")


def test_a_stranger_decides_nothing(stranger, colleague, asking):
    for call in ("accept", "decline"):
        problem(stranger.post(f"/bookings/{asking['uid']}/{call}"), 404, "not_found")
    assert Booking.objects.get().pending
    assert colleague.post(f"/bookings/{asking['uid']}/accept").status_code == 200


def test_a_key_that_only_reads_decides_nothing(alice, asking):
    problem(api_of(alice, "read").post(f"/bookings/{asking['uid']}/accept"), 403, "read_only_key")


def test_deadlines_are_for_invitees(api, alice):
    make_event_type(alice, slug="ask-first", cancel_deadline=14 * 24 * 60, reschedule_deadline=14 * 24 * 60)
    here = f"/bookings/{api.post('/bookings', WISH).json()['uid']}"
    assert api.post(f"{here}/reschedule", {"start": "2026-11-30T10:00:00Z"}).status_code == 200
    assert api.post(f"{here}/cancel").status_code == 200


def test_several_choices_are_answered_with_a_list(api, alice):
    question = {"key": "days", "label": "Days", "kind": "choices", "required": True, "options": ["Mon", "Tue", "Wed"]}
    make_event_type(alice, slug="ask-first", questions=[question])
    assert faults(api.post("/bookings", WISH)) == {"answers.days": "required"}
    assert faults(api.post("/bookings", WISH | {"answers": {"days": ["Mon", "Sun"]}})) == {
        "answers.days.1": "not_an_option"
    }
    assert faults(api.post("/bookings", WISH | {"answers": {"days": "Mon"}})) == {"answers.days": "wrong_type"}
    answer = api.post("/bookings", WISH | {"answers": {"days": ["Wed", "Mon", "Wed"]}})
    assert answer.json()["answers"] == {"days": ["Mon", "Wed"]}
