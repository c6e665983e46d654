"""The booking page, as somebody without scripts sees it."""

import re
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from linktime.bookings.models import Booking
from tests.people import NOW, make_event_type

START = "2026-11-24T10:00:00Z"
PAGE = "/alice/intro-call"


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


def details(**changed):
    return {
        "start": START,
        "duration": "30",
        "zone": "America/New_York",
        "token": "token-of-this-form",
        "name": "Grace Hopper",
        "email": "grace@example.com",
        "notes": "",
        "guests": "",
    } | changed


def text_of(response):
    return response.content.decode()


def test_a_host_page_lists_what_can_be_booked(client, alice, event_type):
    make_event_type(alice, slug="hidden", title="Hidden", active=False)
    page = text_of(client.get("/alice"))
    assert "Intro call" in page
    assert "Hidden" not in page


@pytest.mark.parametrize("path", ["/nobody", "/alice/none", "/b/none", "/dashboard/none", "/alice/intro-call/more"])
def test_what_is_not_there_is_a_friendly_404(client, event_type, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "start page" in text_of(response)


def test_the_first_day_with_times_is_open(client, event_type):
    page = text_of(client.get(PAGE))
    assert "November 2026" in page
    assert 'href="/alice/intro-call?start=2026-11-23T09%3A00%3A00Z"' in page
    assert "London time (UTC+00:00)" in page


def test_days_with_times_are_links_and_others_are_not(client, event_type):
    page = text_of(client.get(PAGE))
    assert 'id="day-2026-11-27"' in page
    assert 'id="day-2026-11-28"' not in page


def test_times_are_those_of_the_visitors_zone(client, event_type):
    client.cookies["zone"] = "Asia/Kolkata"
    page = text_of(client.get(f"{PAGE}?day=2026-11-24", headers={"accept-language": "en-GB"}))
    assert "14:30" in page
    assert "Kolkata time (UTC+05:30)" in page


def test_a_chosen_zone_is_remembered(client, event_type):
    client.get(f"{PAGE}?zone=Asia/Tokyo")
    assert "Tokyo time" in text_of(client.get(PAGE))


@pytest.mark.parametrize(
    ("language", "clock", "first_day"),
    [("en-US", "9:00 AM", "Su"), ("en-GB", "09:00", "Mo"), ("pl", "09:00", "Mo"), ("ar-EG", "9:00 ص", "سبت")],
)
def test_the_locale_decides_clock_and_week(client, event_type, language, clock, first_day):
    page = text_of(client.get(PAGE, headers={"accept-language": language}))
    assert f">{clock}<" in page
    assert re.search(r"<abbr [^>]*>([^<]+)<", page)[1] == first_day


def test_twelve_hours_can_be_switched(client, event_type):
    assert ">9:00 AM<" in text_of(client.get(f"{PAGE}?hours=12", headers={"accept-language": "de"}))


def test_an_empty_month_offers_the_next_day_with_times(client, alice):
    window = {"kind": "range", "start": "2027-02-10", "end": "2027-02-12"}
    make_event_type(alice, window=window)
    page = text_of(client.get(PAGE))
    assert "No times in November" in page
    assert "?day=2027-02-10" in page


def test_behind_the_last_day_with_times_it_leads_back_to_the_first(client, event_type):
    assert "?day=2026-11-23" in text_of(client.get(f"{PAGE}?month=2027-09"))


@pytest.mark.parametrize(
    "query",
    ["month=x", "month=0001-01", "month=9999-12", "day=9999-12-31", "start=9999-12-31T23:59:59-12:00", "start=x",
     "start=0001-01-01T00:00:00%2B14:00", "zone=../../etc/passwd", "duration=-1", "zone=%00", "month=2026-13"],
)  # fmt: skip
def test_nonsense_in_the_address_shows_the_page(client, event_type, query):
    assert client.get(f"{PAGE}?{query}").status_code == 200


def test_a_time_leads_to_the_form_and_the_form_to_the_booking(client, event_type):
    form = text_of(client.get(f"{PAGE}?start={START}"))
    assert "Confirm Tuesday, 24 November, 10:00" in form
    response = client.post(PAGE, details())
    booking = Booking.objects.get()
    assert response.headers["Location"] == f"/b/{booking.uid}"
    assert booking.start == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert booking.invitee_time_zone == "America/New_York"


def test_a_time_that_is_not_on_offer_says_so(client, event_type):
    page = text_of(client.get(f"{PAGE}?start=2026-11-24T03:00:00Z"))
    assert "no longer on offer" in page


def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(client, event_type):
    response = client.post(PAGE, details(email="grace at example", notes="About compilers", guests="nobody"))
    page = text_of(response)
    assert response.status_code == 422
    assert 'id="id_email_error"' in page
    assert 'id="id_guests_error"' in page
    assert "About compilers" in page
    assert 'value="Grace Hopper"' in page
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [{"name": "x" * 10_000}, {"name": "a\0b"}, {"name": "\u202egnp"}, {"name": ""}, {"start": "2026-11-22T10:00:00Z"},
     {"start": "2026-11-24T03:00:00Z"}, {"email": "a@b.c\nBcc: x@example.com"}],
)  # fmt: skip
def test_bad_input_is_refused(client, event_type, changed):
    assert client.post(PAGE, details(**changed)).status_code == 422
    assert not Booking.objects.exists()


