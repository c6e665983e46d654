"""The booking page inside other sites: it may be framed there, and nowhere else; it needs no cookies."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from linktime.bookings.models import Booking
from linktime.config.statics import add_headers
from tests.people import NOW

PAGE = "/embed/alice/intro-call"
TYPED = {
    "start": "2026-11-24T10:00:00Z", "duration": "30", "zone": "Asia/Kolkata", "token": "one",
    "name": "Grace Hopper", "email": "grace@example.com", "notes": "", "guests": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


@pytest.fixture
def booked(event_type):
    """A booking made in a frame, as browsers send it there: without cookies and tokens."""
    response = Client(enforce_csrf_checks=True).post(f"{PAGE}?language=de&zone=Asia/Kolkata", TYPED)
    assert response.status_code == 302
    return response.headers["Location"]


def framed_by_anybody(response):
    return "frame-ancestors *" in response.headers["Content-Security-Policy"] and (
        "X-Frame-Options" not in response.headers
    )


def test_only_the_pages_for_frames_may_be_framed(client, as_alice, event_type, booked):
    uid = Booking.objects.get().uid
    for path in (
        PAGE,
        f"{PAGE}?start=2026-11-25T10:00:00Z",
        f"/embed/b/{uid}",
        "/embed/time-zones",
        "/embed/alice/none",
    ):
        assert framed_by_anybody(client.get(path)), path
    elsewhere = ["/alice", "/alice/intro-call", f"/b/{uid}", f"/b/{uid}/cancel", f"/b/{uid}/reschedule", "/embed"]
    for path in elsewhere:
        response = client.get(path)
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"], path
        assert response.headers["X-Frame-Options"] == "DENY", path
    assert "frame-ancestors 'none'" in as_alice.get("/dashboard/bookings/").headers["Content-Security-Policy"]


def test_without_cookies_the_address_remembers_what_was_chosen(event_type):
    page = Client().get(f"{PAGE}?zone=Asia/Tokyo&language=de&hours=12&scheme=dark").content.decode()
    assert "Ortszeit Tokio" in page
    assert 'data-scheme="dark"' in page
    assert (
        'href="/embed/alice/intro-call?zone=Asia%2FTokyo&amp;hours=12&amp;language=de&amp;scheme=dark&amp;month='
        in page
    )
    assert 'href="/embed/time-zones?' in page


def test_a_booking_made_in_a_frame_is_shown_in_it(client, booked):
    path, query = urlsplit(booked).path, parse_qs(urlsplit(booked).query)
    assert path == f"/embed/b/{Booking.objects.get().uid}"
    assert query == {"booked": ["yes"], "zone": ["Asia/Kolkata"], "language": ["de"]}
    page = client.get(booked).content.decode()
    assert 'data-booked data-event-type="intro-call" data-start="2026-11-24T10:00:00Z"' in page
    assert "15:30" in page


def test_what_can_be_clicked_by_mistake_opens_outside_of_the_frame(client, booked):
    page = client.get(booked).content.decode()
    uid = Booking.objects.get().uid
    for action in ("reschedule", "cancel"):
        assert f'href="/b/{uid}/{action}" target="_blank"' in page
        assert client.get(f"/embed/b/{uid}/{action}").status_code == 404


def test_a_page_outside_of_a_frame_says_nothing_to_anybody(client, booked):
    page = client.get(f"/b/{Booking.objects.get().uid}?booked=yes").content.decode()
    assert "data-booked" not in page
    assert "framed" not in page


@pytest.mark.parametrize("query", ["scheme=%22%3E%3Cscript%3E", "language=xx", "zone=%00", "hours=1"])
def test_nonsense_in_the_address_shows_the_page(client, event_type, query):
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200
    assert '"><script>' not in response.content.decode()


def test_the_snippets_can_be_copied(as_alice, as_charlie, event_type):
    event_type.title = '<b>"Intro"</b>'
    event_type.save()
    page = as_alice.get(f"/dashboard/event-types/{event_type.pk}/share").content.decode()
    assert "&lt;div data-linktime=&quot;http://127.0.0.1:8000/alice/intro-call&quot;&gt;" in page
    assert "http://127.0.0.1:8000/static/embed/v1.js" in page
    assert "&amp;lt;b&amp;gt;" in page  # in the snippet too the title is text
    assert "<b>" not in page.replace("<body>", "")
    assert as_charlie.get(f"/dashboard/event-types/{event_type.pk}/share").status_code == 404


def test_the_script_is_small_and_may_be_kept():
    assert Path(finders.find("embed/v1.js")).stat().st_size < 5_000
    headers = {}
    add_headers(headers, "", "/static/embed/v1.js")
    assert headers == {"Cache-Control": "max-age=3600, public"}
