"""Invitees are spoken to in their own language; members, and programs, in English."""

import pytest
from django.core import mail

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.models import Booking
from tests import jobs
from tests.people import NOW

PAGE = "/alice/intro-call"
LANGUAGES = [
    ("en-GB", "en", "ltr", ("Next month", "London time (UTC+00:00)", "November 2026")),
    ("de-AT,de;q=0.9", "de", "ltr", ("Nächster Monat", "Ortszeit London (UTC+00:00)", "November 2026")),
    ("es", "es", "ltr", ("Mes siguiente", "hora de Londres (UTC+00:00)", "noviembre de 2026")),
    ("fr-CA", "fr", "ltr", ("Mois suivant", "heure de Londres (UTC+00:00)", "novembre 2026")),
    ("ar-EG", "ar", "rtl", ("الشهر التالي", "توقيت لندن (UTC+00:00)", "نوفمبر 2026")),
    ("pl", "en", "ltr", ("Next month", "London time (UTC+00:00)", "November 2026")),
]


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


def page_of(client, path, language="", **options):
    response = client.get(path, headers={"accept-language": language}, **options)
    assert response.headers["Content-Language"] in response.content.decode()
    return response.content.decode()


@pytest.mark.parametrize(("accepted", "language", "direction", "words"), LANGUAGES)
def test_the_browsers_language_is_spoken(client, event_type, *, accepted, language, direction, words):
    page = page_of(client, PAGE, accepted)
    assert f'<html lang="{language}"' in page
    assert ('dir="rtl"' in page.partition(">")[2].partition(">")[0]) == (direction == "rtl")
    assert all(word in page for word in words)


def test_another_language_can_be_chosen_and_is_remembered(client, event_type):
    page = page_of(client, f"{PAGE}?day=2026-11-25", "en-GB")
    assert 'href="?day=2026-11-25&amp;language=de"' in page
    assert "Nächster Monat" in page_of(client, f"{PAGE}?language=de", "en-GB")
    assert "Nächster Monat" in page_of(client, PAGE, "en-GB")
    assert "Next month" in page_of(client, f"{PAGE}?language=xx", "en-GB", HTTP_COOKIE="")


def test_the_chosen_language_keeps_the_visitors_habits(client, event_type):
    """Somebody in Egypt who reads German has the week of Egypt."""
    page = page_of(client, f"{PAGE}?language=de", "ar-EG")
    assert page.index(">Sa<") < page.index(">So<") < page.index(">Mo<")


def test_the_whole_way_is_in_one_language(client, event_type):
    """Picking, the form with a fault, the booking, moving and cancelling it."""
    german = {"accept-language": "de"}
    typed = {"start": "2026-11-24T10:00:00Z", "zone": "Europe/Berlin", "name": "Grace", "email": "none", "token": "t"}
    fault = client.post(PAGE, typed, headers=german).content.decode()
    assert "Geben Sie eine E-Mail-Adresse an" in fault
    assert "Dienstag, 24. November, 11:00 bestätigen" in fault
    address = client.post(PAGE, typed | {"email": "grace@example.com"}, headers=german).headers["Location"]
    assert "Gebucht" in page_of(client, address, "de")
    assert "Treffen absagen" in page_of(client, f"{address}/cancel", "de")
    assert "Dienstag, 24. November, 11:00" in page_of(client, f"{address}/reschedule", "de")
    assert Booking.objects.get().invitee_locale == "de-DE"


def test_a_page_that_is_not_there_says_so_in_the_visitors_language(client, alice):
    assert "Il n'y a pas de réservation" in page_of(client, "/b/none", "fr").replace("&#x27;", "'")
    assert "صفحة" in page_of(client, "/alice/none/none", "ar")


def test_members_work_in_english_with_the_habits_of_their_browser(client, as_alice, event_type):
    grace = InviteeDetails("Grace Hopper", "grace@example.com", time_zone="Europe/Berlin")
    start = NOW.replace(day=24, hour=15)
    actions.book(event_type, start=start, duration=None, invitee=grace, guests=[], answers={}, now=NOW)
    page = page_of(as_alice, "/dashboard/bookings/?language=de", "de-DE")
    assert "Tuesday, 24 November 2026" in page
    assert "15:00" in page
    assert '<html lang="en">' in page
    assert "Log in" in page_of(client, "/accounts/login/", "de")


def test_programs_are_answered_in_english(client, alice, event_type):
    headers = {"authorization": f"Bearer {alice.key()}", "accept-language": "de"}
    body = {"event_type": "intro-call", "start": "2026-11-24T10:00:00Z", "invitee": {"name": "G", "email": "none"}}
    answer = client.post("/api/v1/bookings", body, content_type="application/json", headers=headers)
    assert answer.json()["errors"][0]["message"].startswith("Enter an email address")


@pytest.mark.parametrize(
    ("locale", "subject", "when"),
    [
        ("de-DE", "Bestätigt: Intro call mit Alice Lovelace, Di., 24. Nov. 2026, 05:00", "Ortszeit New York"),
        ("es-MX", "Confirmada: Intro call con Alice Lovelace, mar, 24 de nov de 2026, 5:00 a.m.", "hora de Nueva York"),
        ("fr", "Confirmé : Intro call avec Alice Lovelace, mar. 24 nov. 2026, 05:00", "heure de New York"),
        ("ar", "مؤكد: Intro call مع Alice Lovelace، الثلاثاء، 24 نوفمبر 2026، 5:00 ص", "توقيت نيويورك"),
        ("pl", "Confirmed: Intro call with Alice Lovelace on Tue, 24 Nov 2026, 05:00", "New York time"),
    ],
)
def test_mail_is_in_the_invitees_language_and_zone_and_the_hosts_is_not(event_type, locale, subject, when):
    grace = InviteeDetails("Grace Hopper", "grace@example.com", time_zone="America/New_York", locale=locale)
    start = NOW.replace(day=24, hour=10)
    actions.book(event_type, start=start, duration=None, invitee=grace, guests=[], answers={}, now=NOW)
    jobs.work("send_booking_mail")
    invitees, hosts = sorted(mail.outbox, key=lambda message: message.to, reverse=True)
    assert invitees.subject == subject
    html = invitees.alternatives[0][0]
    assert f'lang="{locale[:2].replace("pl", "en")}"' in html
    assert ('dir="rtl"' in html) == (locale == "ar")
    for text in (invitees.body, html):
        assert when in text
    assert hosts.subject == "New: Intro call with Grace Hopper on Tue, 24 Nov 2026, 10:00"
