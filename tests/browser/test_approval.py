"""A new event type with a question and approval, booked over the API, and accepted by its host."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import new_key, sign_up

pytestmark = pytest.mark.browser


def new_event_type(host: Page) -> None:
    """Fill in the editor, with two questions that change places."""
    host.get_by_role("link", name="New event type").click()
    host.get_by_label("Title").fill("On request")
    host.get_by_label("Shortest notice").fill("0 min")
    host.locator("summary", has_text="Questions").click()
    for label in ("How big is your team?", "Which company?"):
        host.get_by_role("button", name="Add a question").click()
        host.get_by_label("Question", exact=True).last.fill(label)
    host.get_by_role("button", name="Move up").last.click()
    expect(host.get_by_label("Question", exact=True).first).to_have_value("Which company?")
    host.locator("summary", has_text="Confirmation").click()
    host.get_by_label("I accept each booking").check()
    host.get_by_role("button", name="Save").click()
    expect(host.get_by_role("status")).to_contain_text("Saved")


def booked_by_api(host: Page, key: str, company: str) -> None:
    """Book the first time of the days to come."""
    headers = {"Authorization": f"Bearer {key}"}
    first = datetime.now(UTC).date() + timedelta(days=7)
    asked = {"event_type": "on-request", "start": f"{first}", "end": f"{first + timedelta(days=14)}"}
    slots = host.request.get("/api/v1/slots", params=asked, headers=headers).json()["data"]
    wanted = {
        "event_type": "on-request",
        "start": slots[0]["start"],
        "invitee": {"name": "Katherine Johnson", "email": "katherine@example.com"},
        "answers": {"which_company": company},
    }
    answer = host.request.post("/api/v1/bookings", data=wanted, headers=headers)
    assert answer.status == 201, answer.text()
    assert answer.json()["status"] == "pending"


def test_a_booking_on_request_is_accepted(visitors):
    """Its host is her own: of ada others have asked for times too."""
    host = visitors.open("/")
    sign_up(host, "Dorothy Vaughan", "dorothy")
    host.goto("/dashboard/event-types/")
    new_event_type(host)
    booked_by_api(host, new_key(host), "NASA")
    host.goto("/dashboard/bookings/?show=waiting")
    expect(host.get_by_role("link", name="Bookings 1")).to_be_visible()
    host.get_by_role("link", name="On request with Katherine Johnson").click()
    expect(host.get_by_text("NASA")).to_be_visible()
    host.get_by_role("button", name="Accept").click()
    expect(host.get_by_role("status")).to_contain_text("Accepted.")
    expect(host.locator(".chip.good", has_text="Confirmed")).to_be_visible()
    host.goto("/dashboard/bookings/?show=waiting")
    expect(host.get_by_role("heading", name="Nobody waits for you")).to_be_visible()
