"""Activity: the timeline, its filters and search, what a row says, retry, and following it without reloading."""

import re
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.connections.models import Connection
from linktime.crm.actions import organisation_of
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.web.dashboard.activity import feed
from linktime.web.dashboard.activity import search as searching
from tests.people import NOW

PAGE = "/dashboard/activity/"
PART = {"HX-Request": "true"}
SOON = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


def connect(person, service="salesforce", key="00D1", **values):
    return Connection.objects.create(
        account=person.account, service=service, organisation_key=key, organisation_name="Engines",
        environment="production", login_url="https://login.salesforce.com", api_url="https://e.my.salesforce.com",
        client_id="key", connected_at=NOW, **values,
    )  # fmt: skip


@pytest.fixture
def connection(alice):
    return connect(alice)


@pytest.fixture
def book(event_type):
    """Book the next free half hour; gives the booking's record in the first connection."""
    slots = iter(NOW.replace(hour=9) + timedelta(days=day, minutes=30 * n) for day in range(1, 5) for n in range(16))

    def booked(name="Grace Hopper", email="grace@example.com", **values):
        booking = actions.book(
            event_type, start=next(slots), duration=None, invitee=InviteeDetails(name, email), guests=[], answers={},
            now=NOW,
        )  # fmt: skip
        SyncRecord.objects.filter(booking=booking).update(**values)
        return SyncRecord.objects.filter(booking=booking).earliest("pk")

    return booked


def tried(record, **values):
    values = {"at": NOW, "revision": 1, "action": "create", "calls": 2, "ms": 310, "outcome": "done"} | values
    return SyncAttempt.objects.create(record=record, **values)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def shown(client, **query):
    """Return the invitees on the page, in order."""
    page = client.get(PAGE, query_params=query).content.decode()
    return re.findall(r'class="what"[^>]*>Intro call with ([^<]+)<', page)


def test_without_a_crm_it_says_what_will_be_here(as_alice):
    assert "No CRM is connected" in text(as_alice.get(PAGE))


def test_before_the_first_booking_it_says_what_will_be_here(as_alice, connection):
    assert "Nothing yet" in text(as_alice.get(PAGE))


def test_a_row_tells_what_became_of_a_change(as_alice, connection, book):
    tried(book(state="synced", shown_revision=1, meeting_id="00U1"))
    page = as_alice.get(PAGE)
    assert "Booked → Event created in Salesforce, 2 calls, 0.3 s" in text(page)
    assert "https://e.my.salesforce.com/lightning/r/Event/00U1/view" in page.content.decode()


def test_a_later_change_moves_the_row_to_the_top(as_alice, connection, book):
    first = book("Grace Hopper", state="synced")
    book("Alan Turing")
    assert shown(as_alice) == ["Alan Turing", "Grace Hopper"]
    actions.reschedule(first.booking, start=NOW + timedelta(days=7, hours=2), reason="", now=NOW + timedelta(minutes=1))
    assert shown(as_alice) == ["Grace Hopper", "Alan Turing"]
    assert "Rescheduled → on its way to Salesforce" in text(as_alice.get(PAGE))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "pending"}, "Booked → on its way to Salesforce"),
        (
            {"state": "pending", "error_code": "try_again", "due_at": NOW + timedelta(minutes=5)},
            "Next try in 5 minutes",
        ),
        ({"state": "pending", "error_code": "try_again", "due_at": NOW}, "Booked → not yet in Salesforce"),
        ({"state": "pending", "error_code": "ODD", "cause": "mended"}, "Trying again: another booking got through"),
        ({"state": "failed", "error_code": "REQUIRED_FIELD_MISSING"}, "Salesforce wants a field"),
        ({"state": "failed", "error_code": "ODD", "error_message": "Mind the gap"}, "ODD: Mind the gap"),
        ({"state": "skipped"}, "Booked → nothing to do in Salesforce"),
        ({"state": "synced"}, "Booked → in Salesforce"),
    ],
)
def test_each_state_is_told_in_words(as_alice, connection, book, values, words):
    book(**values)
    assert words in text(as_alice.get(PAGE))


