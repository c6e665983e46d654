"""Mails before and after a meeting, and the host's own words in every mail."""

from datetime import timedelta

import pytest
from django.core import mail

from linktime.bookings import actions, reminders
from linktime.notifications.tests.meetings import BOOKED_AT, START
from linktime.notifications.tests.test_booking_mail import as_received, to
from tests import jobs

TASK = "send_reminder_mail"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _reminding(event_type):
    event_type.reminders, event_type.follow_ups = [24 * 60, 60], [30]
    event_type.texts = {
        "confirmation": {"subject": "See you, {invitee_first_name}", "body": ""},
        "reminder": {"subject": "", "body": "Bring {title} questions, {invitee_first_name}.\nAt {time}."},
    }
    event_type.save()


def sent_at(clock, moment):
    """The mails that go out when the sweep looks at a moment."""
    mail.outbox.clear()
    clock.move_to(moment)
    reminders.send_due(moment)
    jobs.work(TASK)
    return [(message.to[0], message.subject.split(":")[0].split(" ")[0]) for message in mail.outbox]


def test_the_invitee_is_reminded_each_time_and_thanked_once(book, clock):
    booking = book(guests=["eve@example.com"])
    reminder = [("grace@example.com", "Reminder")]
    assert sent_at(clock, START - 25 * HOUR) == []
    assert sent_at(clock, START - 24 * HOUR) == reminder
    first = mail.outbox[0]
    assert "Bring Intro call questions, Grace.\nAt 4:00 AM." in first.body
    assert f"Change or cancel: http://127.0.0.1:8000/b/{booking.uid}" in first.body
    assert "text/calendar" not in str(as_received(first))
    assert sent_at(clock, START - 2 * HOUR) == []
    assert sent_at(clock, START - HOUR) == reminder
    assert mail.outbox[0].extra_headers["Message-ID"] != first.extra_headers["Message-ID"]
    assert sent_at(clock, START + HOUR) == [("grace@example.com", "After")]
    assert "If anything is left to say, answer this mail." in mail.outbox[0].body
    assert mail.outbox[0].reply_to == ["alice@example.com"]
    assert sent_at(clock, START + 9 * HOUR) == []


def test_a_reminder_moves_with_its_meeting_and_vanishes_with_it(book, clock):
    booking = book()
    later = START + timedelta(days=2)
    booking = actions.reschedule(booking, start=later, reason="", now=BOOKED_AT)
    assert sent_at(clock, START - HOUR) == []
    assert sent_at(clock, later - 24 * HOUR) == [("grace@example.com", "Reminder")]
    actions.cancel(booking, reason="", now=later - 2 * HOUR)
    assert sent_at(clock, later - HOUR) == []
    assert sent_at(clock, later + 2 * HOUR) == []


def test_a_meeting_that_moves_while_its_reminder_is_on_the_way_keeps_it_back(book, clock):
    booking = book()
    clock.move_to(START - HOUR)
    reminders.send_due(START - HOUR)
    actions.reschedule(booking, start=START + timedelta(days=2), reason="", now=START - HOUR)
    jobs.work(TASK)
    assert mail.outbox == []


def test_a_mail_says_what_the_host_wants_to_the_invitee_alone(book, clock):
    book(guests=["eve@example.com"])
    jobs.work()
    assert to("grace@example.com")[0].subject == "See you, Grace"
    assert to("eve@example.com")[0].subject.startswith("Confirmed")
    assert to("alice@example.com")[0].subject.startswith("New")
