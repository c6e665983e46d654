"""What an invitee sees of a booking that waits, and of deadlines."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from linktime.bookings import waiting
from linktime.bookings.models import Booking
from linktime.web.tests.test_invitee_page import START, book
from tests.people import NOW, make_event_type

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


def page_of(client, booking):
    return client.get(f"/b/{booking.uid}").content.decode()


@pytest.fixture
def unverified(alice):
    return book(make_event_type(alice, requires_verification=True, requires_approval=True))


def test_the_link_in_the_mail_confirms_the_address(client, unverified):
    """Not by being opened: programs that look through mail do that too."""
    assert "The time is kept for you until Monday, 23 November, 03:30." in page_of(client, unverified)
    path = f"/b/{unverified.uid}/confirm"
    token = waiting.token_of(unverified)  # once: another second has another one
    page = client.get(f"{path}?token={quote(token)}").content.decode()
    assert f'name="token" value="{token}"' in page
    unverified.refresh_from_db()
    assert unverified.waits_for == Booking.WaitsFor.INVITEE
    for _ in range(2):
        answer = client.post(path, {"token": waiting.token_of(unverified)})
        assert answer.headers["Location"] == f"/b/{unverified.uid}"
    assert "Alice Lovelace has to accept it first, and has until Tuesday, 24 November" in page_of(client, unverified)
    assert client.get(path).headers["Location"] == f"/b/{unverified.uid}"


def test_only_that_mail_confirms_it(client, alice, unverified):
    other = book(unverified.event_type, START + HOUR)
    for token in ("", "nonsense", waiting.token_of(other)):
        assert client.post(f"/b/{unverified.uid}/confirm", {"token": token}).status_code == 404
    unverified.refresh_from_db()
    assert unverified.waits_for == Booking.WaitsFor.INVITEE


def test_a_link_that_comes_too_late_shows_how_it_stands(client, unverified):
    waiting.expire_due(NOW + HOUR)
    answer = client.post(f"/b/{unverified.uid}/confirm", {"token": waiting.token_of(unverified)}, follow=True)
    assert "<h1>Not confirmed</h1>" in answer.content.decode()


def test_a_declined_meeting_says_so_and_why(client, alice):
    booking = book(make_event_type(alice, requires_approval=True))
    assert "calendar.ics" not in page_of(client, booking)
    waiting.decline(booking, reason="<b>No</b> time", now=NOW)
    page = page_of(client, booking)
    assert "<h1>Declined</h1>" in page
    assert "“<bdi>&lt;b&gt;No&lt;/b&gt; time</bdi>”" in page
    assert "Book another time" in page


def test_a_booking_that_waits_can_be_moved(client, alice):
    booking = book(make_event_type(alice, requires_approval=True))
    path = f"/b/{booking.uid}/reschedule?start=2026-11-25T11:00:00Z"
    assert "Alice Lovelace still has to accept it" in client.get(path).content.decode()
    assert client.post(path, {"start": "2026-11-25T11:00:00Z", "reason": ""}).status_code == 302
    booking.refresh_from_db()
    assert (booking.status, booking.start.day) == (Booking.Status.PENDING, 25)


@pytest.mark.parametrize(
    ("deadlines", "told", "possible"),
    [
        ((None, None), "", ["reschedule", "cancel"]),
        ((60, 60), "It can be changed until Tuesday, 24 November, 04:00.", ["reschedule", "cancel"]),
        ((27 * 60, 60), "It is too late to move it here.", ["cancel"]),
        ((27 * 60, 60), "It can be cancelled until Tuesday, 24 November, 04:00.", ["cancel"]),
        ((27 * 60, 27 * 60), "It is too late to change this meeting here. Ask your host.", []),
    ],
)
def test_deadlines_are_told_and_held(client, alice, deadlines, told, possible):
    """Now it is 26 hours before the meeting."""
    booking = book(make_event_type(alice, reschedule_deadline=deadlines[0], cancel_deadline=deadlines[1]))
    page = page_of(client, booking)
    assert told in page
    for action in ("reschedule", "cancel"):
        path = f"/b/{booking.uid}/{action}"
        assert (path in page, client.get(path).status_code == 200) == (action in possible, action in possible)


def test_deadlines_are_not_for_the_host(client, alice, charlie):
    """Who is signed in as somebody else has to keep to them."""
    booking = book(make_event_type(alice, reschedule_deadline=27 * 60, cancel_deadline=27 * 60))
    cancel, moved = f"/b/{booking.uid}/cancel", "2026-11-25T11:00:00Z"
    client.force_login(charlie.user)
    assert client.post(cancel, {"reason": ""}).headers["Location"] == f"/b/{booking.uid}"
    client.force_login(alice.user)
    assert "too late" not in page_of(client, booking)
    assert "10:00 – 10:30<br>" in client.get(cancel).content.decode()
    assert client.post(f"/b/{booking.uid}/reschedule", {"start": moved, "reason": ""}).status_code == 302
    booking.refresh_from_db()
    assert (booking.status, booking.start.day) == (Booking.Status.CONFIRMED, 25)
    assert client.post(cancel, {"reason": ""}).status_code == 302
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CANCELLED
