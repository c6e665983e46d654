from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from linktime.bookings import actions
from linktime.bookings.meetings import meeting_of
from linktime.notifications.ics import uid
from linktime.notifications.messages import booking_message
from linktime.notifications.tests.meetings import BOOKED_AT, GRACE, START, meeting
from linktime.notifications.wording import Recipient, one_line, recipients
from tests import jobs

TASK = "send_booking_mail"


def to(address, outbox=None):
    return [message for message in mail.outbox if message.to == [address]]


def as_received(message):
    return message_from_bytes(message.message().as_bytes(policy=policy.SMTP), policy=policy.default)


def entry_in(message):
    """The calendar entry as Gmail and Outlook find it; the attached file says the same."""
    received = as_received(message)
    parts = {part.get_content_type(): part for part in received.walk()}
    invitation, file = parts["text/calendar"], parts["application/ics"]
    calendar = Calendar.from_ical(invitation.get_content())
    assert invitation["Content-Type"].params["method"] == calendar["METHOD"]
    assert file.get_filename() == "invite.ics"
    assert Calendar.from_ical(file.get_content()) == calendar
    return calendar["METHOD"], calendar.walk("VEVENT")[0]


def test_a_booking_is_confirmed_to_invitee_and_host(book, clock):
    booking = book()
    assert jobs.work(TASK) == 2
    (invitees,), (hosts,) = to("grace@example.com"), to("alice@example.com")
    assert invitees.subject == "Confirmed: Intro call with Alice Lovelace on Mon, Nov 30, 2026, 4:00 AM"
    assert hosts.subject == "New: Intro call with Grace Hopper on Mon, 30 Nov 2026, 09:00"
    assert (invitees.reply_to, hosts.reply_to) == (["alice@example.com"], ["grace@example.com"])
    for message in (invitees, hosts):
        assert f"http://127.0.0.1:8000/b/{booking.uid}" in message.body
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
        method, event = entry_in(message)
        assert (method, event["UID"], event.start) == ("REQUEST", uid(meeting_of(booking)), START)


def test_the_mail_reads_well(book, clock):
    """The plain text, to the letter."""
    booking = book(notes="About compilers.")
    jobs.work(TASK)
    assert to("grace@example.com")[0].body == (
        "Your meeting is booked\n\n"
        "What: Intro call\n"
        "When: Monday, November 30, 2026, 4:00 AM – 4:30 AM, New York time (UTC−05:00)\n"
        "With: Alice Lovelace\n"
        "Notes: About compilers.\n\n"
        f"Change or cancel: http://127.0.0.1:8000/b/{booking.uid}\n"
    )


def test_each_change_moves_the_same_entry(book, clock):
    booking = book()
    booking = actions.reschedule(booking, start=START + timedelta(days=1), reason="A moth", now=BOOKED_AT)
    actions.cancel(booking, reason="No compilers", now=BOOKED_AT)
    jobs.work(TASK)
    for address in ("grace@example.com", "alice@example.com"):
        messages = to(address)
        events = [entry_in(message) for message in messages]
        assert [message.subject.split(":")[0] for message in messages][1:] == ["Moved", "Cancelled"]
        assert [method for method, _event in events] == ["REQUEST", "REQUEST", "CANCEL"]
        assert [event["SEQUENCE"] for _method, event in events] == [0, 1, 2]
        assert [event.start - START for _method, event in events] == [timedelta(), timedelta(days=1), timedelta(days=1)]
        assert len({event["UID"] for _method, event in events}) == 1
        assert "A moth" in messages[1].body
        assert "No compilers" in messages[2].body


def test_the_mails_about_a_booking_stand_together(book, clock):
    """Each answers the first, and a mail that is sent twice has one name."""
    booking = book()
    actions.reschedule(booking, start=START + timedelta(days=1), reason="", now=BOOKED_AT)
    jobs.work(TASK)
    first, second = to("grace@example.com")
    assert second.extra_headers["In-Reply-To"] == first.extra_headers["Message-ID"]
    ids = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert len(ids) == 4
    booking.refresh_from_db()
    now = meeting_of(booking)
    again = booking_message(now, recipients(now)[0])
    assert again.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert booking.uid not in "".join(ids)


def test_a_booking_that_is_rolled_back_sends_nothing(book, clock):
    with pytest.raises(RuntimeError), transaction.atomic():
        book()
        raise RuntimeError("the page broke")
    assert jobs.waiting(TASK) == []


def test_mail_late_about_a_meeting_that_has_moved_on_stays_unsent(book, clock):
    """The mail server was away for an hour: one mail says how things stand, none how they were."""
    booking = book()
    actions.reschedule(booking, start=START + timedelta(days=1), reason="", now=BOOKED_AT + timedelta(minutes=5))
    clock.shift(timedelta(hours=1))
    jobs.work(TASK)
    assert [message.subject.split(":")[0] for message in mail.outbox] == ["Moved", "Moved"]


def test_guests_are_told_too(book, clock):
    booking = book(guests=["eve@example.com"])
    jobs.work(TASK)
    (message,) = to("eve@example.com")
    received = as_received(message)
    entry = entry_in(message)[1]
    for text in (message.body, str(received), entry.to_ical().decode(), received.get_body(("html",)).get_content()):
        assert booking.uid not in text


@pytest.mark.parametrize("name", ["غريس هوبر", "王小明", 'Grace, "Amazing" <x@y.z>', "Zoë" * 60, "<b>Grace</b>"])
def test_any_name_arrives(book, clock, name):
    book(name=name)
    jobs.work(TASK)
    received = as_received(to("alice@example.com")[0])
    assert received["Subject"].strip() == f"New: Intro call with {name} on Mon, 30 Nov 2026, 09:00"
    assert name in received.get_body(("plain",)).get_content()
    page = received.get_body(("html",)).get_content()
    assert "<b>Grace" not in page
    assert "<bdi>" in page  # a name written from right to left turns nothing else around


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_name_makes_a_header_of_its_own(name):
    """Whatever somebody is called, the message has the headers it should have, and one recipient."""
    booking = meeting(title=name)
    message = booking_message(booking, Recipient("invitee", name, GRACE.email, "UTC", ""))
    received = as_received(message)
    assert received["To"] == "grace@example.com"
    assert received["Bcc"] is None
    assert "".join(received["Subject"].split()) == "".join(message.subject.split())
    assert one_line(message.subject) == message.subject
