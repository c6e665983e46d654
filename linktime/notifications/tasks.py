"""Mails, each in a job of its own.

A job whose worker died after sending, before saying so, sends again: with the same Message-ID, which mail programs show
once, and the same calendar entry.
"""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.utils import translation

from linktime.accounts.models import Membership, User
from linktime.bookings import waiting
from linktime.bookings.meetings import booking_url, meeting_at, meeting_of
from linktime.bookings.models import Booking, BookingChange, Reminder
from linktime.bookings.reminders import still_helps
from linktime.connections.models import Connection, State
from linktime.core import clock
from linktime.core.meeting import ChangeKind
from linktime.core.placeholders import NOTHING_OWN
from linktime.jobs.enqueue import DELIVER, enqueue, periodic, task
from linktime.jobs.post import PATIENCE, post
from linktime.notifications import digest
from linktime.notifications.messages import (
    booking_message,
    digest_message,
    follow_up_message,
    reconnect_message,
    reminder_message,
    waiting_message,
)
from linktime.notifications.models import Digest
from linktime.notifications.waiting import Waits
from linktime.notifications.wording import LATE, Recipient, as_of, recipients, superseded
from linktime.scheduling import texts

OWN_TEXTS = {
    ChangeKind.BOOKED: "confirmation",
    ChangeKind.RESCHEDULED: "change",
    ChangeKind.CANCELLED: "cancellation",
}


@task(queue=DELIVER, retry=PATIENCE)
def send_booking_mail(*, booking_id: int, revision: int, recipient: str) -> None:
    """Tell one recipient of one change, unless a newer one has made it pointless (see `wording.superseded`)."""
    booking = Booking.objects.select_related("event_type").filter(pk=booking_id).first()
    if booking is None or booking.erased_at:
        return
    meeting = meeting_of(booking)
    if superseded(meeting, revision, now=clock.now()):
        return
    for somebody in recipients(meeting):
        if somebody.key == recipient:
            with translation.override(somebody.language):  # answers such as "Yes" too
                then = as_of(meeting_of(booking), revision)
                own = texts.of(booking.event_type.texts, OWN_TEXTS[then.history[-1].kind])
                post(booking_message(then, somebody, own if somebody.key == "invitee" else NOTHING_OWN))


@task(queue=DELIVER, retry=PATIENCE)
def send_waiting_mail(*, change_id: int, waits_for: str, recipient: str) -> None:
    """Tell one recipient of one change of a booking that waited then, unless a newer one has made it pointless."""
    changes = BookingChange.objects.select_related("booking").filter(pk=change_id, booking__erased_at=None)
    change = changes.first()
    if change is None or (change.revision < change.booking.revision and clock.now() - change.at > LATE):
        return
    for somebody in recipients(meeting_at(change)):
        if somebody.key == recipient:
            with translation.override(somebody.language):
                waits = Waits(waits_for, change.booking.expires_at, _answer_link(change.booking, somebody))
                post(waiting_message(meeting_at(change), somebody, waits))


@task(queue=DELIVER, retry=PATIENCE)
def send_reminder_mail(*, reminder_id: int) -> None:
    """Remind an invitee, or thank them, unless the meeting has moved, was cancelled or has begun in the meantime."""
    rows = Reminder.objects.select_related("booking__event_type")
    reminder = rows.filter(pk=reminder_id, booking__erased_at=None).first()
    if reminder is None or not still_helps(reminder, clock.now()):
        return
    booking = reminder.booking
    invitee = recipients(meeting_of(booking))[0]
    write = reminder_message if reminder.kind == Reminder.Kind.REMINDER else follow_up_message
    with translation.override(invitee.language):
        own = texts.of(booking.event_type.texts, reminder.kind)
        post(write(meeting_of(booking), invitee, own, reminder.minutes))


@task(queue=DELIVER, retry=PATIENCE)
def send_reconnect_mail(*, connection_id: int, user_id: int, label: str, what: str = "", remedy: str = "") -> None:
    """Tell an owner that a connection needs them, unless somebody has reconnected it in the meantime."""
    connection = Connection.objects.filter(pk=connection_id, state=State.NEEDS_RECONNECT).first()
    owner = User.objects.filter(pk=user_id).first()
    if connection is None or owner is None:
        return
    organisation = connection.organisation_name
    post(reconnect_message(to=owner.email, label=label, organisation=organisation, what=what, remedy=remedy))


@periodic(cron="* * * * * 40")
def send_digests(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told when it was due
    """Enqueue, every minute, the digests that are due."""
    now = clock.now()
    for row in digest.due(now):
        with transaction.atomic():
            if times := digest.taken(row, now):
                since, until = (moment.isoformat() for moment in times)
                enqueue(send_digest_mail, digest_id=row.pk, since=since, until=until)


@task(queue=DELIVER, retry=PATIENCE)
def send_digest_mail(*, digest_id: int, since: str, until: str) -> None:
    """Tell an owner what came up in that time, unless it has been mended or nobody wants to know."""
    owners = Digest.objects.filter(wanted=True, membership__role=Membership.Role.OWNER)
    row = owners.select_related("membership__user", "membership__account").filter(pk=digest_id).first()
    troubles = digest.troubles(row, *map(datetime.fromisoformat, (since, until))) if row else []
    if row and troubles:
        membership = row.membership
        post(digest_message(to=membership.user.email, account=membership.account.name, troubles=troubles))


def _answer_link(booking: Booking, recipient: Recipient) -> str:
    """Return where a recipient can do what a booking waits for: hosts in the dashboard, the invitee with a token."""
    if recipient.is_host:
        return f"{settings.BASE_URL}/dashboard/bookings/{booking.uid}"
    return f"{booking_url(booking)}/confirm?{urlencode({'token': waiting.token_of(booking)})}"
