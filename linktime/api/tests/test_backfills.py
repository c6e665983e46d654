from datetime import timedelta

import pytest

from linktime.accounts.models import Plan
from linktime.api.tests.stage import faults, problem
from linktime.api.tests.test_crm import connect
from linktime.crm import backfill
from linktime.crm.models import Backfill, SyncRecord
from tests import jobs
from tests.people import NOW

pytestmark = pytest.mark.django_db
THIS_YEAR = {"from": "2026-01-01", "to": "2026-12-31"}


@pytest.fixture
def earlier(api, event_type):
    """Three bookings of a time when nothing was connected."""
    for hour in (9, 10, 11):
        invitee = {"name": "Grace", "email": "grace@example.com"}
        body = {"event_type": "intro-call", "start": f"2026-11-30T{hour:02}:00:00Z", "invitee": invitee}
        assert api.post("/bookings", body).status_code == 201


@pytest.fixture
def connection(alice, earlier):
    return connect(alice)


@pytest.fixture
def here(connection):
    return f"/crm/connections/{connection.pk}/backfill"


def test_a_backfill_begins_and_tells_how_far_it_is(api, connection, here, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = api.post(here, THIS_YEAR)
    assert answer.status_code == 201
    begun = {
        "id": Backfill.objects.get().pk,
        "connection": connection.pk,
        "state": "running",
        "from": "2026-01-01T00:00:00Z",
        "to": "2027-01-01T00:00:00Z",
        "started_at": answer.json()["started_at"],
        "total": 3,
        "synced": 0,
        "failed": 0,
        "pending": 0,
        "a_minute": 0,
    }
    assert answer.json() == begun
    assert jobs.work("upkeep.backfill") == 1
    assert api.get(here).json() == begun | {"pending": 3}
    first = SyncRecord.objects.earliest("id")
    SyncRecord.objects.filter(pk=first.pk).update(state="failed")
    SyncRecord.objects.exclude(pk=first.pk).update(state="synced", synced_at=NOW + timedelta(seconds=1))
    assert api.get(here).json() == begun | {"state": "done", "synced": 2, "failed": 1, "a_minute": 2}


def test_it_can_be_stopped(api, here):
    api.post(here, THIS_YEAR)
    answer = api.delete(here)
    assert (answer.status_code, answer.json()["state"]) == (200, "stopping")
    problem(api.post(here, THIS_YEAR), 409, "backfill_under_way")
    backfill.forget(Backfill.objects.get())
    assert api.get(here).json()["state"] == "stopped"
    assert api.delete(here).json()["state"] == "stopped"
    assert api.post(here, THIS_YEAR).status_code == 201


def test_dates_are_the_caller_s_own(api, alice, here):
    alice.user.time_zone = "Asia/Tokyo"
    alice.user.save()
    found = api.post(here, {"from": "2026-11-30", "to": "2026-11-30"}).json()
    assert (found["from"], found["to"], found["total"]) == ("2026-11-29T15:00:00Z", "2026-11-30T15:00:00Z", 3)


def test_instants_are_taken_as_they_are(api, here):
    found = api.post(here, {"from": "2026-11-30T09:30:00Z", "to": "2026-11-30T12:00:00+01:00"}).json()
    assert (found["from"], found["to"], found["total"]) == ("2026-11-30T09:30:00Z", "2026-11-30T11:00:00Z", 1)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, {"from": "required", "to": "required"}),
        ({"from": "2026-02-30", "to": "2026-11-30T09:00:00"}, {"from": "invalid_date", "to": "invalid_instant"}),
        ({"from": 1, "to": None}, {"from": "wrong_type", "to": "wrong_type"}),
        ({"from": "2026-12-01", "to": "2026-11-01"}, {"to": "ends_before_start"}),
        ({**THIS_YEAR, "all": True}, {"all": "unknown_field"}),
    ],
)
def test_a_time_that_is_none_is_refused(api, here, body, told):
    assert faults(api.post(here, body)) == told


def test_before_the_first_one_there_is_none(api, here):
    problem(api.get(here), 404, "not_found")
    problem(api.delete(here), 404, "not_found")


def test_only_an_owner_brings_earlier_bookings(colleague, here):
    problem(colleague.post(here, THIS_YEAR), 403, "owner_required")


def test_free_has_no_crm(api, alice, here):
    alice.account.plan = Plan.FREE
    alice.account.save()
    problem(api.post(here, THIS_YEAR), 403, "plan_required")


def test_a_stranger_finds_no_backfill_of_others(api, stranger, here):
    api.post(here, THIS_YEAR)
    for answer in (stranger.post(here, THIS_YEAR), stranger.get(here), stranger.delete(here)):
        problem(answer, 404, "not_found")
