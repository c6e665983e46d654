"""Erasing an invitee in the dashboard: owners alone, first a look, then for good."""

import pytest

from linktime.bookings.models import Booking
from linktime.bookings.tests.making import take
from tests.people import NOW

PAGE = "/dashboard/settings/erase"


@pytest.fixture
def booking(event_type):
    """A meeting that is over."""
    booking = take(event_type)
    Booking.objects.update(start=NOW.replace(year=2020), end=NOW.replace(year=2020))
    return booking


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_look_shows_what_is_known_and_erases_nothing(as_alice, booking):
    assert as_alice.get(PAGE).status_code == 200
    page = text_of(as_alice.post(PAGE, {"email": "Grace@Example.com"}))
    assert "<strong>grace@example.com</strong>: invitee of 1 booking." in page
    assert Booking.objects.get().invitee_email == "grace@example.com"


def test_confirmed_they_are_erased(as_alice, booking):
    answer = as_alice.post(PAGE, {"email": "grace@example.com", "erase": "yes"}, follow=True)
    assert "Erased from 1 booking." in text_of(answer)
    assert Booking.objects.get().invitee_email == ""
    detail = text_of(as_alice.get(f"/dashboard/bookings/{booking.uid}"))
    assert "Erased invitee" in detail
    assert "mailto:" not in detail


def test_the_invitees_own_page_is_gone(client, as_alice, booking):
    assert client.get(f"/b/{booking.uid}").status_code == 200
    as_alice.post(PAGE, {"email": "grace@example.com", "erase": "yes"})
    for page in ("", "/cancel", "/reschedule", ".ics"):
        assert client.get(f"/b/{booking.uid}{page}").status_code == 404


def test_a_meeting_that_lies_ahead_stops_it(as_alice, event_type):
    take(event_type)
    Booking.objects.update(start=NOW.replace(year=2099), end=NOW.replace(year=2099))
    assert "1 of these lies ahead" in text_of(as_alice.post(PAGE, {"email": "grace@example.com"}))
    answer = as_alice.post(PAGE, {"email": "grace@example.com", "erase": "yes"})
    assert answer.status_code == 409
    assert Booking.objects.get().invitee_email == "grace@example.com"


def test_an_address_that_nobody_has(as_alice, booking):
    assert "Nothing is known" in text_of(as_alice.post(PAGE, {"email": "nobody@example.com"}))


@pytest.mark.parametrize("email", ["", "grace", "<script>"])
def test_what_is_no_address_is_told_at_its_field(as_alice, email):
    answer = as_alice.post(PAGE, {"email": email})
    assert answer.status_code == 422
    assert 'id="id_email_error"' in text_of(answer)


def test_members_may_not(as_bob, booking):
    assert as_bob.get(PAGE).status_code == 403
    assert as_bob.post(PAGE, {"email": "grace@example.com", "erase": "yes"}).status_code == 403
    assert Booking.objects.get().erased_at is None
    assert PAGE not in text_of(as_bob.get("/dashboard/settings/"))


def test_a_stranger_erases_nothing_of_alices(as_charlie, booking):
    as_charlie.post(PAGE, {"email": "grace@example.com", "erase": "yes"})
    assert "Nothing is known" in text_of(as_charlie.post(PAGE, {"email": "grace@example.com"}))
    assert Booking.objects.get().erased_at is None


def test_nobody_gets_in_without_logging_in(client, booking):
    answer = client.post(PAGE, {"email": "grace@example.com", "erase": "yes"})
    assert answer.headers["Location"].startswith("/accounts/login/")
