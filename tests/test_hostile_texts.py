"""Whatever people type is text: on every page, in mails and their headers, and in calendar files."""

import re
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest
from django.core import mail
from icalendar import Calendar

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.core.errors import Invalid
from linktime.web.tests.conftest import signed_in
from tests import jobs
from tests.people import NOW, Person, make_event_type

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = "\"'><img src=x onerror=alert(1)>"
TEMPLATE = "{{ 7|add:7 }}{% url 'x' %}%(name)s%s{title}"
LINES = "one\r\nATTENDEE:mailto:evil@example.com\r\nEND:VEVENT\nBcc: evil@example.com"
OVERRIDE = "\u202egnp.exe"
NOTES = f"{SCRIPT}\n{BREAKOUT}\n{TEMPLATE}\n{LINES}\n{OVERRIDE}"
QUESTIONS = [
    {"key": "first", "label": f"Why {BREAKOUT}", "kind": "text", "required": False, "options": []},
    {"key": "long", "label": f"More {SCRIPT}", "kind": "long_text", "required": False, "options": []},
    {"key": "pick", "label": "Pick", "kind": "choice", "required": False, "options": [BREAKOUT, SCRIPT]},
]
START = NOW.replace(day=24, hour=10)
LANGUAGES = ["en", "de", "ar"]


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


@pytest.fixture
def booking(alice):
    alice.user.name = f"Alice {BREAKOUT}"
    alice.user.save()
    alice.account.name = f"Engines {SCRIPT}"
    alice.account.save()
    event_type = make_event_type(
        alice, title=f"Intro {SCRIPT}", description=NOTES, questions=QUESTIONS,
        location={"kind": "custom", "value": f"Room {BREAKOUT}"},
    )  # fmt: skip
    grace = InviteeDetails(f"Grace {BREAKOUT} {TEMPLATE}", "grace@example.com", locale="de", notes=NOTES)
    answers = {"first": SCRIPT, "long": NOTES, "pick": BREAKOUT}
    booked = actions.book(
        event_type, start=START, duration=None, invitee=grace, guests=["o'brien@example.com"], answers=answers, now=NOW
    )
    return actions.reschedule(booked, start=START.replace(hour=11), reason=NOTES, now=NOW)


class Elements(HTMLParser):
    """What a browser would make of a page: the elements, and their attributes that could run something."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.inline, self.found = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append(tag)
        values = dict(attributes)
        if tag == "script" and "src" not in values:
            self.inline.append("script")
        if tag == "img" and values.get("src") == "x":
            self.inline.append("img")
        self.inline += [name for name in values if name.startswith("on")]
        links = [values.get(name) or "" for name in ("href", "src", "action", "formaction")]
        self.inline += [link for link in links if re.match(r"\s*(javascript|data|vbscript):", link, re.IGNORECASE)]


def must_be_plain(page):
    assert Elements(page).inline == []
    assert "14{%" not in page  # a template's sum


def pages_of(client, as_alice, booking):
    """Every page that shows what somebody typed, as a visitor and as a member see it."""
    handle = "/alice/intro-call"
    public = [
        "/alice", handle, f"{handle}?start=2026-11-25T10:00:00Z", f"/embed{handle}", f"/b/{booking.uid}",
        f"/b/{booking.uid}/cancel", f"/b/{booking.uid}/reschedule",
        f"/b/{booking.uid}/reschedule?start=2026-11-25T10:00:00Z",
        f"/embed/b/{booking.uid}?booked=yes",
    ]  # fmt: skip
    for language in LANGUAGES:
        for path in public:
            yield client.get(path, headers={"accept-language": language})
    event_type = booking.event_type_id
    for path in ("bookings/", f"bookings/{booking.uid}", "event-types/", f"event-types/{event_type}",
                 f"event-types/{event_type}/share", f"event-types/{event_type}/delete", "settings/"):  # fmt: skip
        yield as_alice.get(f"/dashboard/{path}")


def test_on_no_page_it_becomes_anything_else(client, booking):
    owner = booking.account.memberships.get()
    as_alice = signed_in(Person(owner.user, booking.account, owner.role))
    for response in pages_of(client, as_alice, booking):
        assert response.status_code == 200
        must_be_plain(response.content.decode())
    shown = client.get(f"/b/{booking.uid}").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "{{ 7|add:7 }}" in shown


def test_a_form_with_faults_gives_it_back_as_text(client, booking):
    typed = {"start": "2026-11-25T10:00:00Z", "name": BREAKOUT, "email": BREAKOUT, "notes": NOTES, "guests": SCRIPT,
             "answer-first": BREAKOUT, "answer-long": SCRIPT, "token": BREAKOUT, "zone": BREAKOUT}  # fmt: skip
    response = client.post("/alice/intro-call", typed)
    assert response.status_code == 422
    must_be_plain(response.content.decode())


def parts_of(message):
    received = message_from_bytes(message.message().as_bytes(policy=policy.SMTP), policy=policy.default)
    return received, {part.get_content_type(): part for part in received.walk()}


def test_in_mails_and_their_headers(booking):
    actions.cancel(booking, reason=NOTES, now=NOW)
    jobs.work("send_booking_mail")
    assert len(mail.outbox) == 9
    for message in mail.outbox:
        received, parts = parts_of(message)
        assert received["Bcc"] is None
        assert len(received.get_all("To")) == len(received.get_all("Subject")) == 1
        page = parts["text/html"].get_content()
        must_be_plain(page)
        assert set(Elements(page).found) <= {
            "html", "head", "meta", "title", "body", "div", "h1", "table", "tr", "td", "bdi", "br", "p", "a",
        }  # fmt: skip


def test_in_calendar_files(client, booking):
    jobs.work("send_booking_mail")
    files = [parts_of(message)[1]["text/calendar"].get_content() for message in mail.outbox]
    files.append(client.get(f"/b/{booking.uid}/calendar.ics").content.decode())
    for file in files:
        calendar = Calendar.from_ical(file)
        (event,) = calendar.walk("VEVENT")
        people = event.get("ATTENDEE", [])
        assert "mailto:evil@example.com" not in [str(person) for person in people]
        assert file.count("\r\nEND:VEVENT") == 1
        assert not re.search(r"^(Bcc|ATTENDEE:mailto:evil)", file.replace("\r\n ", ""), re.MULTILINE)
        assert SCRIPT in event["DESCRIPTION"]  # as text, which no calendar reads as HTML


@pytest.mark.parametrize("field", ["name", "email"])
@pytest.mark.parametrize(
    "value", ["Grace\r\nBcc: evil@example.com", "Grace\u2028x", "Grace\0", f"Grace {OVERRIDE}", "a\x85b"]
)
def test_what_stands_in_one_line_has_no_line_breaks_and_turns_nothing_around(event_type, field, value):
    grace = {"name": "Grace Hopper", "email": "grace@example.com"} | {field: value}
    with pytest.raises(Invalid) as raised:
        actions.book(
            event_type, start=START, duration=None, invitee=InviteeDetails(**grace), guests=[], answers={}, now=NOW
        )
    assert {fault.field for fault in raised.value.faults} == {f"invitee.{field}"}
