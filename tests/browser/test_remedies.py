"""A refusal in a CRM, from its row in Activity to the row that turns green: cause, read, mend, press, see."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from linktime.crm import registry
from tests.browser.conftest import Visitors
from tests.browser.refusals import RARER, TELLING, VALIDATION_RULE, Case, Cause, Mend, answered, setting
from tests.browser.steps import connect, new_key, sign_up

pytestmark = pytest.mark.browser

ACTIVITY = "/dashboard/activity/"
PATIENCE = 60  # seconds
GLANCE = 6_000  # ms: later than a page's next look
BREATH = 40  # ms
CRMS = {"salesforce": "Salesforce", "hubspot": "HubSpot", "attio": "Attio"}
# what is shown by tests of their own here
APART = {
    "salesforce": {"DUPLICATES_DETECTED"},
    "hubspot": {"INVALID_EMAIL"},
    "attio": {"validation_type"},
}


class Desk:
    """One host at one page, for all of these tests: nothing of it is ever reloaded by a test."""

    def __init__(self, page, site) -> None:
        self.page, self.site = page, site
        sign_up(page, "Charles Babbage", "charles")
        for label in CRMS.values():
            connect(page, label)
        self._headers = {"Authorization": f"Bearer {new_key(page)}"}
        self._starts = self._free()
        self._invitees = 0
        page.goto(ACTIVITY)

    def _free(self) -> Iterator[str]:
        first = datetime.now(UTC).date() + timedelta(days=7)
        asked = {"event_type": "intro-call", "start": f"{first}", "end": f"{first + timedelta(days=14)}"}
        slots = self.page.request.get("/api/v1/slots", params=asked, headers=self._headers).json()["data"]
        return iter([slot["start"] for slot in slots])

    def book(self, *, name: str = "", email: str = "", phone: str = "") -> str:
        """Book the next free time over the API; return the invitee's name."""
        self._invitees += 1
        name = name or f"Grace N{self._invitees:02}"
        invitee = {"name": name, "email": email or f"grace{self._invitees}@example.com"}
        wanted = {
            "event_type": "intro-call",
            "start": next(self._starts),
            "invitee": invitee | ({"phone": phone} if phone else {}),
        }
        answer = self.page.request.post("/api/v1/bookings", data=wanted, headers=self._headers)
        assert answer.status == 201, answer.text()
        return name

    def row(self, name: str, crm: str) -> Locator:
        """Return the row of Activity about somebody's booking in a CRM."""
        rows = self.page.locator("ul.activity > li").filter(has_text=f"with {name}")
        return rows.filter(has=self.page.locator(".chip", has_text=CRMS[crm]))

    def watch(self, thing: Locator) -> None:
        """See something appear by itself; the page's clock is moved on, so that nobody waits for its next look."""
        self.page.evaluate("window.untouched = true")
        until = time.monotonic() + PATIENCE
        while not thing.is_visible():
            assert time.monotonic() < until, f"never came: {thing}\n{self.page.locator('main').inner_text()[:3000]}"
            self.page.clock.fast_forward(GLANCE)
            self.page.wait_for_timeout(BREATH)
        expect(self.page.locator(".htmx-request")).to_have_count(0)  # its answer could take away what is clicked next
        assert self.page.evaluate("window.untouched"), "the page was loaded anew"

    def press(self, row: Locator, button: str) -> None:
        with self.page.expect_navigation():
            row.get_by_role("button", name=button).click()
        expect(self.page.get_by_role("status")).to_contain_text("Trying again.")

    def reconnect(self, crm: str) -> None:
        """Press Reconnect on the CRM's card, and allow it over there."""
        card = self.page.get_by_role("article", name=CRMS[crm])
        if not card.get_by_role("button", name="Reconnect").is_visible():
            card.locator("summary", has_text="Reconnect").click()
        card.get_by_role("button", name="Reconnect").click()
        self.page.get_by_role("button", name="Allow").click()
        self.page.wait_for_url("**/dashboard/integrations/")
        expect(self.page.get_by_role("status")).to_contain_text("Connected to")

    def open(self) -> None:
        if not self.page.url.partition("?")[0].endswith(ACTIVITY):
            self.page.get_by_role("link", name="Activity").click()
            self.page.wait_for_url(f"**{ACTIVITY}")

    def in_crm(self, crm: str, name: str) -> list[str]:
        """Return the texts of the CRM's records about somebody's booking."""
        state = self.site.emulator.at(crm).state()
        if crm == "salesforce":
            return [event["Subject"] for event in state["events"] if name in event["Subject"]]
        if crm == "hubspot":
            titles = [meeting["properties"]["hs_meeting_title"] for meeting in state["meetings"]]
            return [title for title in titles if name in title]
        people = {one["id"]["record_id"] for one in state["people"] if name in str(one["values"]["name"])}
        return [note["title"] for note in state["notes"] if note["parent_record_id"] in people]


