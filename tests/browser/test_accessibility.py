"""No violations of WCAG 2.2 AA on the main pages, light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from linktime.crm import registry

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
LOOKS = [("light", 1280, 900), ("dark", 390, 844)]
PUBLIC = [
    "/",
    "/ada",
    "/ada/intro-call",
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
    "bookings/", "event-types/", "event-types/new", "availability/", "integrations/", "settings/",
]  # fmt: skip


ACCOUNTS = ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/email/", "/accounts/password/change/"]


def violations(page) -> list[str]:
    results = Axe().run(page, options=RULES)
    return [f"{rule['id']}: {node['html']}" for rule in results.response["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize(("scheme", "width", "height"), LOOKS)
def test_public_pages(visitors, scheme, width, height):
    page = visitors.open(color_scheme=scheme, viewport={"width": width, "height": height})
    found = {path: (page.goto(path), violations(page))[1] for path in PUBLIC}
    page.goto("/ada/intro-call")
    page.get_by_role("link", name="Next month").click()
    page.locator("a.slot").first.click()
    page.get_by_label("Your name").wait_for()
    found["the form"] = violations(page)
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(("scheme", "width", "height"), LOOKS)
def test_dashboard(visitors, scheme, width, height):
    page = visitors.open(signed_in=True, color_scheme=scheme, viewport={"width": width, "height": height})
    paths = [*(f"/dashboard/{path}" for path in DASHBOARD), *ACCOUNTS]
    found = {path: (page.goto(path), violations(page))[1] for path in paths}
    assert {path: faults for path, faults in found.items() if faults} == {}


NARROW = [
    "/ada",
    "/ada/intro-call",
    "/docs/crm",
    "/docs/crm/salesforce",
    "/dashboard/bookings/",
    "/dashboard/integrations/",
]


@pytest.mark.parametrize("path", NARROW)
def test_nothing_is_wider_than_a_phone(visitors, path):
    page = visitors.open(path, signed_in=True, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
