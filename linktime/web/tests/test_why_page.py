"""Why is this time not offered? The troubleshooter's page."""

import pytest

from linktime.bookings import actions, holds
from linktime.bookings.invitees import InviteeDetails
from linktime.scheduling.models import Absence
from tests.people import NOW, give_hosts, make_event_type

PAGE = "/dashboard/availability/why"
TUESDAY_TEN = NOW.replace(day=24, hour=10)


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


def asked(client, event_type, **changed):
    usual = {"event_type": event_type.pk, "day": "2026-11-24", "time": "10:00", "zone": "Europe/London"}
    return client.get(PAGE, usual | changed).text


def book(event_type, name="Grace Hopper"):
    grace = InviteeDetails(name, "grace@example.com")
    return actions.book(event_type, start=TUESDAY_TEN, duration=None, invitee=grace, guests=[], answers={}, now=NOW)


def test_it_asks_first(as_alice, event_type):
    page = as_alice.get(f"{PAGE}?event_type={event_type.pk}").text
    assert "Find out" in page
    assert 'value="10:00"' in page
    assert "offered</span>" not in page


def test_what_is_offered_is_said_to_be(as_alice, event_type):
    page = asked(as_alice, event_type)
    assert "Nothing is in the way" in page
    assert "Not offered" not in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"time": "08:00"}, "outside the hours of “Office hours” on Tuesday, 24 November: 09:00 – 17:00, London time"),
        ({"time": "10:10"}, "the steps around it are Tuesday, 24 November, 10:00 and Tuesday, 24 November, 10:30"),
        ({"time": "16:45"}, "A meeting of 30 minutes would go past Tuesday, 24 November, 17:00"),
        ({"day": "2026-11-22"}, "This time has passed"),
        ({"day": "2026-11-28"}, "“Office hours” has no hours on Saturday, 28 November"),
        ({"day": "2027-03-01"}, "outside the days that can be booked: they go to before Saturday, 23 January"),
        ({"day": "2027-03-28", "time": "01:30"}, "Clocks are put forward that day"),
        ({"day": "2027-10-31", "time": "01:30"}, "this is the second"),
        ({"time": "09:00", "zone": "America/New_York"}, "The next times on offer"),
    ],
)
def test_each_reason_is_a_sentence(as_alice, event_type, values, words):
    assert words in asked(as_alice, event_type, **values)


def test_a_meeting_in_the_way_is_named_and_leads_to_its_page(as_alice, event_type):
    booking = book(event_type)
    page = asked(as_alice, event_type)
    assert "Alice Lovelace meets then: Intro call with Grace Hopper" in page
    assert f'href="/dashboard/bookings/{booking.uid}"' in page


def test_a_meeting_of_another_account_and_a_hold_are_not_named(as_charlie, charlie, event_type, alice):
    theirs = event_type
    book(theirs)
    holds.hold(theirs, start=TUESDAY_TEN.replace(hour=11), duration=None, visitor="v", now=NOW)
    own = type(theirs).objects.create(
        account=charlie.account, host=alice.user, schedule=theirs.schedule, slug="own", title="Own", durations=[30]
    )
    give_hosts(own, alice.user)
    page = asked(as_charlie, own)
    assert "a meeting of another account" in page
    assert "Grace" not in page
    assert "somebody is filling in the form" in asked(as_charlie, own, time="11:00")


def test_in_a_team_each_host_is_told_apart(as_alice, alice, bob, event_type):
    event_type.assignment = "round_robin"
    give_hosts(event_type, alice.user, bob.user)
    Absence.objects.create(account=bob.account, host=bob.user, start=TUESDAY_TEN, end=TUESDAY_TEN)
    page = asked(as_alice, event_type)
    assert "<h3>Bob Babbage</h3>" in page
    assert "Bob Babbage is out of office" in page
    assert "Free." in page
    assert "Not offered" not in page


def test_what_can_not_be_asked_is_said_at_its_field(as_alice, event_type):
    page = asked(as_alice, event_type, day="9999-12-31")
    assert 'id="id_day_error"' in page
    assert 'id="id_zone_error"' in asked(as_alice, event_type, zone="Mars")
    assert "Nothing is in the way" not in page


def test_a_strangers_event_type_can_not_be_asked_about(as_charlie, charlie, event_type):
    make_event_type(charlie, "own")
    page = asked(as_charlie, event_type)
    assert 'id="id_event_type_error"' in page
    assert "offered</span>" not in page
