"""Charlie, a stranger, gets 404 for everything of Alice's; nobody gets in without logging in."""

import pytest

from linktime.accounts.models import ApiKey, Membership
from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.connections.models import Connection
from linktime.crm.actions import organisation_of
from linktime.crm.models import SyncRecord
from linktime.scheduling.slots import Slot
from tests.people import NOW

BOOKED = Slot(NOW.replace(day=24, hour=10), NOW.replace(day=24, hour=10, minute=30))


@pytest.fixture
def connection(alice):
    return Connection.objects.create(
        account=alice.account, service="salesforce", organisation_key="00D1", organisation_name="Engines",
        environment="production", login_url="https://login.salesforce.com", api_url="https://e.my.salesforce.com",
        client_id="key", connected_at=NOW,
    )  # fmt: skip


@pytest.fixture
def booking(event_type):
    grace = InviteeDetails("Grace Hopper", "grace@example.com")
    return actions.book(
        event_type, start=BOOKED.start, duration=None, invitee=grace, guests=[], answers={}, now=NOW
    )  # fmt: skip


@pytest.fixture
def paths(alice, event_type, connection, booking):
    """Every page that shows or changes one thing of Alice's."""
    record, _ = SyncRecord.objects.get_or_create(
        account=alice.account, organisation=organisation_of(connection), connection=connection, booking=booking,
        defaults={"wanted_revision": 1},
    )  # fmt: skip
    membership, key = Membership.objects.get(user=alice.user), ApiKey.objects.get(digest=ApiKey.digest_of(alice.key()))
    return {
        "GET": [
            f"bookings/{booking.uid}", f"bookings/{booking.uid}/decline",
            f"event-types/{event_type.pk}", f"event-types/{event_type.pk}/delete",
            f"event-types/{event_type.pk}/share", f"availability/{event_type.schedule_id}",
            "integrations/salesforce/dry-run",
            "integrations/salesforce/backfill", "integrations/salesforce/disconnect",
        ],
        "POST": [
            f"bookings/{booking.uid}/no-show", f"bookings/{booking.uid}/accept", f"bookings/{booking.uid}/decline",
            f"event-types/{event_type.pk}",
            f"event-types/{event_type.pk}/switch", f"event-types/{event_type.pk}/links",
            f"event-types/{event_type.pk}/delete",
            f"availability/{event_type.schedule_id}", f"availability/{event_type.schedule_id}/delete",
            f"availability/{event_type.schedule_id}/default",
            "integrations/salesforce/disconnect", "integrations/salesforce/retry", f"activity/{record.pk}/retry",
            f"activity/{record.pk}/dismiss",
            "integrations/salesforce/options",
            "integrations/salesforce/check", "integrations/salesforce/dry-run",
            "integrations/salesforce/backfill", "integrations/salesforce/backfill/stop",
            f"settings/members/{membership.pk}", f"settings/keys/{key.pk}",
        ],
    }  # fmt: skip


def test_charlie_finds_nothing_of_alices(as_charlie, paths):
    for method, listed in paths.items():
        for path in listed:
            response = getattr(as_charlie, method.lower())(f"/dashboard/{path}", {"remove": "yes"})
            assert response.status_code == 404, path
            assert b"Grace" not in response.content


def test_charlies_lists_are_his_own(as_charlie, paths):
    for area in ("bookings", "event-types", "availability", "integrations", "activity", "settings"):
        page = as_charlie.get(f"/dashboard/{area}/").content.decode()
        for secret in ("Grace", "Intro call", "Engines", "alice@example.com", "Office hours"):
            assert secret not in page, (area, secret)


def test_bob_sees_what_his_team_sees(as_bob, paths):
    for path in paths["GET"][:-2]:
        assert as_bob.get(f"/dashboard/{path}").status_code == 200, path
    assert as_bob.get("/dashboard/integrations/salesforce/disconnect").status_code == 403


def test_nobody_gets_in_without_logging_in(client, paths):
    for method, listed in paths.items():
        for path in listed:
            response = client.generic(method, f"/dashboard/{path}")
            assert response.headers["Location"].startswith("/accounts/login/"), path


def test_somebody_in_no_account_is_told_so(as_bob):
    Membership.objects.filter(user__email="bob@example.com").delete()
    response = as_bob.get("/dashboard/bookings/")
    assert response.status_code == 403
    assert "in no account" in response.content.decode()
