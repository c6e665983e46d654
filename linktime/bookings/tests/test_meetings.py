"""A booking as the rest of the house sees it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from linktime.bookings.actions import cancel, reschedule
from linktime.bookings.meetings import meeting_of, meetings_of
from linktime.bookings.models import Booking
from linktime.core.meeting import Answer, Host, Invitee
from tests.people import NOW, make_event_type

from .making import GRACE, HALF_AN_HOUR, MONDAY_NINE, take

QUESTIONS = [
    {"key": "company", "label": "Company", "kind": "text", "required": True, "options": []},
    {"key": "news", "label": "Newsletter", "kind": "checkbox", "required": False, "options": []},
]


def test_all_of_a_booking_is_in_its_meeting(alice):
    """Mail and CRMs find everything in the one value."""
    event_type = make_event_type(alice, questions=QUESTIONS, location={"kind": "custom", "value": "The usual café"})
    booking = take(
        event_type,
        invitee=replace(GRACE, phone="+12025550123", locale="en-US", notes="Hello\nthere"),
        guests=["a@example.com", "A@example.com", "GRACE@example.com"],
        answers={"news": True, "company": "Navy"},
    )
    meeting = meeting_of(booking)
    assert meeting.hosts == (Host("Alice Lovelace", "alice@example.com", "Europe/London"),)
    assert meeting.invitee == Invitee("Grace Hopper", "grace@example.com", "+12025550123", "America/New_York", "en-US")
    assert meeting.guests == ("a@example.com",)
    assert meeting.answers == (Answer("Company", "Navy"), Answer("Newsletter", "Yes"))
    assert (meeting.title, meeting.notes, meeting.location) == ("Intro call", "Hello\nthere", "The usual café")
    assert (meeting.start, meeting.end) == (MONDAY_NINE, MONDAY_NINE + HALF_AN_HOUR)
    assert meeting.url == f"http://127.0.0.1:8000/b/{booking.uid}"
    assert (meeting.revision, meeting.status, [change.kind for change in meeting.history]) == (
        1,
        "confirmed",
        ["booked"],
    )


def test_history_is_told_in_order(event_type):
    """Moved twice and cancelled: each step with what was before, and why."""
    booking = take(event_type)
    for hours in (1, 2):
        booking = reschedule(booking, start=MONDAY_NINE + timedelta(hours=hours), reason=f"{hours}", now=NOW)
    booking = cancel(booking, reason="Ill", now=NOW)
    meeting = meeting_of(booking)
    assert [(change.kind, change.revision, change.previous_start) for change in meeting.history] == [
        ("booked", 1, None),
        ("rescheduled", 2, MONDAY_NINE),
        ("rescheduled", 3, MONDAY_NINE + timedelta(hours=1)),
        ("cancelled", 4, None),
    ]
    assert (meeting.cancelled, meeting.cancellation_reason) == (True, "Ill")


@pytest.mark.parametrize("count", [1, 5])
def test_many_cost_what_one_costs(event_type, count, django_assert_num_queries):
    """A page of meetings takes three queries, and says what each by itself says."""
    bookings = [take(event_type, MONDAY_NINE + step * HALF_AN_HOUR) for step in range(count)]
    with django_assert_num_queries(3):
        meetings = meetings_of(list(Booking.objects.order_by("start")))
    assert meetings == [meeting_of(booking) for booking in bookings]


def test_one_costs_two_queries(event_type, django_assert_num_queries):
    """Its row is in hand already; of one just made, everything is, and it reads the same."""
    made = take(event_type)
    booking = Booking.objects.get(pk=made.pk)
    with django_assert_num_queries(2):
        meeting = meeting_of(booking)
    with django_assert_num_queries(0):
        assert meeting_of(made) == meeting
