"""No violations of WCAG 2.2 AA on the main pages, light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from linktime.crm import registry

pytestmark = pytest.mark.browser

AXE = Axe().axe_script
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """async (rules) => {
    const {violations} = await axe.run({runOnly: rules, resultTypes: ["violations"], iframes: false});
    return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html}`));
}"""
UNFOLD = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [("light", WIDE), ("light", PHONE), ("dark", WIDE), ("dark", PHONE)]
ONE_LOOK = [LOOKS[0], *(pytest.param(*look, marks=pytest.mark.long) for look in LOOKS[1:])]
PUBLIC = [
    "/",
    "/ada",
    "/ada/intro-call",
    "/ada/intro-call?month=2030-01",
    "/ada/intro-call?language=ar",
    "/embed/ada/intro-call?scheme=dark",
    "/b/time-zones?search=united",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/docs/crm",
    "/docs/privacy",
    *(f"/docs/crm/{crm}" for crm in registry.crms()),
    "/nothing-here",
]
DASHBOARD = [
    "bookings/", "bookings/?q=nobody", "event-types/", "event-types/new", "availability/", "integrations/", "settings/",
    "settings/brand", "event-types/1/mails/confirmation?language=ar", "availability/away",
    "availability/why?event_type=1&day=2027-01-02&time=10:00&zone=Europe/London",
]  # fmt: skip
ACCOUNTS = ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/email/", "/accounts/password/change/"]


def violations(page) -> list[str]:
    """Return what axe finds; a page takes axe along the first time that it is looked at, for all that it opens."""
    if not page.evaluate("'axe' in window"):
        page.context.add_init_script(AXE)
        page.evaluate(AXE)
    return page.evaluate(LOOK, RULES)


def faults_of(page, paths) -> dict[str, list[str]]:
    found = {path: (page.goto(path), page.evaluate(UNFOLD), violations(page))[2] for path in paths}
    return {path: faults for path, faults in found.items() if faults}


@pytest.mark.long
@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_public_pages(visitors, scheme, size):
    page = visitors.open(color_scheme=scheme, viewport=size)
    assert faults_of(page, PUBLIC) == {}


@pytest.mark.parametrize(("scheme", "size"), ONE_LOOK)
def test_the_invitees_way(visitors, scheme, size):
    """The form, the form with faults, the booking, moving and cancelling it, and what is left of it."""
    page = visitors.open("/ada/intro-call", color_scheme=scheme, viewport=size)
    found = {}
    page.get_by_role("link", name="Next month").click()
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.locator("a.slot").first.click()
    page.get_by_label("Your name").wait_for()
    found["the form"] = violations(page)
    page.get_by_label("Your name").fill("Grace Hopper")
    page.get_by_label("Email", exact=True).fill("grace@example")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Enter an email address").wait_for()
    found["faults"] = violations(page)
    page.get_by_label("Email", exact=True).fill("grace@example.com")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="It's booked").wait_for()
    found["booked"], address = violations(page), page.url
    page.get_by_role("link", name="Reschedule").click()
    page.locator("a.day.open").first.wait_for()
    found["moving"] = violations(page)
    page.locator("a.slot").last.click()
    page.get_by_role("button", name="Move to").wait_for()
    found["move"] = violations(page)
    page.goto(f"{address}/cancel")
    found["cancel"] = violations(page)
    page.get_by_role("button", name="Cancel the meeting").click()
    page.get_by_role("heading", name="Cancelled").wait_for()
    found["cancelled"] = violations(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.long
@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_the_way_of_a_request(visitors, workshop, scheme, size):
    """Questions of every kind, with faults; a booking that waits; nothing of it wider than the screen."""
    page = visitors.open(workshop, color_scheme=scheme, viewport=size)
    page.locator("a.slot").last.click()
    page.get_by_label("Your name").fill("Grace Hopper")
    page.evaluate("document.querySelector('form[data-once]').noValidate = true")
    page.get_by_role("button", name="Confirm").click()
    page.locator("#id_answer-agreed_error").wait_for()
    found = {"faults": violations(page)}
    page.get_by_label("Email", exact=True).fill("grace@example.com")
    page.get_by_label("Company").fill("Navy")
    for choice in ("More", "Setup", "I have read the notice"):
        page.get_by_label(choice).check()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="Not confirmed yet").wait_for()
    found["waits"] = violations(page)
    assert page.evaluate(TOO_WIDE) is False
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.long
@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_dashboard(visitors, scheme, size):
    page = visitors.open(signed_in=True, color_scheme=scheme, viewport=size)
    page.goto("/dashboard/event-types/")
    inner = [
        page.get_by_role("link", name=name).get_attribute("href") for name in ("Edit Intro call", "Share Intro call")
    ]
    assert faults_of(page, [*(f"/dashboard/{path}" for path in DASHBOARD), *inner, *ACCOUNTS]) == {}


PHONE_PAGES = [
    "/", "/ada", "/ada/intro-call", "/ada/intro-call?language=ar", "/embed/ada/intro-call", "/b/time-zones",
    "/docs/crm", "/docs/crm/salesforce", "/nothing-here", "/dashboard/bookings/", "/dashboard/activity/",
    "/dashboard/event-types/", "/dashboard/availability/", "/dashboard/integrations/", "/dashboard/settings/",
    "/dashboard/settings/brand", "/dashboard/availability/away", "/dashboard/availability/why",
    "/dashboard/event-types/new",
]  # fmt: skip
EVERY_COLOUR = {
    "/", "/ada/intro-call?language=ar", "/docs/crm", "/dashboard/activity/", "/dashboard/availability/",
    "/dashboard/event-types/new",
}  # fmt: skip


def test_on_a_phone_in_the_dark(visitors):
    """Nothing is wider than it; pages that between them use every colour by its role. `--long` looks at all."""
    page = visitors.open(signed_in=True, color_scheme="dark", viewport={"width": 360, "height": 740})
    found = {}
    for path in PHONE_PAGES:
        page.goto(path)
        found[path] = ["too wide"] * page.evaluate(TOO_WIDE)
        if path in EVERY_COLOUR:
            page.evaluate(UNFOLD)
            found[path] += violations(page)
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_everything_can_be_hit_with_a_finger(visitors):
    """At 360 pixels, every day, time, button and link of the picker is at least 24 pixels high and wide."""
    page = visitors.open("/ada/intro-call", viewport={"width": 360, "height": 740})
    too_small = page.locator("main :is(a, button)").evaluate_all(
        """all => all.filter((one) => one.offsetParent && Math.min(one.offsetWidth, one.offsetHeight) < 24)
            .map((one) => one.outerHTML)"""
    )
    assert too_small == []
