"""Take the pictures of the docs from a demo that runs: `python docs/screenshots.py .linktime/demo.json docs/images`."""

# ruff: noqa: INP001 - a script, not a package

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
BOOKING = "/{account}/intro-call"
GUIDES = {"guide": "/docs/crm/salesforce", "comparison": "/docs/crm", "privacy": "/docs/privacy"}
DASHBOARD = {
    "bookings": "/dashboard/bookings/",
    "event-types": "/dashboard/event-types/",
    "availability": "/dashboard/availability/",
    "integrations": "/dashboard/integrations/",
}


def main(demo_file: Path, folder: Path) -> None:
    demo = json.loads(demo_file.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = os.environ.get("LINKTIME_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for scheme in ("light", "dark"):
            for size in SIZES:
                take_all(browser, demo, folder, scheme, size)
        browser.close()


def take_all(browser: Browser, demo: dict[str, Any], folder: Path, scheme: str, size: str) -> None:
    context = browser.new_context(
        base_url=demo["base_url"],
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": SIZES[size]["width"], "height": SIZES[size]["height"]},
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = context.new_page()
    page.goto(BOOKING.format(**demo))
    page.locator("#next-month").click()
    page.locator("#previous-month").wait_for()
    save(page, folder / f"booking-{size}-{scheme}.png")
    log_in(page, demo)
    for name, path in (GUIDES | DASHBOARD).items():
        page.goto(path)
        save(page, folder / f"{name}-{size}-{scheme}.png")
    context.close()


def log_in(page: Page, demo: dict[str, Any]) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(demo["email"])
    page.get_by_label("Password").fill(demo["password"])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/dashboard/**")


def save(page: Page, path: Path) -> None:
    page.wait_for_load_state("load")
    page.screenshot(path=path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
