"""A backlog goes in collections of 200, about two calls for each, and means the same as one by one."""

import pytest

from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.crm.providers.salesforce.people import grouped
from linktime.crm.providers.salesforce.tests.many import between_calls, book_many, who_of
from linktime.crm.providers.salesforce.tests.test_convert import meeting
from linktime.crm.testing.looking import only, record_of, states
from tests.emulated import calls_of

PHONE = "+12025550123"


def push_of(email, number=0):
    from dataclasses import replace

    from linktime.crm.contract import Push, Step

    invitee = replace(meeting().invitee, email=email)
    return Push(key=number, meeting=meeting(invitee=invitee), step=Step.CREATE)


@pytest.mark.parametrize("count", [3, pytest.param(60, marks=pytest.mark.long)])
def test_new_invitees_take_three_calls_and_so_do_known_ones(connected, emulator, count):
    book_many(connected, count)
    assert calls_of(emulator, connected.drain) == 3
    book_many(connected, count)
    assert calls_of(emulator, connected.drain) == 3
    assert set(SyncRecord.objects.values_list("state", flat=True)) == {"synced"}
    state = emulator.state()
    assert (len(state["contacts"]), len(state["events"])) == (count, 2 * count)
    assert {row["LastName"] for row in state["contacts"]} == {f"N{n}" for n in range(count)}


def test_each_further_group_takes_two_calls(connected, emulator, groups_of_ten):
    """Its question shares a call with the Events of another."""
    bookings = book_many(connected, 45)
    assert calls_of(emulator, connected.drain) == 11
    assert states(bookings) == ["synced"] * 45


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_thousand_new_invitees_take_eleven_calls(connected, emulator):
    book_many(connected, 1_000)
    assert calls_of(emulator, connected.drain) == 11
    assert set(SyncRecord.objects.values_list("state", flat=True)) == {"synced"}
    state = emulator.state()
    assert (len(state["contacts"]), len(state["events"])) == (1_000, 1_000)


def test_each_event_is_its_own_invitees(connected, emulator, groups_of_ten):
    """Three groups are under way at a time: nothing gets mixed up."""
    bookings = book_many(connected, 34)
    connected.drain()
    assert who_of(emulator) == {f"Intro call with Invitee N{n}": f"invitee{n}@example.com" for n in range(34)}
    events = {row["Id"]: row for row in emulator.state()["events"]}
    for booking in bookings:
        record = record_of(booking)
        event = events[record.meeting_id]
        assert event["Subject"] == f"Intro call with {booking.invitee_name}"
        assert record.contact_id == event["WhoId"]
        assert record.remote["stamp"] == event["LastModifiedDate"]


def test_known_people_who_bring_nothing_new_take_two_calls(connected, emulator):
    for number in range(4):
        emulator.create("Contact", LastName=f"N{number}", Email=f"invitee{number}@example.com")
    for number in range(4):
        connected.book(f"invitee{number}@example.com", "Cher")
    assert calls_of(emulator, connected.drain) == 2


def test_several_bookings_of_one_invitee_are_one_contact(connected, emulator):
    """Whatever the case of the email; the latest phone number stays, as it would one by one."""
    connected.book("grace@example.com", "Grace Hopper", phone=PHONE)
    connected.book("GRACE@example.com", "Cher")
    connected.book("Grace@Example.com", "Amazing Grace", phone="+12025550199")
    book_many(connected, 2)
    connected.drain()
    state = emulator.state()
    grace = only([row for row in state["contacts"] if row["Email"].lower() == "grace@example.com"])
    assert (grace["FirstName"], grace["LastName"], grace["Phone"]) == ("Amazing", "Hopper", "+12025550199")
    assert sum(event["WhoId"] == grace["Id"] for event in state["events"]) == 3


def test_known_contacts_are_chosen_by_activity_then_age_and_keep_their_last_names(connected, emulator):
    oldest = emulator.create("Contact", LastName="One", Email="grace@example.com")
    emulator.settings(clock_offset_seconds=2)  # of the same second, the order of ids decides
    emulator.create("Contact", LastName="Two", Email="grace@example.com")
    emulator.create("Contact", LastName="Three", Email="ada@example.com")
    active = emulator.create("Contact", LastName="Four", Email="ADA@example.com", Title="Countess")
    emulator.create("Event", Subject="Lunch", WhoId=active, StartDateTime="2027-06-01T10:00:00Z", DurationInMinutes=30)
    grace, ada = connected.book("grace@example.com"), connected.book("ada@example.com", "Ada Lovelace", phone=PHONE)
    book_many(connected, 2)
    connected.drain()
    assert (record_of(grace).contact_id, record_of(ada).contact_id) == (oldest, active)
    contacts = {row["Id"]: row for row in emulator.state()["contacts"]}
    assert [contacts[oldest][name] for name in ("FirstName", "LastName")] == ["Grace", "One"]
    shown = [contacts[active][name] for name in ("FirstName", "LastName", "Phone", "Title", "Email")]
    assert shown == ["Ada", "Four", PHONE, "Countess", "ADA@example.com"]


