"""Bookings that wait for their host, in the dashboard."""

from datetime import timedelta

import pytest

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from tests.people import NOW, make_event_type

PAGE = "/dashboard/bookings/"


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


@pytest.fixture
def asking(alice):
    """A booking of Grace's that waits for Alice."""
    asked = make_event_type(alice, "on-request", requires_approval=True)
    grace = InviteeDetails("Grace Hopper", "grace@example.com")
    start = NOW.replace(day=24, hour=10)
    return actions.book(asked, start=start, duration=None, invitee=grace, guests=[], answers={}, now=NOW)


def test_what_waits_for_the_host_stands_out(as_alice, asking):
    page = as_alice.get(PAGE).text
    assert "Waiting for you" in page
    assert f"{asking.uid}/accept" in page
    assert f"{asking.uid}/decline" in page
    assert "waiting for you</span></span></a>" in as_alice.get("/dashboard/settings/").text
    assert "Grace Hopper" in as_alice.get(f"{PAGE}?show=waiting").text
    detail = as_alice.get(f"{PAGE}{asking.uid}").text
    assert "asks for this time" in detail
    assert "Reschedule" not in detail


def test_accepting_makes_a_meeting_of_it(as_alice, asking):
    page = as_alice.post(f"{PAGE}{asking.uid}/accept", follow=True).text
    asking.refresh_from_db()
    assert asking.status == "confirmed"
    assert "Accepted." in page
    assert "asks for this time" not in page
    assert "Nobody waits for you" in as_alice.get(f"{PAGE}?show=waiting").text
    assert "is confirmed already" in as_alice.post(f"{PAGE}{asking.uid}/accept", follow=True).text


def test_declining_asks_for_a_reason_and_frees_the_time(as_alice, asking):
    assert "Decline Grace Hopper?" in as_alice.get(f"{PAGE}{asking.uid}/decline").text
    as_alice.post(f"{PAGE}{asking.uid}/decline", {"reason": "Away that week"})
    asking.refresh_from_db()
    assert asking.status == "declined"
    assert "Intro call with Grace" not in as_alice.get(PAGE).text
    assert "Declined" in as_alice.get(f"{PAGE}?show=cancelled").text
    assert "Away that week" in as_alice.get(f"{PAGE}{asking.uid}").text


def test_a_reason_that_is_too_long_stands_at_its_field(as_alice, asking):
    response = as_alice.post(f"{PAGE}{asking.uid}/decline", {"reason": "no " * 1000})
    assert response.status_code == 422
    assert 'id="id_reason_error"' in response.text
    asking.refresh_from_db()
    assert asking.pending


def test_what_nobody_answered_in_time_can_be_decided_no_more(as_alice, asking, monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW + timedelta(days=3))
    page = as_alice.get(f"{PAGE}{asking.uid}").text
    assert "Not answered in time" in page
    assert "/accept" not in page
    assert "was declined" in as_alice.post(f"{PAGE}{asking.uid}/accept", follow=True).text


def test_what_waits_for_its_invitee_is_not_the_hosts_to_decide(as_alice, alice):
    checked = make_event_type(alice, "checked", requires_verification=True)
    grace = InviteeDetails("Grace Hopper", "grace@example.com")
    booking = actions.book(
        checked, start=NOW.replace(day=24, hour=10), duration=None, invitee=grace, guests=[], answers={}, now=NOW
    )
    page = as_alice.get(PAGE).text
    assert "Email not confirmed yet" in page
    assert "/accept" not in page
    assert "has not confirmed" in as_alice.post(f"{PAGE}{booking.uid}/accept", follow=True).text
