"""Reminders and follow-ups: rows that follow their booking, and the sweep that tells when one is due."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from linktime.bookings.events import ReminderDue
from linktime.bookings.models import Booking, Reminder
from linktime.core.events import publish

BATCH = 100


def follow(booking: Booking, now: datetime) -> None:
    """Make a meeting's reminders what its event type and its times say; the caller has the transaction.

    What would have been due before now is left out: who books a day ahead is not reminded of that day. A meeting that
    does not take place any more, or whose invitee did not come, has none.
    """
    if booking.revision > 1:
        booking.reminders.all().delete()
    if booking.status == Booking.Status.CONFIRMED:
        Reminder.objects.bulk_create(each for each in _wanted(booking) if each.due_at > now)


def send_due(now: datetime) -> int:
    """Tell of every reminder that is due, once; return how many there were."""
    count = 0
    while sent := _send_batch(now):
        count += sent
    return count


def still_helps(reminder: Reminder, now: datetime) -> bool:
    """Tell whether it is not too late: nobody is reminded of a meeting that has begun."""
    confirmed = reminder.booking.status == Booking.Status.CONFIRMED
    return confirmed and (reminder.kind == Reminder.Kind.FOLLOW_UP or reminder.booking.start > now)


def _send_batch(now: datetime) -> int:
    with transaction.atomic():
        due = Reminder.objects.select_for_update(skip_locked=True, of=("self",)).select_related("booking__event_type")
        batch = list(due.filter(sent_at=None, due_at__lte=now).order_by("due_at")[:BATCH])
        for reminder in batch:
            if still_helps(reminder, now):
                publish(ReminderDue(reminder))
        Reminder.objects.filter(pk__in=[each.pk for each in batch]).update(sent_at=now)
    return len(batch)


def _wanted(booking: Booking) -> Iterator[Reminder]:
    for minutes in booking.event_type.reminders:
        due_at = booking.start - timedelta(minutes=minutes)
        yield Reminder(booking=booking, kind=Reminder.Kind.REMINDER, minutes=minutes, due_at=due_at)
    for minutes in booking.event_type.follow_ups:
        due_at = booking.end + timedelta(minutes=minutes)
        yield Reminder(booking=booking, kind=Reminder.Kind.FOLLOW_UP, minutes=minutes, due_at=due_at)
