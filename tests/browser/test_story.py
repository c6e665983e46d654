"""The whole story, in a browser: sign up, connect, book, move, cancel, disconnect, and look at Salesforce each time."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PASSWORD = "a long enough pass phrase"


def sign_up(page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Your name").fill("Mary Somerville")
    page.get_by_label("Email").fill("mary@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Your address here").fill("mary")
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/dashboard/bookings/")


def connect(page) -> None:
    page.get_by_role("link", name="Integrations").click()
    page.get_by_role("button", name="Connect Salesforce").click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/dashboard/integrations/")
    expect(page.get_by_role("status")).to_contain_text("Connected to")


def book(page) -> str:
    """Pick the first time there is; return the address of the booking."""
    page.goto("/mary/intro-call")
    page.get_by_role("link", name="Next month").click()
    page.locator("a.slot").first.click()
    page.get_by_label("Your name").fill("Grace Hopper")
    page.get_by_label("Email", exact=True).fill("grace@example.com")
    page.get_by_label("Anything that helps").fill("About the compiler")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="It's booked")).to_be_visible()
    return page.url


def move(page) -> None:
    page.get_by_role("link", name="Reschedule").click()
    page.locator("a.day.open").last.click()
    page.locator("a.slot").last.click()
    page.get_by_role("button", name="Move to").click()
    expect(page.get_by_text("Before")).to_be_visible()


def cancel(page) -> None:
    page.get_by_role("link", name="Cancel", exact=True).click()
    page.get_by_label("Reason").fill("Ill")
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()


def test_a_newcomers_story(visitors, site):
    """A booking reaches Salesforce, moves there, is marked there, and all stays when the connection ends."""
    host = visitors.open("/", timezone_id="Europe/Berlin")
    sign_up(host)
    connect(host)
    invitee = visitors.open("/mary", timezone_id="America/New_York")
    address = book(invitee)
    salesforce = visitors.open(site.emulator.base_url)
    person = salesforce.get_by_role("article").filter(has_text="Grace Hopper")
    expect(person).to_contain_text("Intro call with Grace Hopper")
    before = site.emulator.state()["events"][0]

    host.goto("/dashboard/bookings/")
    expect(host.get_by_role("link", name="In Salesforce")).to_be_visible()
    host.get_by_role("link", name="Intro call with Grace Hopper").click()
    expect(host.get_by_text("Booked → written to Salesforce")).to_be_visible()

    move(invitee)
    expect(host.get_by_text("Rescheduled → updated in Salesforce")).to_have_count(0)
    host.reload()
    expect(host.get_by_text("Rescheduled → updated in Salesforce")).to_be_visible()
    (event,) = site.emulator.state()["events"]
    assert event["Id"] == before["Id"]
    assert event["StartDateTime"] != before["StartDateTime"]
    assert event["Description"].startswith("Rescheduled from ")

    cancel(invitee)
    expect(person).to_contain_text("[Cancelled] Intro call with Grace Hopper")
    assert invitee.url == address

    host.get_by_role("link", name="Integrations").click()
    host.get_by_role("link", name="Disconnect").click()
    expect(host.get_by_text("Contacts and Events in Salesforce stay")).to_be_visible()
    host.get_by_role("button", name="Disconnect").click()
    expect(host.get_by_role("status")).to_contain_text("Disconnected")
    expect(host.get_by_role("button", name="Connect Salesforce")).to_be_visible()
    expect(person).to_contain_text("[Cancelled] Intro call with Grace Hopper")


def test_saying_no_at_salesforce_ends_on_the_integrations_page(visitors):
    page = visitors.open("/dashboard/integrations/", signed_in=True)
    page.get_by_role("button", name="Connect Salesforce").click()
    page.get_by_role("button", name="Deny").click()
    page.wait_for_url("**/dashboard/integrations/")
    expect(page.get_by_role("alert")).to_contain_text(re.compile("did not allow the access.*Press Connect again"))
    page.reload()
    expect(page.get_by_role("alert")).to_have_count(0)
