"""The booking page is light and quick: counted as it comes over the wire, cold."""

import pytest

pytestmark = pytest.mark.browser

PAGES = ["/ada", "/ada/intro-call", "/embed/ada/intro-call", "/b/time-zones"]
MOST_BYTES = 100_000
MOST_SECONDS = 1.0


def load(visitors, path, **options):
    """Load a page with nothing in any cache; return it, what it cost in bytes, and the hosts it asked."""
    page = visitors.open("about:blank", **options)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes, hosts = [], set()
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page, sum(sizes), hosts


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("locale", ["en-GB", pytest.param("ar-EG", marks=pytest.mark.long)])
def test_it_weighs_less_than_100_kb_and_asks_nobody_else(visitors, site, path, locale):
    _page, size, hosts = load(visitors, path, locale=locale)
    assert 0 < size < MOST_BYTES
    assert hosts == {site.base_url.split("/")[2]}


def test_a_month_full_of_times_is_light_too(visitors):
    page, _size, _hosts = load(visitors, "/ada/intro-call")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.get_by_role("link", name="Next month").click()
    page.get_by_role("link", name="Previous month").wait_for()
    assert 0 < sum(sizes) < MOST_BYTES / 3


def test_it_is_usable_in_under_a_second(visitors):
    """From the click to times that can be picked: the best of three, since other tests run beside it."""
    spent = []
    for _ in range(3):
        page, _size, _hosts = load(visitors, "/ada/intro-call")
        page.locator("a.slot, .nothing").first.wait_for()
        entry = page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
        spent.append(entry["domInteractive"] / 1000)
    assert min(spent) < MOST_SECONDS


def test_nothing_jumps_while_it_loads(visitors):
    """Cumulative layout shift, as the web's vitals count it."""
    page = visitors.open("/ada/intro-call")
    page.wait_for_load_state("networkidle")
    shift = page.evaluate(
        """() => new Promise((done) => {
            let sum = 0;
            new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
                .observe({ type: "layout-shift", buffered: true });
            setTimeout(() => done(sum), 300);
        })"""
    )
    assert shift < 0.1
