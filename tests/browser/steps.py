"""What people do, step by step: hosts sign up and connect, invitees book, move and cancel."""

from playwright.sync_api import Page, expect

PASSWORD = "a long enough pass phrase"


def sign_up(page: Page, name: str, handle: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email").fill(f"{handle}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Your address here").fill(handle)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/dashboard/bookings/")


def connect(page: Page, crm: str) -> None:
    page.get_by_role("link", name="Integrations").click()
    page.get_by_role("button", name=f"Connect {crm}").click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/dashboard/integrations/")
    expect(page.get_by_role("status")).to_contain_text("Connected to")


def disconnect(page: Page, crm: str) -> None:
    page.get_by_role("link", name="Integrations").click()
    page.get_by_role("article", name=crm).get_by_role("link", name="Disconnect").click()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("status")).to_contain_text("Disconnected")


def new_key(page: Page) -> str:
    """Make an API key that may write."""
    page.goto("/dashboard/settings/")
    page.locator("summary", has_text="New API key").click()
    page.get_by_label("Name").last.fill("booker")
    page.get_by_label("May").last.select_option(index=1)
    page.get_by_role("button", name="Make key").click()
    return page.locator("#key").input_value()


def book(page: Page, handle: str, name: str, notes: str = "") -> str:
    """Pick the first time there is; return the address of the booking."""
    page.goto(f"/{handle}/intro-call")
    page.get_by_role("link", name="Next month").click()
    page.locator("a.slot").first.click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email", exact=True).fill(f"{name.split(maxsplit=1)[0].lower()}@example.com")
    page.get_by_label("Anything that helps").fill(notes)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="It's booked")).to_be_visible()
    return page.url


def move(page: Page) -> None:
    page.get_by_role("link", name="Reschedule").click()
    day = page.locator("a.day.open").last
    address = str(day.get_attribute("href"))
    day.click()
    page.wait_for_url(lambda url: url.endswith(address))  # else the day before's times could still be there
    page.locator("a.slot").last.click()
    page.get_by_role("button", name="Move to").click()
    expect(page.get_by_text("Before")).to_be_visible()


def cancel(page: Page) -> None:
    page.get_by_role("link", name="Cancel", exact=True).click()
    page.get_by_label("Reason").fill("Ill")
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