def test_somebody_on_a_later_page_of_the_answer_is_not_taken_for_new(connected, emulator):
    """An answer has 2,000 rows at most, and one address may have more Contacts than that."""
    token = emulator.token()["access_token"]
    make_contacts(emulator, token, "crowd@example.com", 2_001)
    known = emulator.create("Contact", LastName="Last", Email="invitee0@example.com")
    connected.book("crowd@example.com", "Cher")
    bookings = book_many(connected, 3)
    assert calls_of(emulator, connected.drain) == 4
    assert record_of(bookings[0]).contact_id == known


def make_contacts(emulator, token, email, count):
    from linktime.core import http

    url = f"{emulator.salesforce}/services/data/v66.0/composite/sobjects"
    row = {"attributes": {"type": "Contact"}, "LastName": "Crowd", "Email": email}
    for some in (min(200, count - done) for done in range(0, count, 200)):
        http.request("POST", url, headers={"Authorization": f"Bearer {token}"}, json_body={"records": [row] * some})


def test_emails_with_quotes_and_accents_are_asked_for_as_they_are(connected, emulator):
    known = emulator.create("Contact", LastName="O'Brien", Email="o'brien@example.com")
    bookings = [connected.book("o'brien@example.com"), *book_many(connected, 3)]
    connected.drain()
    assert record_of(bookings[0]).contact_id == known
    assert states(bookings) == ["synced"] * 4


def test_a_booking_cancelled_before_it_was_shown_ends_as_history(connected, emulator):
    bookings = book_many(connected, 4)
    connected.cancel(bookings[1])
    connected.move(bookings[2])
    connected.drain()
    events = {row["Id"]: row for row in emulator.state()["events"]}
    assert events[record_of(bookings[1]).meeting_id]["Subject"] == "[Cancelled] Intro call with Invitee N1"
    assert events[record_of(bookings[2]).meeting_id]["Description"].startswith("Rescheduled from ")
    assert [record_of(booking).shown_revision for booking in bookings] == [1, 2, 2, 1]


def test_a_contact_merged_meanwhile_is_found_again_once(connected, emulator, monkeypatch):
    loser = emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    winner = emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    between_calls(monkeypatch, 1, lambda: emulator.merge(winner, loser))
    grace, *others = connected.book("grace@example.com"), *book_many(connected, 3)
    connected.drain()
    assert record_of(grace).contact_id == winner
    assert states([grace, *others]) == ["synced"] * 4
    assert len(emulator.state()["events"]) == 4


@pytest.mark.parametrize("after", [1, 2])
def test_a_contact_deleted_meanwhile_is_made_anew_once(connected, emulator, monkeypatch, after):
    """Before it was updated, or before its Events were made."""
    known = emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    between_calls(monkeypatch, after, lambda: emulator.delete(known))
    bookings = [connected.book("grace@example.com"), connected.book("grace@example.com"), *book_many(connected, 3)]
    connected.drain()
    assert states(bookings) == ["synced"] * 5
    state = emulator.state()
    assert len(state["contacts"]) == 4
    assert len(state["events"]) == 5
    assert record_of(bookings[0]).contact_id == record_of(bookings[1]).contact_id != known


def test_every_booking_is_logged_with_the_calls_that_it_took(connected, emulator):
    book_many(connected, 30)
    connected.drain()
    rows = SyncAttempt.objects.values_list("action", "outcome", "calls")
    assert {row[:2] for row in rows} == {("create", "done")}
    assert sum(row[2] for row in rows) == 3


def test_groups_hold_200_bookings_and_nobody_is_in_two():
    pushes = [push_of(f"invitee{n % 150}@example.com", n) for n in range(450)]
    groups, left = grouped(pushes, 200)
    assert [len(group.pushes) for group in groups] == [198, 198, 54]
    assert [group.prepare() for group in groups] == [[]] * 3
    assert sum(len(group.people) for group in groups) == 150
    assert left == []


def test_more_bookings_of_one_invitee_than_a_collection_holds_wait_for_the_first():
    groups, left = grouped([push_of("grace@example.com", n) for n in range(205)], 200)
    assert [len(group.pushes) for group in groups] == [200]
    assert [push.key for push in left] == [200, 201, 202, 203, 204]


@pytest.mark.parametrize("character", ["x", "ü", "李", "🙂", "'"])
def test_a_groups_emails_fit_into_two_queries(character):
    """An address holds 16,384 bytes, however they are encoded."""
    from urllib.parse import quote

    from linktime.crm.providers.salesforce import soql
    from linktime.crm.providers.salesforce.client import BASE, query_path

    pushes = [push_of(f"{character * 200}{n}@example.com", n) for n in range(200)]
    groups, _ = grouped(pushes, 200)
    for group in groups:
        group.prepare()
        paths = [BASE + query_path(soql.contacts_of(emails)) for emails in group.questions]
        assert 1 <= len(paths) <= 2
        assert max(len(path) for path in paths) <= 16_384
    ids, starts = [f"003gL00000{n:08}" for n in range(200)], [f"2027-01-01T10:{n:02}:00Z" for n in range(200)]
    assert len(BASE + quote(soql.stamps_at(ids, starts), safe="")) < 16_000
