"""Take the pictures of the docs from a demo that runs: `python docs/screenshots.py`.

Another demo's file, and another folder, can be named: `python docs/screenshots.py .linktime/demo.json docs/images`.

A booking is made on the way. Pictures have few colours, so that they stay small.
"""

# ruff: noqa: INP001 - a script, not a package

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
COLOURS = 96
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
        for size in SIZES:
            take_all(browser, demo, folder, size)
        browser.close()


def take_all(browser: Browser, demo: dict[str, Any], folder: Path, size: str) -> None:
    context = browser.new_context(
        base_url=demo["base_url"],
        viewport={"width": SIZES[size]["width"], "height": SIZES[size]["height"]},
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = context.new_page()
    book(page, demo, folder, size)
    log_in(page, demo)
    for name, path in DASHBOARD.items():
        page.goto(path)
        save(page, folder / f"{name}-{size}.png")
    page.goto(DASHBOARD["bookings"])
    page.locator(".booking-row a").first.click()
    page.locator("#syncs").wait_for()
    save(page, folder / f"activity-{size}.png")
    context.close()


def book(page: Page, demo: dict[str, Any], folder: Path, size: str) -> None:
    """Take the three pages of an invitee: the month, the form, the booking."""
    page.goto(f"/{demo['account']}/intro-call")
    page.locator("#next-month").click()
    page.locator("#previous-month").wait_for()
    save(page, folder / f"booking-{size}.png")
    page.locator("a.slot").nth(3).click()
    page.get_by_label("Your name").fill("Grace Hopper")
    page.get_by_label("Email", exact=True).fill("grace@example.com")
    save(page, folder / f"form-{size}.png")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="It's booked").wait_for()
    save(page, folder / f"booked-{size}.png")


def log_in(page: Page, demo: dict[str, Any]) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(demo["email"])
    page.get_by_label("Password").fill(demo["password"])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/dashboard/**")


def save(page: Page, path: Path) -> None:
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)  # what a page draws by itself, and what fades in
    page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    given = [Path(each) for each in sys.argv[1:]]
    main(*(given or [Path(".linktime/demo.json"), Path("docs/images")]))
