"""What notifications do when something happens, in the transaction in which it does: they enqueue mail."""

from linktime.accounts.models import Membership
from linktime.bookings.events import BookingChanged
from linktime.bookings.meetings import meeting_of
from linktime.connections.events import ConnectionNeedsReconnect
from linktime.connections.facts import Problem
from linktime.core.meeting import ChangeKind
from linktime.jobs.enqueue import enqueue, enqueue_all
from linktime.notifications.tasks import send_booking_mail, send_reconnect_mail
from linktime.notifications.wording import recipients


def mail_everybody(event: BookingChanged) -> None:
    """Enqueue one mail for each who takes part, so that one address that fails keeps nobody else waiting."""
    if event.change.kind == ChangeKind.NO_SHOW:
        return  # a note of the host's, not the invitee's business
    booking = event.change.booking
    about = {"booking_id": booking.pk, "revision": event.change.revision}
    enqueue_all(send_booking_mail, ({**about, "recipient": each.key} for each in recipients(meeting_of(booking))))


def mail_owners(event: ConnectionNeedsReconnect, *, label: str, problem: Problem) -> None:
    """Enqueue one mail for each owner; `label` is the service's name as people write it, `problem` what to do."""
    connection = event.connection
    owners = Membership.objects.filter(account=connection.account_id, role=Membership.Role.OWNER)
    for user_id in owners.values_list("user_id", flat=True):
        words = {"label": label, "what": problem.what, "remedy": problem.remedy}
        enqueue(send_reconnect_mail, connection_id=connection.pk, user_id=user_id, **words)
