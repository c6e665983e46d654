import pytest

from linktime.accounts.models import ApiKey, Membership
from linktime.api.tests.stage import Api, api_of, problem

pytestmark = pytest.mark.django_db


def test_a_key_acts_for_its_user_and_account(api, alice):
    assert api.get("/me").json() == {
        "account": {"id": alice.account.pk, "name": "Analytical Engines", "handle": "alice"},
        "plan": "pro",
        "user": {
            "id": alice.user.pk,
            "name": "Alice Lovelace",
            "email": "alice@example.com",
            "time_zone": "Europe/London",
            "role": "owner",
        },
        "scope": "read-write",
    }


def test_each_members_key_has_their_own_role(colleague, bob, alice):
    user = colleague.get("/me").json()["user"]
    assert (user["id"], user["role"]) == (bob.user.pk, "member")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "lt_x"])
def test_without_a_key_nothing_is_answered(db, header):
    answer = Api("").call("GET", "/me", Authorization=header)
    problem(answer, 401, "api_key_missing")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("text", ["lt_unknown", "lt_" + "x" * 5000, "lt_\x7f", "lt_ä"])
def test_a_key_that_is_none_opens_nothing(db, text):
    problem(Api(text).get("/me"), 401, "api_key_invalid")


def test_a_deleted_key_stops_working(api):
    ApiKey.objects.all().delete()
    problem(api.get("/me"), 401, "api_key_invalid")


def test_the_key_of_a_removed_member_stops_working(colleague, bob):
    Membership.objects.filter(user=bob.user).delete()
    problem(colleague.get("/me"), 401, "api_key_invalid")


def test_a_membership_elsewhere_does_not_keep_a_key_alive(colleague, bob, charlie):
    Membership.objects.filter(user=bob.user).delete()
    Membership.objects.create(account=charlie.account, user=bob.user)
    problem(colleague.get("/me"), 401, "api_key_invalid")


def test_the_key_of_somebody_who_was_switched_off_stops_working(colleague, bob):
    bob.user.is_active = False
    bob.user.save()
    problem(colleague.get("/me"), 401, "api_key_invalid")


def test_a_read_key_reads_and_writes_nothing(alice, event_type):
    reader = api_of(alice, ApiKey.Scope.READ)
    here = f"/event-types/{event_type.pk}"
    assert reader.get("/me").json()["scope"] == "read"
    assert reader.get(here).status_code == 200
    for answer in (
        reader.post("/bookings", {}),
        reader.patch(here, {"active": False}),
        reader.delete(here),
        reader.post("/schedules", {}, **{"Idempotency-Key": "k"}),
    ):
        problem(answer, 403, "read_only_key")


def test_nothing_of_an_answer_is_kept_by_caches(api):
    assert api.get("/me").headers["Cache-Control"] == "no-store"


def test_a_member_of_two_accounts_sees_the_one_of_the_key(alice, bob, charlie):
    Membership.objects.create(account=charlie.account, user=bob.user, role=Membership.Role.OWNER)
    me = api_of(bob).get("/me").json()
    assert (me["account"]["handle"], me["user"]["role"]) == ("alice", "member")
