"""A real Chromium. `LINKTIME_BROWSER` names it; else one of the usual names on the PATH."""

import os
import shutil

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.site import Site
from tests.people import PASSWORD

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000
# Forms with faults and pages that are not there; and a request that a newer one replaced, which htmx logs as an error.
EXPECTED = ("the server responded with a status of 4", "htmx:sendAbort", "htmx:afterRequest")


def executable() -> str:
    found = os.environ.get("LINKTIME_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("There is no browser for these tests. Install Chromium, or name one in LINKTIME_BROWSER.")
    return found


@pytest.fixture(scope="package")  # no longer: while Playwright runs, Django takes its thread for an asynchronous one
def chromium():
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    whole = Site(tmp_path_factory.mktemp("mail"))
    whole.command(
        "account", "create", "ada@example.com", "--name", "Ada Lovelace", "--handle", "ada",
        "--time-zone", "Europe/London",
    )  # fmt: skip
    yield whole
    whole.stop()


def question(key: str, kind: str, label: str, *, required: bool = False, options: tuple[str, ...] = ()) -> dict:
    return {"key": key, "label": label, "kind": kind, "required": required, "options": list(options)}


@pytest.fixture(scope="session")
def workshop(site):
    """The address of an event type with several lengths, questions of every kind, and a host who has to accept."""
    sizes, topics = ("Just me", "2 to 10", "More"), ("Setup", "Pricing")
    questions = [
        question("company", "text", "Company", required=True),
        question("story", "long_text", "What should we look at?"),
        question("size", "choice", "Size of your team", required=True, options=sizes),
        question("country", "choice", "Country", options=("Germany", "France")),
        question("topics", "choices", "Topics", required=True, options=topics),
        question("agreed", "checkbox", "I have read the notice", required=True),
        question("mobile", "phone", "Mobile"),
        question("people", "number", "How many people come?"),
        question("web", "url", "Web site"),
    ]
    site.make_event_type(
        slug="workshop", title="Workshop", durations=[30, 60, 90], questions=questions, requires_approval=True,
        reschedule_deadline=60, cancel_deadline=30,
    )  # fmt: skip
    return "/ada/workshop"


class Visitors:
    """Opens pages as somebody: own cookies, own zone, own language; and looks that none of them complains."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.complaints: list[str] = []

    def open(self, path: str = "/", *, signed_in: bool = False, **options) -> Page:
        options = {"locale": "en-GB", "timezone_id": "Europe/London"} | options
        context = self.browser.new_context(base_url=self.site.base_url, **options)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if signed_in:
            page.goto("/accounts/login/")
            page.get_by_label("Email").fill("ada@example.com")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url("**/dashboard/bookings/")
        page.goto(path)
        return page

    def _note(self, message) -> None:
        if message.type in {"error", "warning"} and not any(words in message.text for words in EXPECTED):
            self.complaints.append(message.text)


@pytest.fixture
def visitors(chromium, site):
    opened = Visitors(chromium, site)
    yield opened
    for context in chromium.contexts:
        context.close()
    assert opened.complaints == []
