"""The invitee's own page: see, move, cancel, add to a calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.models import Booking
from tests.people import NOW, make_event_type

START = datetime(2026, 11, 24, 10, tzinfo=UTC)
LATER = "2026-11-25T11:00:00Z"


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


def book(event_type, start=START, **changed):
    grace = InviteeDetails("Grace Hopper", "grace@example.com", time_zone="America/New_York", **changed)
    return actions.book(event_type, start=start, duration=None, invitee=grace, guests=[], answers={}, now=NOW)


@pytest.fixture
def booking(event_type):
    return book(event_type)


def test_it_says_what_when_for_both_and_with_whom(client, booking):
    page = client.get(f"/b/{booking.uid}").content.decode()
    for words in ("Intro call", "05:00", "New York time (UTC−05:00)", "10:00", "London time", "Alice Lovelace"):
        assert words in page
    assert "calendar.google.com" in page
    assert "outlook.live.com" in page


def test_the_file_for_calendars_can_be_downloaded(client, booking):
    response = client.get(f"/b/{booking.uid}/calendar.ics")
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in response.content


def test_it_can_be_moved(client, booking):
    path = f"/b/{booking.uid}/reschedule"
    assert "Intro call" in client.get(path).content.decode()
    assert "Move this meeting?" in client.get(f"{path}?start={LATER}").content.decode()
    assert client.post(path, {"start": LATER, "reason": "A clash"}).headers["Location"] == f"/b/{booking.uid}"
    booking.refresh_from_db()
    assert booking.start == datetime(2026, 11, 25, 11, tzinfo=UTC)
    assert "Tuesday, 24 November" in client.get(f"/b/{booking.uid}").content.decode()


def test_moved_twice_by_a_double_click_it_moves_once(client, booking):
    for _ in range(2):
        assert client.post(f"/b/{booking.uid}/reschedule", {"start": LATER}).status_code == 302
    booking.refresh_from_db()
    assert booking.revision == 2


def test_a_taken_time_offers_others(client, event_type, booking):
    book(event_type, START + timedelta(days=1, hours=1))
    response = client.post(f"/b/{booking.uid}/reschedule", {"start": LATER, "reason": "A clash"})
    page = response.content.decode()
    assert response.status_code == 409
    assert page.count('<button class="slot"') == 3
    assert "A clash" in page


def test_a_time_out_of_hours_is_refused(client, booking):
    response = client.post(f"/b/{booking.uid}/reschedule", {"start": "2026-11-25T03:00:00Z"})
    assert response.status_code == 422


def test_it_can_be_cancelled_once(client, booking):
    path = f"/b/{booking.uid}/cancel"
    assert "can't be undone" in client.get(path).content.decode()
    for _ in range(2):
        assert client.post(path, {"reason": "Ill"}).headers["Location"] == f"/b/{booking.uid}"
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CANCELLED
    assert booking.revision == 2
    page = client.get(f"/b/{booking.uid}").content.decode()
    assert "Cancelled" in page
    assert "“<bdi>Ill</bdi>”" in page


def test_two_who_cancel_at_once_both_see_it_cancelled(client, booking, monkeypatch):
    monkeypatch.setattr("linktime.web.public.invitee._closed", lambda _booking, _until: False)
    for _ in range(2):
        assert client.post(f"/b/{booking.uid}/cancel", {"reason": ""}).status_code == 302


def test_what_is_over_can_only_be_seen(client, booking, monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: START + timedelta(days=1))
    assert "This meeting is over" in client.get(f"/b/{booking.uid}").content.decode()
    for action in ("reschedule", "cancel"):
        assert client.post(f"/b/{booking.uid}/{action}", {"start": LATER}).headers["Location"] == f"/b/{booking.uid}"


def test_only_members_see_the_way_to_the_dashboard(client, as_alice, as_charlie, booking):
    link = f"/dashboard/bookings/{booking.uid}"
    assert link in as_alice.get(f"/b/{booking.uid}").content.decode()
    for somebody in (client, as_charlie):
        assert link not in somebody.get(f"/b/{booking.uid}").content.decode()


def test_names_are_shown_as_text(client, alice):
    event_type = make_event_type(alice, title="<script>alert(1)</script>")
    page = client.get(f"/b/{book(event_type, notes='<b>x</b>').uid}").content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
