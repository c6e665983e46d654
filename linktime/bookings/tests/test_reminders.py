"""Reminders are rows that follow their booking."""

from datetime import timedelta

import pytest

from linktime.bookings import reminders, waiting
from linktime.bookings.actions import cancel, mark_no_show, reschedule
from linktime.bookings.events import ReminderDue
from linktime.bookings.models import Reminder
from linktime.core import events
from tests.people import NOW, make_event_type

from .making import HALF_AN_HOUR, MONDAY_NINE, take

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def reminding(alice, published):
    return make_event_type(alice, reminders=[1440, 60], follow_ups=[30])


@pytest.fixture
def due(monkeypatch):
    found = []
    monkeypatch.setitem(events._subscribers, ReminderDue, [lambda event: found.append(event.reminder)])
    return found


def rows():
    return list(Reminder.objects.order_by("due_at").values_list("kind", "minutes", "due_at"))


def test_a_booking_has_the_reminders_of_its_event_type(reminding):
    """A day before, an hour before, half an hour after."""
    booking = take(reminding)
    assert rows() == [
        ("reminder", 1440, MONDAY_NINE - DAY),
        ("reminder", 60, MONDAY_NINE - HOUR),
        ("follow_up", 30, booking.end + HALF_AN_HOUR),
    ]


def test_what_would_be_late_is_left_out(reminding):
    """Who books two hours ahead is reminded an hour before."""
    take(reminding, now=MONDAY_NINE - 2 * HOUR)
    assert [minutes for _, minutes, _ in rows()] == [60, 30]


def test_a_moved_booking_moves_its_reminders(reminding, due):
    """What has gone out for the old time is due again for the new one."""
    booking = take(reminding)
    assert reminders.send_due(MONDAY_NINE - DAY) == 1
    reschedule(booking, start=MONDAY_NINE + 2 * DAY, reason="", now=MONDAY_NINE - HOUR)
    assert [at for *_, at in rows()][:2] == [MONDAY_NINE + DAY, MONDAY_NINE + 2 * DAY - HOUR]
    assert not Reminder.objects.exclude(sent_at=None).exists()


def test_a_cancelled_booking_has_none(reminding):
    """Nobody is reminded of what does not take place."""
    cancel(take(reminding), reason="", now=NOW)
    assert rows() == []


def test_who_did_not_come_is_not_followed_up(reminding):
    """A no-show ends the reminders."""
    booking = take(reminding)
    mark_no_show(booking, reason="", now=booking.start)
    assert rows() == []


def test_one_that_waits_has_none_until_it_is_confirmed(alice, published):
    """Reminders begin with the meeting."""
    booking = take(make_event_type(alice, reminders=[60], requires_approval=True))
    assert rows() == []
    waiting.accept(booking, now=NOW)
    assert rows() == [("reminder", 60, MONDAY_NINE - HOUR)]


def test_each_is_told_once_when_it_is_due(reminding, due):
    """Not a second earlier, and never again."""
    take(reminding)
    assert reminders.send_due(MONDAY_NINE - DAY - timedelta(seconds=1)) == 0
    assert reminders.send_due(MONDAY_NINE - DAY) == 1
    assert reminders.send_due(MONDAY_NINE - DAY) == 0
    assert [(each.kind, each.minutes) for each in due] == [("reminder", 1440)]


def test_nobody_is_reminded_of_what_has_begun(reminding, due):
    """After a long standstill, follow-ups still go out."""
    booking = take(reminding)
    assert reminders.send_due(booking.end + DAY) == 3
    assert [each.kind for each in due] == ["follow_up"]


def test_more_than_a_batch_is_sent(reminding, due, monkeypatch):
    """All that is due goes out in one sweep."""
    monkeypatch.setattr(reminders, "BATCH", 2)
    for step in range(5):
        take(reminding, MONDAY_NINE + step * HALF_AN_HOUR)
    reminders.send_due(MONDAY_NINE)
    assert len([each for each in due if each.booking.start > MONDAY_NINE]) == len(due) == 6


def test_a_subscriber_that_fails_keeps_it_due(reminding, monkeypatch):
    """Telling and ticking off are one transaction."""
    take(reminding)

    def fail(event):
        raise RuntimeError

    monkeypatch.setitem(events._subscribers, ReminderDue, [fail])
    with pytest.raises(RuntimeError):
        reminders.send_due(MONDAY_NINE - DAY)
    assert Reminder.objects.filter(sent_at=None).count() == 3
