"""The whole story, in a browser: sign up, connect, book, move, cancel, disconnect, and look at Salesforce each time."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import book, cancel, connect, move, sign_up

pytestmark = pytest.mark.browser


def events_with(site, name: str) -> list[dict]:
    """Return somebody's Events; other tests have their own people in the same organisation."""
    return [event for event in site.emulator.state()["events"] if name in event["Subject"]]


def test_a_newcomers_story(visitors, site):
    """A booking reaches Salesforce, moves there, is marked there, and all stays when the connection ends."""
    host = visitors.open("/", timezone_id="Europe/Berlin")
    sign_up(host, "Mary Somerville", "mary")
    connect(host, "Salesforce")
    invitee = visitors.open("/mary", timezone_id="America/New_York")
    address = book(invitee, "mary", "Grace Hopper", notes="About the compiler")
    salesforce = visitors.open(site.emulator.base_url)
    person = salesforce.get_by_role("article").filter(has_text="Grace Hopper")
    expect(person).to_contain_text("Intro call with Grace Hopper")
    (before,) = events_with(site, "Grace Hopper")

    host.goto("/dashboard/bookings/")
    expect(host.get_by_role("link", name="In Salesforce")).to_be_visible()
    host.get_by_role("link", name="Intro call with Grace Hopper").click()
    timeline = host.get_by_role("region", name="Salesforce").get_by_role("listitem")
    expect(timeline.filter(has_text="Booked").filter(has_text="Event created in Salesforce").first).to_be_visible()

    move(invitee)
    moved = timeline.filter(has_text="Rescheduled").filter(has_text="Event updated in Salesforce").first
    expect(moved).to_have_count(0)
    host.reload()
    expect(moved).to_be_visible()
    (event,) = events_with(site, "Grace Hopper")
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