def test_a_failure_is_told_in_the_crms_own_words_too(as_alice, connection, book):
    """Once; and not in words that are our own."""
    book(state="failed", error_code="STRING_TOO_LONG", error_message="Subject: data value too large")
    book(state="failed", error_code="ODD", error_message="Mind the gap.")
    book(state="failed", error_code="internal", error_message="ZeroDivisionError")
    page = text(as_alice.get(PAGE))
    assert "Salesforce says: “Subject: data value too large”" in page
    assert page.count("Mind the gap") == 1
    assert "ZeroDivisionError" not in page


def test_the_next_try_is_when_the_organisation_may_be_asked_again(as_alice, connection, book):
    record = book(state="pending", error_code="try_again", due_at=NOW)
    record.organisation.retry_at = NOW + timedelta(minutes=30)
    record.organisation.save()
    assert "Next try in 30 minutes" in text(as_alice.get(PAGE))


def test_what_waits_for_a_reconnection_leads_there(as_alice, connection, book):
    """Also what has not been tried itself."""
    book(state="pending")
    Connection.objects.update(state="needs_reconnect", error_code="inactive_user")
    page = text(as_alice.get(PAGE))
    assert "has been deactivated" in page
    assert "Reconnect Salesforce" in page
    assert "Next try" not in page


def test_attempts_unfold_with_what_was_sent_and_answered(as_alice, connection, book):
    record = book(state="failed", error_code="ODD")
    said = {"method": "POST", "route": "/composite", "status": 400, "ms": 12, "answered": [{"errorCode": "ODD"}]}
    tried(record, outcome="failed", error_code="ODD", error_message="Mind the gap", exchanges=[{"left_out": 3}, said])
    page = text(as_alice.get(f"{PAGE}{record.pk}", headers=PART))
    for words in ("Booked → not in Salesforce", "ODD: Mind the gap", "POST /composite → 400, 12 ms", "&quot;errorCode"):
        assert words in page
    assert "3 earlier requests" in page
    assert as_alice.get(f"{PAGE}{record.pk}").headers["Location"] == f"/dashboard/bookings/{record.booking.uid}"


def test_the_timeline_is_filtered_by_state_crm_and_day(as_alice, alice, connection, book):
    book("Failed", state="failed")
    book("Old", state="synced", wanted_at=NOW - timedelta(days=3))
    attio = connect(alice, "attio", "w1", state="disconnected")
    other = book("Elsewhere", state="synced")
    SyncRecord.objects.filter(pk=other.pk).update(connection=attio, organisation=organisation_of(attio))
    assert shown(as_alice, state="failed") == ["Failed"]
    assert shown(as_alice, crm=attio.pk) == ["Elsewhere"]
    assert shown(as_alice, state="synced", crm=connection.pk) == ["Old"]
    assert shown(as_alice, until="2026-11-20") == ["Old"]
    assert shown(as_alice, since="2026-11-21") == ["Elsewhere", "Failed"]
    assert shown(as_alice, since="2026-11-20", until="2026-11-20") == ["Old"]
    assert shown(as_alice, state="skipped") == []


@pytest.mark.parametrize(
    "query",
    [{"state": "gone"}, {"crm": "x"}, {"crm": "999999"}, {"since": "yesterday"}, {"after": "x"}, {"after": "2026_1"},
     {"after": "2026-11-23T08:00:00_" + "9" * 30}, {"search": "\0"}, {"until": "9999-12-31"}],
)  # fmt: skip
def test_what_is_no_choice_counts_as_none(as_alice, connection, book, query):
    book("Grace Hopper")
    assert shown(as_alice, **query) == ["Grace Hopper"]


@pytest.mark.parametrize("typed", ["grace", "GRACE HOP", "hopper", "Grace@Ex", "  grace  hopper "])
def test_search_finds_the_beginning_of_a_name_or_an_email(as_alice, connection, book, typed):
    book("Grace Hopper", "grace@example.com")
    book("Alan Turing", "alan@example.com")
    assert shown(as_alice, search=typed) == ["Grace Hopper"]