def test_a_link_can_fill_in_the_form(client, alice):
    """What it says of the invitee survives the choice of a day and a time, and is shown as text."""
    question = {"key": "company", "label": "Company", "kind": "text", "required": True, "options": []}
    make_event_type(alice, questions=[question])
    given = "name=Grace+%22Hopper%22&email=grace%40example.com&answer-company=%3CNavy%3E"
    page = text_of(client.get(f"{PAGE}?{given}"))
    assert (
        f"{PAGE}?name=Grace+%22Hopper%22&amp;email=grace%40example.com&amp;answer-company=%3CNavy%3E&amp;start=" in page
    )
    form = text_of(client.get(f"{PAGE}?{given}&start={START}&token=mine&zone=Asia/Tokyo"))
    for value in ("Grace &quot;Hopper&quot;", "grace@example.com", "&lt;Navy&gt;"):
        assert f'value="{value}"' in form
    assert 'value="mine"' not in form
    assert 'value="xxxxxxxx' not in text_of(client.get(f"{PAGE}?start={START}&name={'x' * 501}"))


def test_a_body_that_is_too_large_is_refused(client, event_type):
    assert client.post(PAGE, details(notes="x" * 1_000_000)).status_code == 413


def test_questions_are_asked_and_answered(client, alice):
    questions = [
        {"key": "company", "label": "Company", "kind": "text", "required": True, "options": []},
        {"key": "agreed", "label": "Agreed", "kind": "checkbox", "required": True, "options": []},
    ]
    make_event_type(alice, questions=questions)
    response = client.post(PAGE, details())
    assert response.status_code == 422
    assert 'id="id_answer-company_error"' in text_of(response)
    assert client.post(PAGE, details(**{"answer-company": "Navy", "answer-agreed": "on"})).status_code == 302
    assert [answer["value"] for answer in Booking.objects.get().answers] == ["Navy", True]


def test_whoever_was_slower_gets_alternatives_as_buttons(client, event_type):
    client.post(PAGE, details())
    response = client.post(PAGE, details(token="another", name="Alan Turing", email="alan@example.com"))
    page = text_of(response)
    assert response.status_code == 409
    assert page.count('<button class="slot" name="start"') == 3
    assert 'value="Alan Turing"' in page
    picked = client.post(PAGE, details(token="another", email="alan@example.com", start="2026-11-24T10:30:00Z"))
    assert picked.status_code == 302
    assert Booking.objects.count() == 2


def test_the_same_form_sent_twice_books_once(client, event_type):
    first, second = client.post(PAGE, details()), client.post(PAGE, details())
    assert first.headers["Location"] == second.headers["Location"]
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_books_once(event_type):
    """A double click: the twin waits, and is led to the same booking."""
    barrier, answers = Barrier(4), []

    def send():
        barrier.wait()
        answers.append(Client().post(PAGE, details()).headers.get("Location"))
        connection.close()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {f"/b/{Booking.objects.get().uid}"}


def test_a_form_from_elsewhere_is_refused_with_a_page(event_type):
    response = Client(enforce_csrf_checks=True).post(PAGE, details())
    assert response.status_code == 403
    assert "Reload the page" in text_of(response)


def test_the_page_costs_few_queries(client, event_type, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get(PAGE)


def test_pages_are_compressed_and_answers_of_the_api_are_not(client, alice, event_type):
    headers = {"accept-encoding": "gzip", "authorization": f"Bearer {alice.key()}"}
    assert client.get(PAGE, headers=headers).headers["Content-Encoding"] == "gzip"
    answer = client.get("/api/v1/event-types", headers=headers)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
