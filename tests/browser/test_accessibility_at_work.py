"""No violations of WCAG 2.2 AA on the pages of somebody who has been here for a while, in every light and width."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.refusals import VALIDATION_RULE
from tests.browser.steps import book, connect, new_key, sign_up
from tests.browser.test_accessibility import PHONE, TOO_WIDE, WIDE, faults_of
from tests.browser.test_approval import booked_by_api, new_event_type

pytestmark = [pytest.mark.browser, pytest.mark.long]

HANDLE = "hedy"
PAGES = [
    "/dashboard/activity/", "/dashboard/activity/?state=failed", "/dashboard/activity/?search=nobody",
    "/dashboard/activity/retry", "/dashboard/bookings/?show=waiting", "/dashboard/bookings/?show=past",
    "/dashboard/integrations/", "/dashboard/integrations/salesforce/dry-run",
    "/dashboard/integrations/salesforce/backfill", "/dashboard/integrations/salesforce/differences",
    "/dashboard/integrations/salesforce/disconnect",
    "/dashboard/settings/", "/dashboard/settings/erase",
    "/dashboard/settings/erase?email=rosalind@example.com", "/api/docs",
    "/accounts/reauthenticate/", "/accounts/confirm-email/", "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/", "/accounts/password/reset/key/0-set/", "/accounts/confirm-email/nothing/",
    "/accounts/2fa/recovery-codes/", "/accounts/logout/", "/embed/time-zones", f"/embed/{HANDLE}/on-request",
    f"/{HANDLE}",
]  # fmt: skip


@pytest.fixture(scope="module")
def at_work(chromium, site):
    """Hedy has a CRM, a booking in it, one that it refused and one that waits for her: her cookies and her pages."""
    page = Visitors(chromium, site).open("/")
    sign_up(page, "Hedy Lamarr", HANDLE)
    connect(page, "Salesforce")
    first = book(page, HANDLE, "Rosalind Franklin", notes="Helices")
    emulator = site.emulator.at("salesforce")
    page.goto("/dashboard/activity/?state=synced")
    expect(page.locator(".chip.good").first).to_be_visible()
    VALIDATION_RULE.cause.begin(emulator)
    second = book(page, HANDLE, "Barbara McClintock")
    page.goto("/dashboard/activity/")
    expect(page.locator(".note.bad")).to_be_visible()
    VALIDATION_RULE.cause.end(emulator)
    page.goto("/dashboard/event-types/")
    new_event_type(page)
    booked_by_api(page, new_key(page), "Bell Labs")
    return page.context.storage_state(), [*PAGES, *addresses(page, first, second)]


def addresses(page, *booked: str) -> list[str]:
    """Return those with ids in them."""
    paths = [re.sub(r"^https?://[^/]+", "", address) for address in booked]
    pages = [f"{path}{more}" for path in paths[:1] for more in ("", "/reschedule", "/cancel")]
    pages += [f"/dashboard/bookings/{path.rpartition('/')[2]}" for path in paths]
    for start in ("/dashboard/bookings/?show=waiting", "/dashboard/availability/", "/dashboard/event-types/"):
        page.goto(start)
        links = page.locator("main a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        pages += [link for link in links if re.search(r"^/dashboard/(bookings/\w{22}|[\w-]+/\d+)", link)]
    return sorted(set(pages))


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_somebody_at_work(visitors, at_work, scheme, size):
    cookies, pages = at_work
    page = visitors.open(color_scheme=scheme, viewport=size, storage_state=cookies)
    assert faults_of(page, pages) == {}
    assert [path for path in pages if (page.goto(path), page.evaluate(TOO_WIDE))[1]] == []