@pytest.fixture(scope="module")
def desk(chromium, site):
    visitors = Visitors(chromium, site)
    page = visitors.open("/", timezone_id="Europe/London")
    page.clock.install()
    yield Desk(page, site)
    page.context.close()
    assert visitors.complaints == []


@contextmanager
def trouble(desk, crm, cause):
    """Let a CRM refuse for a while; yields what mends it."""
    emulator = desk.site.emulator.at(crm)
    cause.begin(emulator)
    try:
        yield lambda: cause.end(emulator)
    finally:
        cause.end(emulator)


def read(row: Locator, case: Case) -> None:
    """Read what happened and what to do, where it stands: in the row."""
    note = row.locator(".note")
    expect(note.locator("strong")).to_have_text(case.what)
    expect(note).to_contain_text(case.remedy)
    expect(row.locator(".chip.warn" if case.later else ".chip.bad")).to_be_visible()


def act(desk: Desk, row: Locator, case: Case) -> None:
    """Do what the row offers, now that the cause is mended."""
    if case.mend is Mend.WAIT:
        return
    if case.mend is Mend.RECONNECT:
        row.get_by_role("link", name=f"Reconnect {CRMS[case.crm]}").click()
        expect(desk.page.get_by_role("article", name=CRMS[case.crm])).to_contain_text(case.what)
        desk.reconnect(case.crm)
        desk.open()
        return
    if case.mend is Mend.RECONNECT_AND_RETRY:
        desk.page.get_by_role("link", name="Integrations").click()
        desk.reconnect(case.crm)
        desk.open()
    desk.press(row, "Retry now" if case.later else "Retry")


def turns_green(desk: Desk, name: str, crm: str) -> None:
    row = desk.row(name, crm)
    desk.watch(row.locator(".chip.good", has_text=f"In {CRMS[crm]}"))
    expect(row.locator(".note")).to_have_count(0)
    assert len(desk.in_crm(crm, name)) == 1


@pytest.mark.parametrize("case", [*TELLING, *(pytest.param(case, marks=pytest.mark.long) for case in RARER)], ids=str)
def test_a_refusal_is_read_mended_and_turns_green(desk, case):
    """Whoever does what the row says has the booking in the CRM, once."""
    desk.open()
    with trouble(desk, case.crm, case.cause) as mend:
        name = desk.book(email=case.email)
        row = desk.row(name, case.crm)
        desk.watch(row.locator(".note", has_text=case.what))
        read(row, case)
        if case is VALIDATION_RULE:
            expect(row.locator(".note")).to_contain_text("Salesforce says: “Say where.”")
        mend()
        act(desk, row, case)
        turns_green(desk, name, case.crm)