@pytest.mark.parametrize("typed", ["ópez", "100%", "g_ace", "example.com", "nobody"])
def test_search_finds_nothing_else(as_alice, connection, book, typed):
    book("Grace Hopper", "grace@example.com")
    assert shown(as_alice, search=typed) == []


def test_search_knows_other_scripts_titles_and_links(as_alice, connection, book):
    record = book("Íñigo Ägidius Öztürk", "o'brien@example.com")
    for typed in ("íñigo", "öztürk", "ÖZT", "o'brien@", "intro", f"http://127.0.0.1:8000/b/{record.booking.uid}"):
        assert shown(as_alice, search=typed) == ["Íñigo Ägidius Öztürk"], typed


def test_what_matches_too_often_is_looked_for_among_the_latest(as_alice, connection, book, monkeypatch):
    monkeypatch.setattr(searching, "MANY", 2)
    monkeypatch.setattr(searching, "LATEST", 3)
    book("Alan Turing", "alan@example.com", wanted_at=NOW)
    for n in range(4):
        book(f"Grace {n}", wanted_at=NOW - timedelta(minutes=n + 1))
    assert shown(as_alice, search="grace") == ["Grace 0", "Grace 1"]
    assert "Many bookings match" in text(as_alice.get(PAGE, query_params={"search": "grace"}))
    assert shown(as_alice, search="grace 3") == ["Grace 3"]
    monkeypatch.setattr(searching, "LATEST", 6)
    assert shown(as_alice, search="grace") == ["Grace 0", "Grace 1", "Grace 2", "Grace 3"]


