"""Mails about a booking that waits for its invitee or its host."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from linktime.bookings import actions, waiting
from linktime.notifications.tests.meetings import BOOKED_AT, START
from linktime.notifications.tests.test_booking_mail import as_received, entry_in, to
from tests import jobs

SOON = BOOKED_AT + timedelta(minutes=1)
LATER = START + timedelta(days=1)


@pytest.fixture
def approval(event_type):
    event_type.requires_approval = True
    event_type.save()


@pytest.fixture
def verification(event_type):
    event_type.requires_verification = True
    event_type.save()


def sent():
    """Who got which mail since the last look, by the subject's first words."""
    mail.outbox.clear()
    jobs.work()
    return sorted((message.to[0].partition("@")[0], message.subject.split(":")[0]) for message in mail.outbox)


@pytest.mark.usefixtures("approval", "clock")
def test_the_host_is_asked_and_the_invitee_knows_it(book):
    booking = book(guests=["eve@example.com"], notes="About compilers.")
    assert sent() == [("alice", "Accept or decline"), ("grace", "Asked for")]
    (hosts,), (invitees,) = to("alice@example.com"), to("grace@example.com")
    assert f"Accept or decline: http://127.0.0.1:8000/dashboard/bookings/{booking.uid}" in hosts.body
    assert "at the latest until Wed, 25 Nov 2026, 08:00" in hosts.body
    assert "About compilers." in hosts.body
    assert "Alice Lovelace has to accept it first, and has until Wed, Nov 25, 2026, 3:00 AM." in invitees.body
    assert f"Change or cancel: http://127.0.0.1:8000/b/{booking.uid}" in invitees.body
    for message in (hosts, invitees):
        assert "calendar" not in str(as_received(message)).lower()


@pytest.mark.usefixtures("approval", "clock")
def test_accepted_it_is_confirmed_with_an_entry_for_the_calendar(book):
    booking = book(guests=["eve@example.com"])
    first = sent() and to("grace@example.com")[0].extra_headers["Message-ID"]
    waiting.accept(booking, now=SOON)
    assert sent() == [("alice", "New"), ("eve", "Confirmed"), ("grace", "Confirmed")]
    (message,) = to("grace@example.com")
    assert entry_in(message)[0] == "REQUEST"
    assert message.extra_headers["In-Reply-To"] == first


@pytest.mark.usefixtures("approval", "clock")
@pytest.mark.parametrize(
    ("end", "mails"),
    [
        (lambda booking: waiting.decline(booking, reason="No time", now=SOON), [("grace", "Declined")]),
        (
            lambda booking: actions.cancel(booking, reason="No time", now=SOON),
            [("alice", "Withdrawn"), ("grace", "Cancelled")],
        ),
        (lambda _: waiting.expire_due(START), [("alice", "Expired"), ("grace", "Not confirmed")]),
    ],
    ids=["declined", "withdrawn", "expired"],
)
def test_an_end_without_a_meeting_is_told_and_no_calendar_hears_of_it(book, end, mails):
    booking = book(guests=["eve@example.com"])
    sent()
    end(booking)
    assert sent() == mails
    (message,) = to("grace@example.com")
    assert "text-decoration: line-through" in str(message.alternatives[0][0])
    assert ("Reason: No time" in message.body) is (mails[-1][1] != "Not confirmed")
    assert "text/calendar" not in str(as_received(message))


@pytest.mark.usefixtures("approval", "clock")
def test_a_request_that_moves_is_told_to_both(book):
    booking = book()
    sent()
    actions.reschedule(booking, start=LATER, reason="A clash", now=SOON)
    assert sent() == [("alice", "Accept or decline"), ("grace", "Asked for")]
    (message,) = to("alice@example.com")
    assert "A request has moved" in message.body
    assert "Before: Monday, 30 November 2026" in message.body


@pytest.mark.usefixtures("approval", "verification", "clock")
def test_the_host_hears_nothing_before_the_address_is_confirmed(book):
    booking = book()
    assert sent() == [("grace", "Please confirm")]
    body = to("grace@example.com")[0].body
    assert "The time is kept for you until Mon, Nov 23, 2026, 3:30 AM." in body
    token = re.search(rf"Confirm the address: http://127.0.0.1:8000/b/{booking.uid}/confirm\?token=(\S+)", body)[1]
    waiting.verify(booking, token=token.replace("%3A", ":"), now=SOON)
    assert sent() == [("alice", "Accept or decline"), ("grace", "Asked for")]


@pytest.mark.usefixtures("verification", "clock")
def test_what_nobody_confirmed_is_the_invitees_affair_alone(book):
    book()
    sent()
    waiting.expire_due(START)
    assert sent() == [("grace", "Not confirmed")]


@pytest.mark.usefixtures("approval")
def test_late_mail_about_what_is_decided_stays_unsent(book, clock):
    """The mail server was away: nobody is asked to accept what they have accepted."""
    booking = book()
    waiting.accept(booking, now=SOON)
    clock.shift(timedelta(hours=1))
    assert sent() == [("alice", "New"), ("grace", "Confirmed")]


@pytest.mark.usefixtures("approval", "clock")
def test_it_is_written_in_the_invitees_language(book):
    book(locale="de-DE")
    assert ("grace", "Angefragt") in sent()
    assert "Alice Lovelace muss" in to("grace@example.com")[0].body