@pytest.mark.parametrize("crm", registry.crms())
def test_every_remedy_is_shown(crm):
    """A code that is added to a CRM's remedies gets its test."""
    shown = {case.code for case in (*TELLING, *RARER) if case.crm == crm}
    assert set(registry.provider(crm).manifest.remedies) - shown == APART[crm]


def test_a_row_turns_green_while_nobody_touches_it(desk):
    """The CRM takes its time after Retry: the row says that it is tried again, and then that it is there."""
    desk.open()
    case = VALIDATION_RULE
    with trouble(desk, case.crm, case.cause) as mend:
        name = desk.book()
        row = desk.row(name, case.crm)
        desk.watch(row.locator(".note.bad"))
        mend()
        with trouble(desk, case.crm, setting(latency_ms=700)):
            desk.press(row, "Retry")
            expect(row.locator(".note.warn")).to_contain_text("Trying again: somebody pressed Retry.")
            turns_green(desk, name, case.crm)


def test_the_bookings_page_says_the_same_and_has_retry_too(desk):
    desk.open()
    case = VALIDATION_RULE
    with trouble(desk, case.crm, case.cause) as mend:
        name = desk.book()
        desk.watch(desk.row(name, case.crm).locator(".note.bad"))
        desk.row(name, case.crm).get_by_role("link", name=name).first.click()
        desk.page.wait_for_url("**/dashboard/bookings/*")
        for others in ("HubSpot", "Attio"):
            desk.watch(desk.page.get_by_role("region", name=others).locator(".chip.good"))
        card = desk.page.get_by_role("region", name="Salesforce")
        expect(card.locator(".note strong")).to_have_text(case.what)
        expect(card.locator(".note")).to_contain_text(case.remedy)
        expect(card.get_by_role("listitem").first).to_contain_text("not in Salesforce", ignore_case=True)
        card.locator("summary", has_text="What was sent and answered").first.click()
        expect(card.get_by_text(f"{case.code}: Say where.")).to_be_visible()
        mend()
        desk.press(card, "Retry")
        desk.watch(card.locator(".chip.good", has_text="In Salesforce"))
    assert len(desk.in_crm(case.crm, name)) == 1


@pytest.fixture
def asked(desk):
    """The connection asks each time when a duplicate rule takes somebody for another."""
    choose(desk, "Ask each time")
    yield
    choose(desk, "Save a new Contact anyway")


def choose(desk: Desk, label: str) -> None:
    desk.page.get_by_role("link", name="Integrations").click()
    card = desk.page.get_by_role("article", name="Salesforce")
    card.locator("summary", has_text="Settings of this connection").click()
    card.get_by_label(label).check()
    card.get_by_role("button", name="Save", exact=True).click()
    expect(desk.page.get_by_role("status")).to_be_visible()
    desk.open()


def taken_for_another(desk: Desk, name: str, phone: str) -> tuple[Locator, str]:
    """Book as somebody whom a duplicate rule takes for a Contact with another email: the row, and that Contact."""
    first, last = name.split()
    other = desk.site.emulator.create(
        "Contact", FirstName=first, LastName=last, Phone=phone, Email=f"{last}@old.example"
    )
    desk.book(name=name, email=f"{last.lower()}@example.com", phone=phone)
    row = desk.row(name, "salesforce")
    desk.watch(row.locator(".note.bad"))
    expect(row.locator(".note strong")).to_have_text(
        "A duplicate rule in Salesforce takes the invitee for a Contact that is there with another email."
    )
    expect(row.locator(".note")).to_contain_text("Decide whether to use that Contact, or to save a new one anyway")
    expect(row.locator(".note")).to_contain_text(f"Salesforce says: “Use one of these records? ({other})”")
    return row, other


def contacts_of(desk: Desk, name: str) -> list[str]:
    return [one["Id"] for one in desk.site.emulator.state()["contacts"] if one["Name"] == name]


def contact_of_event(desk: Desk, name: str) -> str:
    (event,) = [one for one in desk.site.emulator.state()["events"] if name in one["Subject"]]
    return event["WhoId"]