def test_pages_follow_each_other_without_a_gap(as_alice, connection, book, monkeypatch):
    """Records of the same instant included."""
    monkeypatch.setattr(feed, "PER_PAGE", 2)
    for n in range(5):
        book(f"Invitee {n}", wanted_at=NOW - timedelta(minutes=n // 3))
    seen, address = [], PAGE
    while address:
        page = as_alice.get(address).content.decode()
        seen += re.findall(r'class="what"[^>]*>Intro call with ([^<]+)<', page)
        link = re.search(r'id="older"[^>]*href="([^"]+)"', page)
        address = link and link.group(1).replace("&amp;", "&")
    assert seen == ["Invitee 2", "Invitee 1", "Invitee 0", "Invitee 4", "Invitee 3"]


def test_a_row_is_retried_and_the_page_stays(as_alice, connection, book):
    record = book(state="failed", error_code="ODD", due_at=None)
    here = f"{PAGE}?state=failed"
    response = as_alice.post(f"{PAGE}{record.pk}/retry", query_params={"here": here})
    assert response.headers["Location"] == f"{here}#row-{record.pk}"
    record.refresh_from_db()
    assert (record.state, record.due_at, record.cause) == ("pending", NOW, "person")
    elsewhere = as_alice.post(f"{PAGE}{record.pk}/retry", query_params={"here": "https://evil.example.com/"})
    assert elsewhere.headers["Location"].startswith("/#")


def test_a_row_that_failed_is_dismissed(as_alice, connection, book):
    """It no longer stands out, says what was in the way, and can still be retried."""
    record = book(state="failed", error_code="INVALID_EMAIL_ADDRESS", error_message="email: invalid", due_at=None)
    assert "Failed 1" in text(as_alice.get(PAGE))
    here = f"{PAGE}?state=failed"
    address = f"{PAGE}{record.pk}/dismiss"
    assert as_alice.post(address, query_params={"here": here}).headers["Location"] == f"{here}#row-{record.pk}"
    page = as_alice.get(PAGE)
    assert "Booked → dismissed, not in Salesforce" in text(page)
    assert "Somebody dismissed this" in text(page)
    assert "Failed 1" not in text(page)
    assert "retry-" in page.text
    assert "dismiss-" not in page.text
    assert "no longer among those that failed" in text(as_alice.post(address, follow=True))
    record.refresh_from_db()
    assert (record.state, record.due_at) == ("skipped", None)


@pytest.mark.parametrize(("shown_revision", "words"), [(0, "Not in Salesforce"), (1, "Out of date in Salesforce")])
def test_the_chip_of_what_was_dismissed_says_what_is_over_there(as_alice, connection, book, shown_revision, words):
    record = book(state="skipped", error_code="ODD", shown_revision=shown_revision, wanted_revision=2)
    chip = rf'<span class="chip "><svg[^>]*><use href="[^"]*#circle-dashed"></use></svg>{words}</span>'
    for page in (PAGE, f"/dashboard/bookings/{record.booking.uid}"):
        assert re.search(chip, as_alice.get(page).text), page


def test_what_somebody_has_to_decide_is_decided_there(as_alice, connection, book):
    record = book(state="failed", error_code="DUPLICATES_DETECTED", due_at=None)
    page = as_alice.get(PAGE).text
    assert "Use the match" in page
    assert "Save anyway" in page
    as_alice.post(f"{PAGE}{record.pk}/retry", {"duplicates": "match"})
    record.refresh_from_db()
    assert (record.state, record.choices) == ("pending", {"duplicates": "match"})
    assert as_alice.post(f"{PAGE}{record.pk}/retry", {"duplicates": "merge"}).status_code == 422
    assert "Use the match" not in as_alice.get(PAGE).text


def test_all_that_failed_is_retried_after_saying_how_many(as_alice, alice, connection, book):
    for _ in range(2):
        book(state="failed", error_code="ODD")
    kept = book(state="synced")
    connect(alice, "attio", "w1")
    other = book(state="failed")
    SyncRecord.objects.filter(booking=other.booking, connection=connection).delete()
    page = text(as_alice.get(f"{PAGE}retry"))
    assert "Retry 3 bookings?" in page
    assert "2 in Salesforce" in page
    assert "Retry 2 bookings?" in text(as_alice.get(f"{PAGE}retry?crm={connection.pk}"))
    assert "Trying 2 bookings again" in text(as_alice.post(f"{PAGE}retry?crm={connection.pk}", follow=True))
    assert "Trying 1 booking again" in text(as_alice.post(f"{PAGE}retry", follow=True))
    assert not SyncRecord.objects.filter(state="failed").exists()
    kept.refresh_from_db()
    assert kept.state == "synced"
    assert "Nothing has failed" in text(as_alice.get(f"{PAGE}retry"))


def test_an_open_page_is_told_only_what_changed(as_alice, connection, book):
    record = book()
    page = as_alice.get(PAGE).content.decode()
    again = re.search(r'id="live"[^>]*hx-get="([^"]+)"', page).group(1).replace("&amp;", "&")
    assert as_alice.get(again, headers=PART).status_code == 204
    SyncRecord.objects.filter(pk=record.pk).update(state="synced")
    part = as_alice.get(again, headers=PART).content.decode()
    assert "In Salesforce" in part
    assert "<html" not in part
    restored = as_alice.get(PAGE, headers={**PART, "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


def test_the_page_costs_the_same_for_many(as_alice, connection, book):
    def queries():
        with CaptureQueriesContext(database) as captured:
            as_alice.get(PAGE, query_params={"search": "intro"})
        return len(captured)

    tried(book(state="failed", error_code="ODD"))
    few = queries()
    for n in range(30):
        tried(book(f"Invitee {n}", state="synced"))
    assert queries() == few <= 14


def test_charlie_sees_and_changes_nothing_of_alices(as_charlie, charlie, connection, book):
    connect(charlie, key="00D2")
    record = book(state="failed", error_code="ODD")
    assert shown(as_charlie) == []
    assert shown(as_charlie, search="grace", crm=connection.pk) == []
    for response in (
        as_charlie.get(f"{PAGE}{record.pk}", headers=PART),
        as_charlie.post(f"{PAGE}{record.pk}/retry"),
        as_charlie.post(f"{PAGE}{record.pk}/dismiss"),
    ):
        assert response.status_code == 404
    as_charlie.post(f"{PAGE}retry?crm={connection.pk}")
    record.refresh_from_db()
    assert record.state == "failed"
