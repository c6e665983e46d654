"""The booking page inside a site of another origin, whose cookies and ours know nothing of each other."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SHOP = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><h1>A shop</h1>
<div id="inline" data-linktime="{site}/ada/intro-call"><a href="{site}/ada/intro-call">Book</a></div>
<a id="popup" href="{site}/ada/intro-call" data-linktime-popup data-language="de">Book in a popup</a>
<a id="elsewhere" href="https://elsewhere.example.com/ada" data-linktime-popup>Elsewhere</a>
<link rel="icon" href="data:,"><script src="{site}/static/embed/v1.js" async></script>
<script>window.heard = []; for (const kind of ["ready", "booked"])
  addEventListener("linktime:" + kind, ({{target, detail}}) =>
    heard.push({{kind, on: target.id, ...detail}}));</script>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def shop(site, tmp_path_factory):
    """Another site: `localhost`, where ours is 127.0.0.1."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "index.html").write_text(SHOP.format(site=site.base_url))
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def test_a_booking_is_made_within_the_other_site(visitors, shop):
    page = visitors.open(shop, timezone_id="Asia/Kolkata")
    inside = page.frame_locator("#inline iframe")
    expect(inside.get_by_role("link", name="Kolkata time (UTC+05:30)")).to_be_visible()
    inside.get_by_role("link", name="Next month").click()
    inside.locator("a.slot").nth(5).click()
    inside.get_by_label("Your name").fill("Grace Hopper")
    inside.get_by_label("Email", exact=True).fill("grace@example.com")
    inside.get_by_role("button", name="Confirm").click()
    expect(inside.get_by_role("heading", name="It's booked")).to_be_visible()
    expect(inside.get_by_text("Kolkata time").first).to_be_visible()
    page.wait_for_function("heard.some(({kind}) => kind === 'booked')")
    (booked,) = [told for told in page.evaluate("heard") if told["kind"] == "booked"]
    assert (booked["on"], booked["eventType"]) == ("inline", "intro-call")
    assert set(booked) == {
        "kind",
        "on",
        "eventType",
        "start",
        "end",
    }  # nothing that is secret
    assert page.context.cookies() == []


def test_the_frame_grows_and_shrinks_with_what_is_in_it(visitors, shop):
    page = visitors.open(shop, viewport={"width": 390, "height": 800})
    inside = page.frame_locator("#inline iframe")
    inside.get_by_role("link", name="Next month").click()
    inside.get_by_role("link", name="Previous month").wait_for()
    page.wait_for_function("document.querySelector('#inline iframe').getBoundingClientRect().height > 900")
    inside.locator("a.slot").first.click()
    inside.get_by_label("Your name").wait_for()
    page.wait_for_function("document.querySelector('#inline iframe').getBoundingClientRect().height < 1000")
    assert inside.locator("html").evaluate("root => root.scrollHeight <= innerHeight + 1")


def test_a_link_opens_it_over_the_page(visitors, shop):
    page = visitors.open(shop)
    page.locator("#popup").click()
    expect(page.frame_locator("dialog iframe").get_by_role("link", name="Nächster Monat")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("dialog")).to_have_count(0)
    page.locator("#popup").click()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_messages_of_others_are_not_heard(visitors, shop):
    """Neither the page, nor another frame, nor what our own frame was led to can pretend to be the booking page."""
    page = visitors.open(shop)
    page.frame_locator("#inline iframe").get_by_role("link", name="Next month").wait_for()
    before = page.evaluate("heard.length")
    page.evaluate(
        """() => new Promise((done) => {
            postMessage({linktime: "booked"}, "*");
            const other = document.body.appendChild(document.createElement("iframe"));
            other.srcdoc = "<script>parent.postMessage({linktime: 'booked'}, '*')</" + "script>";
            document.querySelector("#inline iframe").srcdoc = other.srcdoc;
            setTimeout(done, 300);
        })"""
    )
    assert page.evaluate("heard.length") == before


def test_a_page_that_says_nothing_of_itself_is_told_nothing(visitors, shop, site):
    """Framed without the script, the booking page sends no messages."""
    page = visitors.open(shop)
    page.evaluate(
        """(address) => {
            window.told = [];
            addEventListener("message", (event) => told.push(event.data));
            const other = document.body.appendChild(document.createElement("iframe"));
            other.id = "bare"; other.src = address;
        }""",
        f"{site.base_url}/embed/ada/intro-call?booked=yes",
    )
    page.frame_locator("#bare").get_by_role("link", name="Next month").wait_for()
    page.wait_for_timeout(300)
    assert [data for data in page.evaluate("told") if data.get("linktime") == "booked"] == []


def test_what_is_no_page_of_ours_is_not_opened(visitors, shop):
    page = visitors.open(shop)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.locator("#elsewhere").click()
    page.wait_for_timeout(100)
    assert "is not a page of" in errors[0]
    expect(page.locator("dialog")).to_have_count(0)
    visitors.complaints.clear()


def test_the_snippets_page_shows_it_as_it_looks(visitors):
    page = visitors.open("/dashboard/event-types/", signed_in=True)
    page.get_by_role("link", name="Share Intro call").click()
    expect(page.frame_locator("[data-linktime] iframe").get_by_role("link", name="Next month")).to_be_visible()
    expect(page.get_by_role("button", name="Copy inline")).to_be_visible()
