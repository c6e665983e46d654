"""Checks and dry runs on the Integrations page."""

import re

import pytest

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.connections.models import Connection
from linktime.crm.models import Checkup
from tests import jobs
from tests.people import NOW

PAGE = "/dashboard/integrations/"
DRY_RUN = f"{PAGE}salesforce/dry-run"


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch, settings):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)
    settings.SERVICES = {"salesforce": {"client_id": "operators-key", "client_secret": "s", "base_url": ""}}


@pytest.fixture
def connection(alice):
    return Connection.objects.create(
        account=alice.account, service="salesforce", organisation_key="00D1", organisation_name="Engines",
        environment="sandbox", login_url="https://login.salesforce.com", api_url="https://e.my.salesforce.com",
        client_id="operators-key", connected_at=NOW, connected_by=alice.user,
    )  # fmt: skip


@pytest.fixture
def booking(event_type):
    start, grace = NOW.replace(day=24, hour=10), InviteeDetails("Grace Hopper", "grace@example.com", notes="Moths")
    return actions.book(event_type, start=start, duration=None, invitee=grace, guests=[], answers={}, now=NOW)


def shown(client, path=PAGE):
    return re.sub(r"\s+", " ", client.get(path).content.decode())


def checked(connection, **values):
    values = {"checked_at": NOW, "passed": True, "findings": []} | values
    return Checkup.objects.create(account=connection.account, connection=connection, **values)


FINDING = {"level": "error", "code": "INVALID_FIELD", "message": "Event.Subject is hidden.", "object": "", "field": ""}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Nothing in the way"),
        ({"passed": False, "findings": [FINDING]}, "Bookings fail"),
        ({"findings": [FINDING | {"level": "warning"}]}, "Some bookings are affected"),
        ({"checked_at": None, "asked_at": NOW}, "Checking"),
    ],
)
def test_a_card_shows_what_the_latest_check_found(as_alice, connection, values, words):
    checked(connection, **values)
    page = shown(as_alice)
    assert words in page
    assert ("Make it visible in Field-Level Security" in page) is ("findings" in values)
    assert ("hx-trigger" in page) is (words == "Checking")


def test_a_connection_that_was_never_checked_says_so(as_alice, connection):
    assert "Not checked yet" in shown(as_alice)


def test_a_check_is_done_by_a_worker(as_alice, connection, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert as_alice.post(f"{PAGE}salesforce/check").headers["Location"] == PAGE
    assert "Checking" in shown(as_alice)
    assert len(jobs.waiting("upkeep.check")) == 1


def test_a_dry_run_of_a_booking_shows_every_field(as_alice, connection, booking):
    page = shown(as_alice, f"{DRY_RUN}?booking={booking.uid}")
    for words in ("New Contact", "New Event", "LastName", "Hopper", "Moths", "[Cancelled] Intro call", "StartDateTime"):
        assert words in page


def test_a_booking_can_be_made_up(as_alice, connection, event_type):
    path = f"{DRY_RUN}?event_type={event_type.pk}"
    assert 'value="grace@example.com"' in shown(as_alice, path)
    typed = {
        "name": "Alan <b>Turing</b>",
        "email": "alan@example.com",
        "phone": "+44 20 7946 0958",
        "notes": "",
        "guests": "",
    }
    page = as_alice.post(path, typed).content.decode()
    for words in ("Intro call with Alan &lt;b&gt;Turing", "alan@example.com", "+442079460958", "2026-11-24T10:00:00Z"):
        assert words in page
    assert not event_type.bookings.exists()


def test_what_is_wrong_with_it_stands_at_its_field(as_alice, connection, event_type):
    response = as_alice.post(f"{DRY_RUN}?event_type={event_type.pk}", {"name": "", "email": "nobody", "phone": "1"})
    assert response.status_code == 422
    assert all(f'id="id_{name}_error"' in response.content.decode() for name in ("name", "email", "phone"))


@pytest.mark.parametrize("query", ["booking=unknown", "booking=%00", "booking=é", "event_type=999999999999999999999"])
def test_what_is_not_there_is_not_found(as_alice, connection, query):
    assert as_alice.get(f"{DRY_RUN}?{query}").status_code == 404


def test_a_stranger_s_bookings_and_event_types_are_not_there(as_charlie, charlie, booking, event_type):
    Connection.objects.create(
        account=charlie.account, service="salesforce", organisation_key="00D2", organisation_name="Strangers",
        environment="sandbox", login_url="https://login.salesforce.com", api_url="https://s.my.salesforce.com",
        client_id="operators-key", connected_at=NOW,
    )  # fmt: skip
    assert as_charlie.get(DRY_RUN).status_code == 200
    for query in (f"booking={booking.uid}", f"event_type={event_type.pk}"):
        assert as_charlie.get(f"{DRY_RUN}?{query}").status_code == 404
