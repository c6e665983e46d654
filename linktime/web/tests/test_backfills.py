"""Earlier bookings are synced from the Integrations page."""

import re

import pytest

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.connections.models import Connection
from linktime.crm.models import Backfill, SyncRecord
from tests import jobs
from tests.people import NOW

PAGE = "/dashboard/integrations/salesforce/backfill"
NOVEMBER = {"since": "2026-11-01", "until": "2026-11-30"}


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


@pytest.fixture
def bookings(event_type):
    grace = InviteeDetails("Grace Hopper", "grace@example.com")
    return [
        actions.book(
            event_type,
            start=NOW.replace(day=24, hour=hour),
            duration=None,
            invitee=grace,
            guests=[],
            answers={},
            now=NOW,
        )
        for hour in (10, 11)
    ]


@pytest.fixture
def connection(alice, bookings):
    return Connection.objects.create(
        account=alice.account, service="salesforce", organisation_key="00D1", organisation_name="Engines",
        environment="sandbox", login_url="https://login.salesforce.com", api_url="https://e.my.salesforce.com",
        client_id="operators-key", connected_at=NOW, connected_by=alice.user,
    )  # fmt: skip


def shown(client, path=PAGE, **headers):
    return re.sub(r"\s+", " ", client.get(path, headers=headers).content.decode())


def test_it_says_how_many_there_are_before_anything_happens(as_alice, connection):
    page = shown(as_alice)
    assert "2 bookings of this time are not in Salesforce" in page
    assert 'name="since" value="2025-11-23"' in page
    assert "Sync 2 bookings" in page
    assert not SyncRecord.objects.exists()
    assert "Every booking of this time is in Salesforce" in shown(as_alice, f"{PAGE}?since=2026-01-01&until=2026-01-02")


def test_they_are_synced_and_the_progress_is_shown(as_alice, connection, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert as_alice.post(PAGE, NOVEMBER).headers["Location"] == PAGE
    assert jobs.work("upkeep.backfill") == 1
    page = shown(as_alice)
    assert "0 of 2 synced" in page
    assert "hx-trigger" in page
    SyncRecord.objects.update(state="synced", synced_at=NOW)
    page = shown(as_alice)
    assert "2 of 2 synced" in page
    assert "Done" in page
    assert "hx-trigger" not in page


def test_it_can_be_stopped(as_alice, connection, django_capture_on_commit_callbacks):
    as_alice.post(PAGE, NOVEMBER)
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(f"{PAGE}/stop")
    assert "Stopping" in shown(as_alice)
    assert "Wait for it, or stop it first." in as_alice.post(PAGE, NOVEMBER, follow=True).text
    assert Backfill.objects.count() == 1
    jobs.work("upkeep.backfill")
    assert "Stopped" in shown(as_alice)


def test_what_failed_is_told(as_alice, connection):
    as_alice.post(PAGE, NOVEMBER)
    jobs.work("upkeep.backfill")
    from linktime.crm import upkeep

    upkeep.go_on(0)
    jobs.work("upkeep.backfill")
    SyncRecord.objects.update(state="failed")
    page = shown(as_alice)
    assert "Done, some failed" in page
    assert "can be retried there" in page


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ({"since": "2026-11-30", "until": "2026-11-01"}, "The end comes after the start."),
        ({"since": "2026-02-30", "until": "2026-11-01"}, "Enter a valid date"),
        ({"since": "0001-01-01", "until": "9999-12-31"}, "between 1970 and 2999"),
        ({}, "This field is required"),
    ],
)
def test_a_time_that_is_none_is_refused_at_its_field(as_alice, connection, times, words):
    response = as_alice.post(PAGE, times)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert as_alice.get(PAGE, times).status_code in (200, 422)
    assert not Backfill.objects.exists()


def test_who_watches_the_progress_does_not_count_again(as_alice, connection):
    assert "2 bookings" not in shown(as_alice, **{"HX-Request": "true"})


def test_members_can_not(as_bob, connection):
    assert as_bob.get(PAGE).status_code == 403
    assert as_bob.post(PAGE, NOVEMBER).status_code == 403
    assert as_bob.post(f"{PAGE}/stop").status_code == 403
    assert "Sync earlier bookings" not in shown(as_bob, "/dashboard/integrations/")
