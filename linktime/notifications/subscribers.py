"""What notifications do when something happens, in the transaction in which it does: they enqueue mail."""

from linktime.accounts.models import Membership
from linktime.bookings.events import BookingChanged, BookingWaits, ReminderDue
from linktime.bookings.meetings import meeting_at, meeting_of
from linktime.connections.events import ConnectionNeedsReconnect
from linktime.connections.facts import Problem
from linktime.core.meeting import ChangeKind
from linktime.jobs.enqueue import enqueue, enqueue_all
from linktime.notifications.tasks import send_booking_mail, send_reconnect_mail, send_reminder_mail, send_waiting_mail
from linktime.notifications.waiting import concerned
from linktime.notifications.wording import recipients


def mail_everybody(event: BookingChanged) -> None:
    """Enqueue one mail for each who takes part, so that one address that fails keeps nobody else waiting."""
    if event.change.kind == ChangeKind.NO_SHOW:
        return  # a note of the host's, not the invitee's business
    booking = event.change.booking
    about = {"booking_id": booking.pk, "revision": event.change.revision}
    enqueue_all(send_booking_mail, ({**about, "recipient": each.key} for each in recipients(meeting_of(booking))))


def mail_concerned(event: BookingWaits) -> None:
    """Enqueue one mail for each whom a booking that waits concerns: its invitee, and the hosts who have to accept."""
    about = {"change_id": event.change.pk, "waits_for": event.waits_for}
    concern = concerned(meeting_at(event.change), event.waits_for)
    enqueue_all(send_waiting_mail, ({**about, "recipient": each.key} for each in concern))


def mail_invitee(event: ReminderDue) -> None:
    """Enqueue a reminder, or the mail that follows a meeting."""
    enqueue(send_reminder_mail, reminder_id=event.reminder.pk)


def mail_owners(event: ConnectionNeedsReconnect, *, label: str, problem: Problem) -> None:
    """Enqueue one mail for each owner; `label` is the service's name as people write it, `problem` what to do."""
    connection = event.connection
    owners = Membership.objects.filter(account=connection.account_id, role=Membership.Role.OWNER)
    for user_id in owners.values_list("user_id", flat=True):
        words = {"label": label, "what": problem.what, "remedy": problem.remedy}
        enqueue(send_reconnect_mail, connection_id=connection.pk, user_id=user_id, **words)
