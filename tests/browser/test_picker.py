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


def test_the_whole_way_works_without_scripts(visitors):
    """Picked in another zone, filled in with a fault, booked, moved and cancelled, by links and forms alone."""
    page = visitors.open(PAGE, java_script_enabled=False)
    page.get_by_role("link", name="London time").click()
    page.get_by_role("searchbox").fill("kolkata")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Kolkata, India").click()
    expect(page.get_by_role("link", name="Kolkata time (UTC+05:30)")).to_be_visible()
    page.get_by_role("link", name="12 h").click()
    page.get_by_role("link", name="Next month").click()
    page.locator("a.day.open").nth(1).click()
    page.locator("a.slot").nth(2).click()
    page.get_by_label("Your name").fill("Katherine Johnson")
    page.get_by_label("Email", exact=True).fill("katherine@example.com")
    page.get_by_text("Add guests").click()
    page.get_by_label("Guests' email").fill("nobody")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Enter an email address")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Katherine Johnson")
    page.get_by_label("Guests' email").fill("dorothy@example.com")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="It's booked")).to_be_visible()
    expect(page.get_by_text("dorothy@example.com")).to_be_visible()

    page.get_by_role("link", name="Reschedule").click()
    page.locator("a.day.open").last.click()
    page.locator("a.slot").last.click()
    page.get_by_label("Reason").fill("A clash")
    page.get_by_role("button", name="Move to").click()
    expect(page.get_by_text("Before")).to_be_visible()

    page.get_by_role("link", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    page.get_by_role("link", name="Book another time").click()
    expect(page.get_by_role("heading", name="Intro call")).to_be_visible()


def test_a_rich_event_type_is_asked_for(visitors, workshop):
    """Another length, every kind of answer, a fault that costs nothing typed; and the time is kept meanwhile."""
    page, other = visitors.open(f"{workshop}?answer-company=Navy"), visitors.open(workshop)
    page.get_by_role("link", name="1 hr", exact=True).click()
    expect(page.locator("#length-60[aria-current]")).to_be_visible()
    page.get_by_role("link", name="Next month").click()
    expect(page.locator("#previous-month")).to_be_visible()
    page.locator("a.slot").first.click()
    expect(page.get_by_text("Kept for you until")).to_be_visible()
    expect(page.get_by_label("Company")).to_have_value("Navy")
    other.goto(page.url)
    expect(other.get_by_role("alert")).to_contain_text("no longer on offer")
    page.get_by_label("Your name").fill("Mary Jackson")
    page.get_by_label("Email", exact=True).fill("mary@example.com")
    page.get_by_label("What should we look at?").fill("Wind tunnels")
    page.get_by_label("2 to 10").check()
    page.get_by_label("Country").select_option("France")
    page.get_by_label("I have read the notice").check()
    page.get_by_label("Mobile").fill("020 7946 0958")
    page.get_by_label("How many people come?").fill("2")
    page.get_by_label("Web site").fill("https://example.com/")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("group", name="Topics").get_by_text("Answer this question.")).to_be_visible()
    expect(page.get_by_label("2 to 10")).to_be_checked()
    expect(page.get_by_text("Kept for you until")).to_be_visible()
    page.get_by_label("Pricing").check()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Ada Lovelace has to accept it first")).to_be_visible()
    for words in ("Wind tunnels", "2 to 10", "France", "Pricing", "+442079460958", "It can be moved until"):
        expect(page.get_by_text(words)).to_be_visible()


def press_until(page, key, reached, *, most=80):
    """Press a key until the element in focus is the one meant."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(reached):
            return
    raise AssertionError(f"{most} times {key}, and never: {reached}")


def test_the_keyboard_is_enough(visitors):
    """From the address to the booking without a mouse, each stop with a visible focus and a name."""
    page = visitors.open(PAGE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    press_until(page, "Tab", "document.activeElement.id === 'next-month'")
    page.keyboard.press("Enter")
    page.locator("#previous-month").wait_for()
    press_until(page, "Tab", "document.activeElement.matches('.day.open:not(.chosen)')")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.evaluate("document.activeElement.getAttribute('aria-label').length > 10")
    page.keyboard.press("Enter")
    expect(page.locator("a.day.chosen")).to_have_count(1)
    press_until(page, "Tab", "document.activeElement.matches('.slot')")
    page.keyboard.press("Enter")
    page.get_by_label("Your name").wait_for()
    for words in ("Annie Easley", "annie@example.com"):
        press_until(page, "Tab", "document.activeElement.matches('input:not([type=hidden])')")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="It's booked")).to_be_visible()


def test_a_screen_reader_hears_what_is_chosen(visitors):
    """The days have whole dates as names, the chosen one says so, and a new month is announced."""
    page = visitors.open(PAGE)
    page.get_by_role("link", name="Next month").click()
    page.locator("#previous-month").wait_for()
    chosen = page.locator("a.day.chosen")
    assert chosen.get_attribute("aria-label").endswith("(chosen)")
    for name in ("Days", "Times"):
        expect(page.get_by_role("region", name=name)).to_be_visible()
    assert page.locator("section[aria-label=Days] h2").get_attribute("aria-live") == "polite"
    assert page.get_by_role("columnheader").count() == 7


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


def test_hours_are_dragged_on_the_grid_and_typed_beside_it(visitors):
    """A new block, a longer one, one that is moved, and one removed: the fields say the same all the time."""
    page = visitors.open("/dashboard/availability/", signed_in=True, viewport={"width": 1280, "height": 900})
    sunday = page.locator(".week-column").nth(6)
    fields = page.get_by_role("group", name="Sunday").locator("input[type=time]")
    body = page.locator(".week-body")
    body.evaluate("body => { body.scrollTop = 320; }")

    def at(hour):
        box = sunday.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] * hour / 24

    def drag(start, end):
        page.mouse.move(*at(start))
        page.mouse.down()
        page.mouse.move(*at((start + end) / 2))
        page.mouse.move(*at(end))
        page.mouse.up()

    drag(10.01, 12)
    assert [field.input_value() for field in fields.all()] == ["10:00", "12:00"]
    drag(11.95, 13)
    assert [field.input_value() for field in fields.all()] == ["10:00", "13:00"]
    drag(11, 12)
    assert [field.input_value() for field in fields.all()] == ["11:00", "14:00"]
    fields.last.fill("15:30")
    expect(sunday.locator(".week-block")).to_contain_text("11:00 – 15:30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("group", name="Sunday").get_by_label("Sunday to")).to_have_value("15:30")
    block = page.locator(".week-column").nth(6).locator(".week-block")
    block.hover()
    block.locator(".week-remove").click()
    expect(page.get_by_role("group", name="Sunday").locator("input[type=time]")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".week-column").nth(6).locator(".week-block")).to_have_count(0)
