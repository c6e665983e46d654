"""Finding bookings in the dashboard, and taking them along as a file."""

import csv
from io import StringIO

import pytest

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.models import Booking
from linktime.web.dashboard.bookings.export import cell
from tests.people import NOW, make_event_type

LIST, FILE = "/dashboard/bookings/", "/dashboard/bookings/export.csv"


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


def book(event_type, day, hour, name, email, **details):
    invitee = InviteeDetails(name, email, **details)
    start = NOW.replace(day=day, hour=hour)
    return actions.book(event_type, start=start, duration=None, invitee=invitee, guests=[], answers={}, now=NOW)


@pytest.fixture
def bookings(alice, event_type):
    deep = make_event_type(alice, slug="deep-dive", title="Deep dive", durations=[60])
    book(event_type, 24, 9, "Grace Hopper", "grace@navy.example")
    book(event_type, 25, 9, "Alan Turing", "alan@bletchley.example", notes="=1+1")
    book(deep, 26, 9, "Katherine Johnson", "katherine@nasa.example", phone="+12025550123")
    gone = book(event_type, 27, 9, "Edsger Dijkstra", "edsger@example.com")
    actions.cancel(gone, reason="", now=NOW)
    return deep


def names(client, **query):
    page = client.get(LIST, query).content.decode()
    return {name for name in ("Grace", "Alan", "Katherine", "Edsger") if f"with {name}" in page}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"Grace", "Alan", "Katherine"}),
        ({"q": "hopper"}, {"Grace"}),
        ({"q": "NASA.example"}, {"Katherine"}),
        ({"q": "deep johnson"}, {"Katherine"}),
        ({"q": "deep hopper"}, set()),
        ({"q": "%"}, set()),
        ({"from": "2026-11-25"}, {"Alan", "Katherine"}),
        ({"to": "2026-11-25"}, {"Grace", "Alan"}),
        ({"from": "2026-11-25", "to": "2026-11-25"}, {"Alan"}),
        ({"show": "cancelled", "q": "edsger"}, {"Edsger"}),
        ({"show": "past"}, set()),
    ],
)
def test_bookings_are_found(as_alice, bookings, query, found):
    assert names(as_alice, **query) == found


def test_bookings_of_one_event_type(as_alice, bookings):
    assert names(as_alice, event_type=str(bookings.pk)) == {"Katherine"}


@pytest.mark.parametrize(
    "query",
    [{"from": "x"}, {"from": "0001-01-01"}, {"to": "9999-12-31"}, {"event_type": "-1"}, {"event_type": "9" * 40},
     {"event_type": "²"}, {"q": "\0"}, {"show": "x", "page": "-3"}],
)  # fmt: skip
def test_nonsense_counts_as_not_asked(as_alice, bookings, query):
    assert names(as_alice, **query) == {"Grace", "Alan", "Katherine"}


def test_what_was_typed_stays_and_can_be_cleared(as_alice, bookings):
    page = as_alice.get(LIST, {"q": '"><b>', "from": "2026-11-25"}).content.decode()
    assert 'value="&quot;&gt;&lt;b&gt;"' in page
    assert 'value="2026-11-25"' in page
    assert "No bookings like that" in page
    assert f'href="{LIST}?show=upcoming"' in page


def table(client, **query):
    response = client.get(FILE, query)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_the_file_has_what_the_list_shows(as_alice, bookings):
    rows = table(as_alice, q="turing")
    assert len(rows) == 1
    row = rows[0]
    assert (row["Start"], row["Time zone"], row["Event type"]) == ("2026-11-25 09:00", "Europe/London", "Intro call")
    assert (row["Invitee"], row["Email"], row["Status"]) == ("Alan Turing", "alan@bletchley.example", "Confirmed")
    assert row["Hosts"] == "Alice Lovelace"
    assert len(table(as_alice)) == 3


def test_no_cell_is_a_formula(as_alice, bookings):
    assert table(as_alice, q="turing")[0]["Notes"] == "'=1+1"
    assert table(as_alice, q="johnson")[0]["Phone"] == "+12025550123"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"), ("+1+1", "'+1+1"), ("-2", "'-2"), ("@SUM(1)", "'@SUM(1)"),
     ("\t=1", "'\t=1"), (" =1", "' =1"), ("Grace", "Grace"), ("1 = 1", "1 = 1"), ("+442079460958", "+442079460958"),
     ("\n=1", "'\n=1"), ("", "")],
)  # fmt: skip
def test_what_a_spreadsheet_would_calculate_is_made_a_text(text, shown):
    assert cell(text) == shown


def test_the_file_costs_few_queries_however_long_it_is(as_alice, event_type, django_assert_max_num_queries):
    for hour in range(9, 15):
        book(event_type, 24, hour, "Grace Hopper", "grace@example.com")
    with django_assert_max_num_queries(8):
        assert len(table(as_alice)) == 6


def test_strangers_have_their_own(as_charlie, as_bob, client, bookings):
    assert table(as_charlie) == []
    assert len(table(as_bob)) == 3
    assert client.get(FILE).headers["Location"].startswith("/accounts/login/")
    assert Booking.objects.count() == 4
