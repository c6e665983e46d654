"""The booking page with scripts: nothing reloads, the visitor's zone is found, the keyboard is enough."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGE = "/ada/intro-call"


def test_the_browsers_zone_is_found(visitors):
    page = visitors.open(PAGE, timezone_id="Asia/Kolkata")
    expect(page.get_by_role("link", name="Kolkata time (UTC+05:30)")).to_be_visible()


def test_another_zone_is_searched_and_chosen_at_once(visitors):
    page = visitors.open(PAGE)
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="London time").click()
    page.get_by_role("searchbox").fill("new york")
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="New York time")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True


def test_months_and_days_change_without_reloading_and_keep_the_focus(visitors):
    page = visitors.open(PAGE)
    page.evaluate("window.sameDocument = true")
    page.locator("#next-month").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#previous-month")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "next-month"
    page.locator("a.day.open").last.click()
    expect(page.locator("a.day.chosen")).to_have_text(page.locator("a.day.open").last.inner_text())
    assert page.evaluate("window.sameDocument") is True
    page.go_back()
    expect(page.locator("#next-month")).to_be_visible()


def test_without_scripts_it_works_all_the_same(visitors):
    page = visitors.open(PAGE, java_script_enabled=False)
    page.get_by_role("link", name="Next month").click()
    page.locator("a.day.open").nth(1).click()
    page.locator("a.slot").nth(2).click()
    page.get_by_label("Your name").fill("Katherine Johnson")
    page.get_by_label("Email", exact=True).fill("katherine@example.com")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="It's booked")).to_be_visible()


def test_hours_are_added_and_removed(visitors):
    page = visitors.open("/dashboard/availability/", signed_in=True)
    saturday = page.get_by_role("group", name="Saturday")
    saturday.get_by_role("button", name="Add hours").click()
    saturday.get_by_label("from").fill("10:00")
    saturday.get_by_label("to", exact=False).last.fill("12:00")
    page.get_by_role("group", name="Sunday").get_by_role("button", name="Add hours").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(saturday.get_by_label("Saturday from")).to_have_value("10:00")
    saturday.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("group", name="Saturday").get_by_label("from")).to_have_count(0)
