import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from linktime.accounts.models import Plan
from linktime.api.tests.stage import faults, problem
from linktime.bookings.models import Booking
from linktime.connections.models import Connection
from linktime.crm.models import Organisation, SyncAttempt, SyncRecord
from tests.people import NOW

pytestmark = pytest.mark.django_db


def connect(person, key="00D000000000001EAA"):
    return Connection.objects.create(
        account=person.account,
        service="salesforce",
        organisation_key=key,
        organisation_name="Acme",
        environment="sandbox",
        login_url="https://test.salesforce.com",
        api_url="https://acme.my.salesforce.com",
        client_id="id",
        connected_at=NOW,
    )


@pytest.fixture
def connection(alice):
    return connect(alice)


@pytest.fixture
def booking(api, event_type):
    invitee = {"name": "Grace", "email": "grace@example.com"}
    body = {"event_type": "intro-call", "start": "2026-11-30T09:00:00Z", "invitee": invitee}
    return Booking.objects.get(uid=api.post("/bookings", body).json()["uid"])


def recorded(connection, booking, **fields):
    organisation, _ = Organisation.objects.get_or_create(crm="salesforce", key=connection.organisation_key)
    SyncRecord.objects.filter(booking=booking).delete()
    values = {"wanted_revision": 2} | fields
    return SyncRecord.objects.create(
        account=connection.account, organisation=organisation, connection=connection, booking=booking, **values
    )


def test_a_booking_tells_how_it_fares_in_each_crm(api, connection, booking):
    record = recorded(
        connection, booking, shown_revision=1, contact_id="003A", meeting_id="00UB", due_at=NOW,
        error_code="try_again", error_message="busy",
    )  # fmt: skip
    for revision, outcome, code in ((1, "done", ""), (2, "later", "try_again")):
        SyncAttempt.objects.create(
            record=record, at=NOW, revision=revision, action="create", calls=2, ms=140, outcome=outcome,
            error_code=code, error_message=code and "busy",
        )  # fmt: skip
    (found,) = api.get(f"/bookings/{booking.uid}/sync").json()["data"]
    remedy = found["error"].pop("remedy")
    assert "tries again" in remedy
    tried = {"at": "2026-11-23T08:00:00Z", "action": "create", "calls": 2, "ms": 140}
    assert found == {
        "connection": connection.pk,
        "crm": "salesforce",
        "state": "pending",
        "wanted_revision": 2,
        "synced_revision": 1,
        "contact": {"id": "003A", "url": found["contact"]["url"]},
        "meeting": {"id": "00UB", "url": found["meeting"]["url"]},
        "error": {"code": "try_again", "message": "The CRM was too busy.", "next_try": "2026-11-23T08:00:00Z"},
        "attempts": [
            tried | {"revision": 1, "outcome": "done", "error": None},
            tried | {"revision": 2, "outcome": "later", "error": {"code": "try_again", "message": "busy"}},
        ],
    }
    assert found["contact"]["url"].startswith("https://acme.my.salesforce.com/")
    assert "00UB" in found["meeting"]["url"]


@pytest.mark.parametrize("code", ["", "ODD"])
def test_what_is_skipped_counts_as_shown(api, connection, booking, code):
    """With nothing to do, or dismissed after it failed."""
    recorded(connection, booking, state="skipped", error_code=code)
    (found,) = api.get(f"/bookings/{booking.uid}/sync").json()["data"]
    assert (found["synced_revision"], found["contact"], found["meeting"], found["error"]) == (2, None, None, None)


def test_a_disconnected_crm_is_not_told_of(api, connection, booking):
    recorded(connection, booking)
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    assert api.get(f"/bookings/{booking.uid}/sync").json() == {"data": []}
    assert api.get("/crm/sync").json()["data"] == []
    assert api.get("/crm/connections").json()["data"] == []
    problem(api.delete(f"/crm/connections/{connection.pk}"), 404, "not_found")


def test_connections_tell_what_waits_and_what_failed(api, connection, booking):
    recorded(connection, booking, state="failed", synced_at=NOW)
    assert api.get("/crm/connections").json() == {
        "data": [
            {
                "id": connection.pk,
                "crm": "salesforce",
                "state": "connected",
                "organisation": "Acme",
                "environment": "sandbox",
                "pending": 0,
                "failed": 1,
                "last_synced_at": "2026-11-23T08:00:00Z",
                "options": {"duplicates": "save"},
                "error": None,
            }
        ],
        "next_cursor": None,
    }