def rule(kind: str):
    return setting(duplicate_rule=kind, duplicate_matching=["email", "fuzzy"])


def test_a_duplicate_is_decided_by_using_the_match(desk, asked):
    with trouble(desk, "salesforce", rule("alert")):
        row, other = taken_for_another(desk, "Ursula Match", "+442079460001")
        desk.press(row, "Use the match")
        turns_green(desk, "Ursula Match", "salesforce")
    assert contacts_of(desk, "Ursula Match") == [other] == [contact_of_event(desk, "Ursula Match")]


@pytest.mark.long
def test_a_duplicate_is_decided_by_saving_a_new_contact(desk, asked):
    with trouble(desk, "salesforce", rule("alert")):
        row, other = taken_for_another(desk, "Vera Anew", "+442079460002")
        desk.press(row, "Save anyway")
        turns_green(desk, "Vera Anew", "salesforce")
    assert len(contacts_of(desk, "Vera Anew")) == 2
    assert contact_of_event(desk, "Vera Anew") != other


@pytest.mark.long
def test_where_a_rule_blocks_the_right_contact_gets_the_email(desk):
    """To save anyway is no way out then: the row stays red, and correcting the Contact mends it."""
    desk.open()
    with trouble(desk, "salesforce", rule("block")):
        row, other = taken_for_another(desk, "Wanda Block", "+442079460003")
        desk.press(row, "Save anyway")
        desk.watch(row.locator(".note.bad"))
        desk.site.emulator.update(other, Email="block@example.com")
        desk.press(row, "Retry")
        turns_green(desk, "Wanda Block", "salesforce")
    assert contacts_of(desk, "Wanda Block") == [other] == [contact_of_event(desk, "Wanda Block")]


NEVER = {
    "hubspot": (
        '"grace"@example.com',
        "HubSpot does not accept the invitee's email address.",
        "book it again with another address of the invitee's: HubSpot never accepts this one.",
    ),
    "attio": (
        "grace@navy.test",
        "Attio does not accept a value of this booking, most often the invitee's email address.",
        "book it again with another address: those of test domains such as .test are never accepted.",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("crm", NEVER)
def test_an_address_that_is_never_accepted_is_booked_with_another(desk, crm):
    """The row promises nothing of Retry, and the other booking is there."""
    desk.open()
    email, what, remedy = NEVER[crm]
    name = desk.book(email=email)
    row = desk.row(name, crm)
    desk.watch(row.locator(".note.bad"))
    expect(row.locator(".note strong")).to_have_text(what)
    expect(row.locator(".note")).to_contain_text(remedy)
    expect(row.locator(".note")).not_to_contain_text("press Retry")
    assert desk.in_crm(crm, name) == []
    turns_green(desk, desk.book(), crm)


def nearly_used_up(emulator) -> Cause:
    calls = emulator.api_calls()
    return setting(daily_limit=calls + max(6, calls // 10))


CHECKS = {
    "daily_budget": (nearly_used_up, "Ask an admin over there which app uses so many, or for a higher limit."),
    "not_checked": (
        lambda _: answered(503, "busy", path="/services/data/"),
        "Check again in a while. Bookings wait here until then; none is lost.",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("code", CHECKS)
def test_a_check_says_what_is_in_the_way_until_it_is_gone(desk, code):
    desk.page.get_by_role("link", name="Integrations").click()
    check = desk.page.get_by_role("article", name="Salesforce").get_by_role("region", name="Check")
    cause, remedy = CHECKS[code]
    with trouble(desk, "salesforce", cause(desk.site.emulator)) as mend:
        check.get_by_role("button", name="Check now").click()
        expect(check).to_contain_text(remedy)
        mend()
        check.get_by_role("button", name="Check now").click()
        expect(check).to_contain_text("let bookings pass")
    expect(check).not_to_contain_text(remedy)
