"""The time that a visitor has chosen is kept for them; links that work once; where it goes on after booking."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from linktime.bookings.models import Booking, Hold
from linktime.bookings.tests.making import take
from linktime.scheduling import links
from linktime.web.tests.test_booking_page import PAGE, START, details, text_of
from tests.people import NOW, make_event_type

FORM = f"{PAGE}?start={START}"
FRAMED = f"/embed{PAGE}"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    def at(now):
        monkeypatch.setattr("linktime.core.clock.now", lambda: now)

    at(NOW)
    return at


def offers(client, page=PAGE):
    return START.replace(":", "%3A") in text_of(client.get(f"{page}?day=2026-11-24"))


def test_a_time_that_was_chosen_is_kept_for_five_minutes(client, event_type, clock):
    assert "Kept for you until 08:05" in text_of(client.get(f"{FORM}&zone=Europe/London"))
    other = Client()
    assert not offers(other)
    assert "no longer on offer" in text_of(other.get(FORM))
    assert other.post(PAGE, details(email="alan@example.com")).status_code == 409
    assert "Kept for you" in text_of(client.post(PAGE, details(name="")))
    clock(NOW + timedelta(minutes=5, seconds=1))
    assert offers(other)
    assert "Kept for you" not in text_of(client.post(PAGE, details(name="")))


def test_whoever_keeps_it_books_it_and_keeps_nothing_else(client, event_type):
    client.get(FORM)
    assert offers(client)
    assert client.post(PAGE, details()).status_code == 302
    assert not Hold.objects.exists()


def test_a_time_to_move_to_is_kept_too_and_used_up_by_the_move(client, event_type):
    booking = take(event_type)
    move = f"/b/{booking.uid}/reschedule"
    assert "Kept for you until 08:05" in text_of(client.get(f"{move}?start={START}&zone=Europe/London"))
    other = Client()
    assert not offers(other)
    assert other.post(move, {"start": START}).status_code == 409
    assert offers(client, move), "it is free for whoever keeps it"
    assert "Kept for you" in text_of(client.post(move, {"start": START, "reason": "x" * 5001}))
    assert client.post(move, {"start": START}).status_code == 302
    booking.refresh_from_db()
    assert (booking.start.isoformat(), Hold.objects.count()) == ("2026-11-24T10:00:00+00:00", 0)


def test_a_visitor_keeps_one_time(client, event_type):
    client.get(FORM)
    client.get(f"{PAGE}?start=2026-11-25T10:00:00Z")
    assert [hold.start.day for hold in Hold.objects.all()] == [25]
    assert offers(Client())
    cookie = client.cookies["visitor"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


@pytest.mark.parametrize("visitor", ["", "x" * 21, "x" * 64, "é" * 22, "a b" * 8])
def test_a_secret_of_another_form_is_none(client, event_type, visitor):
    client.cookies["visitor"] = visitor
    client.get(FORM)
    assert Hold.objects.get().visitor != visitor


def test_without_cookies_the_frame_remembers_who_keeps_it(event_type):
    page = text_of(Client().get(f"{FRAMED}?start={START}"))
    hold = Hold.objects.get()
    assert f'name="visitor" value="{hold.visitor}"' in page
    assert f"day=2026-11-24&amp;visitor={hold.visitor}" in page
    assert offers(Client(), f"{FRAMED}") is False
    assert START.replace(":", "%3A") in text_of(Client().get(f"{FRAMED}?day=2026-11-24&visitor={hold.visitor}"))
    response = Client().post(FRAMED, details(visitor=hold.visitor))
    assert response.status_code == 302
    assert "visitor" not in response.headers["Location"]


def test_who_keeps_far_too_many_keeps_no_more(event_type, monkeypatch):
    monkeypatch.setattr(settings, "RATE_LIMIT", 8)
    for hour in (10, 11, 12):
        page = text_of(Client().get(f"{PAGE}?start=2026-11-24T{hour}:00:00Z"))
        assert "Your details" in page
    assert Hold.objects.count() == 2


def test_a_link_works_once_and_says_so(client, alice):
    event_type = make_event_type(alice, visibility="link_only")
    refused = client.get(PAGE)
    assert refused.status_code == 410
    assert "link of your host" in text_of(refused)
    path = f"{PAGE}?link={links.create(event_type, NOW).token}"
    page = text_of(client.get(path))
    assert f"{path}&amp;start=" in page
    assert 'content="noindex"' in page
    assert f'action="{path}"' in text_of(client.get(f"{path}&start={START}"))
    first = client.post(path, details())
    assert first.status_code == 302
    assert client.post(path, details()).headers["Location"] == first.headers["Location"]
    for answer in (client.get(path), client.post(path, details(token="other", start="2026-11-25T10:00:00Z"))):
        assert answer.status_code == 410
        assert "This link has been used" in text_of(answer)
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("token", ["nonsense", "%00", "%C3%A9", "x" * 900])
def test_a_link_that_never_was_is_refused(client, event_type, token):
    assert client.get(f"{PAGE}?link={token}").status_code == 410
    assert client.post(f"{PAGE}?link={token}", details()).status_code == 410


def test_after_booking_it_goes_on_where_the_host_wants(client, alice):
    """The browser asks the page's policy first; within a frame a button leads there."""
    make_event_type(alice, redirect_url="https://example.com/thanks?from=linktime", requires_approval=True)
    policy = client.get(FORM).headers["Content-Security-Policy"]
    assert "form-action 'self' https://example.com;" in policy
    assert client.post(PAGE, details()).headers["Location"] == "https://example.com/thanks?from=linktime"
    framed = client.post(FRAMED, details(token="two", start="2026-11-25T10:00:00Z")).headers["Location"]
    assert framed.startswith("/embed/b/")
    assert 'href="https://example.com/thanks?from=linktime" target="_top"' in text_of(client.get(framed))


def test_who_has_to_confirm_the_address_hears_that_first(client, alice):
    make_event_type(alice, redirect_url="https://example.com/thanks", requires_verification=True)
    assert "a link that is mailed to you" in text_of(client.get(FORM))
    page = text_of(client.post(PAGE, details(), follow=True))
    assert "Confirm your email address with the link in the mail to grace@example.com." in page


def test_a_length_can_be_chosen_and_keeps_the_day(client, alice):
    make_event_type(alice, durations=[30, 60, 90])
    page = text_of(client.get(f"{PAGE}?day=2026-12-02&duration=60"))
    assert f'href="{PAGE}?duration=90&amp;month=2026-12&amp;day=2026-12-02"' in page
    assert 'id="length-60"' in page
    assert f"{PAGE}?duration=60&amp;start=2026-12-02T16%3A00%3A00Z" in page
    assert "T16%3A30" not in page