def test_a_dead_grant_says_what_to_do(api, connection):
    changed = {"state": "needs_reconnect", "error_code": "odd_error", "error_message": "expired token"}
    Connection.objects.update(**changed)
    (found,) = api.get("/crm/connections").json()["data"]
    assert found["state"] == "needs_reconnect"
    assert found["error"] == {
        "code": "odd_error",
        "message": "expired token",
        "remedy": "Reconnect on the Integrations page.",
    }


def test_an_owner_chooses_among_a_connections_options(api, colleague, connection):
    here = f"/crm/connections/{connection.pk}"
    changed = api.patch(here, {"options": {"duplicates": "ask"}})
    assert (changed.status_code, changed.json()["options"]) == (200, {"duplicates": "ask"})
    assert api.get("/crm/connections").json()["data"][0]["options"] == {"duplicates": "ask"}
    assert list(faults(api.patch(here, {"options": {"duplicates": "merge"}}))) == ["options.duplicates"]
    assert list(faults(api.patch(here, {"options": {"colour": "red"}}))) == ["options.colour"]
    assert list(faults(api.patch(here, {"state": "paused"}))) == ["options", "state"]
    problem(colleague.patch(here, {"options": {}}), 403, "owner_required")


def test_a_retry_gives_what_failed_a_new_chance(api, connection, booking):
    record = recorded(connection, booking, state="failed", error_code="X", error_message="no")
    answer = api.post(f"/crm/connections/{connection.pk}/retry")
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in ("retried", "pending", "failed")} == {
        "retried": 1, "pending": 1, "failed": 0
    }  # fmt: skip
    record.refresh_from_db()
    assert record.due_at is not None


def test_disconnecting_keeps_the_row_without_its_secrets(api, connection):
    assert api.delete(f"/crm/connections/{connection.pk}").status_code == 204
    connection.refresh_from_db()
    assert connection.state == Connection.State.DISCONNECTED


def test_only_an_owner_disconnects(colleague, connection):
    problem(colleague.delete(f"/crm/connections/{connection.pk}"), 403, "owner_required")
    assert colleague.get("/crm/connections").json()["data"][0]["id"] == connection.pk


def test_records_are_listed_and_filtered(api, connection, booking):
    recorded(connection, booking, state="synced", shown_revision=2, synced_at=NOW)
    (found,) = api.get("/crm/sync", state="synced", crm="salesforce").json()["data"]
    assert (found["booking"], found["state"], found["synced_at"]) == (booking.uid, "synced", "2026-11-23T08:00:00Z")
    assert api.get("/crm/sync", state="failed").json()["data"] == []
    assert api.get("/crm/sync", crm="hubspot").json()["data"] == []
    assert list(faults(api.get("/crm/sync", state="gone"))) == ["state"]
    with CaptureQueriesContext(database) as queries:
        api.get("/crm/sync")
    assert len(queries) == 3  # the key, its limit, the records


def test_free_has_no_crm(api, alice, connection, booking):
    alice.account.plan = Plan.FREE
    alice.account.save()
    here = f"/crm/connections/{connection.pk}"
    for answer in (
        api.get("/crm/connections"),
        api.delete(here),
        api.patch(here, {"options": {}}),
        api.post(f"{here}/retry"),
        api.post(f"{here}/check"),
        api.get("/crm/sync"),
        api.get(f"/bookings/{booking.uid}/sync"),
    ):
        assert "Pro" in problem(answer, 403, "plan_required")["detail"]


def test_a_stranger_sees_no_crm_of_others(stranger, connection, booking):
    recorded(connection, booking)
    here = f"/crm/connections/{connection.pk}"
    assert stranger.get("/crm/connections").json()["data"] == []
    assert stranger.get("/crm/sync").json()["data"] == []
    problem(stranger.delete(here), 404, "not_found")
    problem(stranger.patch(here, {"options": {}}), 404, "not_found")
    for action in ("retry", "check"):
        problem(stranger.post(f"{here}/{action}"), 404, "not_found")
    problem(stranger.get(f"/bookings/{booking.uid}/sync"), 404, "not_found")


def test_a_check_tells_what_is_in_the_way_and_what_to_do(api, connection):
    """This connection's grant is not there any more: the check says so as far as it gets."""
    answer = api.post(f"/crm/connections/{connection.pk}/check")
    assert answer.status_code == 200
    (finding,) = answer.json()["findings"]
    assert answer.json()["ok"] is False
    assert (finding["level"], finding["code"]) == ("error", "needs_reconnect")
    assert finding["remedy"] == "Reconnect on the Integrations page."
    assert set(finding) == {"level", "code", "object", "field", "message", "remedy"}


def test_a_check_of_a_disconnected_crm_is_not_there(api, connection):
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    problem(api.post(f"/crm/connections/{connection.pk}/check"), 404, "not_found")
