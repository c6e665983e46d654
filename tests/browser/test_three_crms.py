"""One booking in three CRMs at once, each on the emulators' page; and disconnecting one leaves the others alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import book, cancel, connect, disconnect, move, sign_up

pytestmark = pytest.mark.browser

CRMS = {"salesforce": "Salesforce", "hubspot": "HubSpot", "attio": "Attio"}
BOOKED = {
    "salesforce": ["Intro call with Emmy Noether"],
    "hubspot": ["Intro call with Emmy Noether"],
    "attio": ["Booked: Intro call"],
}
MOVED = {
    "salesforce": ["Rescheduled from"],
    "hubspot": ["RESCHEDULED", "Rescheduled from"],
    "attio": ["Booked: Intro call", "[Rescheduled] Intro call"],
}
CANCELLED = {
    "salesforce": ["[Cancelled] Intro call with Emmy Noether"],
    "hubspot": ["CANCELED"],
    "attio": ["[Rescheduled] Intro call", "[Cancelled] Intro call"],
}


def look(page: Page, crm: str, name: str, words: list[str]) -> None:
    """See a person on the emulators' page, with everything that the CRM should say."""
    page.get_by_role("tab", name=crm, exact=True).click()
    person = page.get_by_role("article").filter(has_text=name)
    expect(person).to_have_count(1)
    for text in words:
        expect(person).to_contain_text(text)


def look_everywhere(page: Page, name: str, words: dict[str, list[str]]) -> None:
    for crm, texts in words.items():
        look(page, crm, name, texts)


def test_one_booking_is_in_all_three_and_follows_each_change(visitors, site):
    host = visitors.open("/")
    sign_up(host, "David Hilbert", "david")
    for label in CRMS.values():
        connect(host, label)
    invitee = visitors.open("/")
    book(invitee, "david", "Emmy Noether")
    emulators = visitors.open(site.emulator.base_url)
    look_everywhere(emulators, "Emmy Noether", BOOKED)
    move(invitee)
    look_everywhere(emulators, "Emmy Noether", MOVED)
    cancel(invitee)
    look_everywhere(emulators, "Emmy Noether", CANCELLED)


@pytest.mark.long
def test_disconnecting_one_leaves_the_others_as_they_were(visitors, site):
    """Their state, their grants and their records."""
    host = visitors.open("/")
    sign_up(host, "Felix Klein", "felix")
    for label in CRMS.values():
        connect(host, label)
    invitee = visitors.open("/")
    book(invitee, "felix", "Sofya Kovalevskaya")
    emulators = visitors.open(site.emulator.base_url)
    look_everywhere(emulators, "Sofya Kovalevskaya", {crm: ["Intro call"] for crm in CRMS})
    before = {crm: site.emulator.at(crm).state() for crm in CRMS}

    disconnect(host, "HubSpot")
    assert {crm: site.emulator.at(crm).state() for crm in CRMS} == before
    for crm, word in {"Salesforce": "Connected", "HubSpot": "Disconnected", "Attio": "Connected"}.items():
        expect(host.get_by_role("article", name=crm).get_by_text(word, exact=True)).to_be_visible()

    cancel(invitee)
    look(emulators, "salesforce", "Sofya Kovalevskaya", ["[Cancelled] Intro call with Sofya Kovalevskaya"])
    look(emulators, "attio", "Sofya Kovalevskaya", ["Booked: Intro call", "[Cancelled] Intro call"])
    assert site.emulator.at("hubspot").state() == before["hubspot"]
    host.get_by_role("link", name="Bookings", exact=True).click()
    host.get_by_role("link", name="Cancelled").click()
    for words in ("In Salesforce", "HubSpot is disconnected", "In Attio"):
        expect(host.get_by_text(words)).to_be_visible()
