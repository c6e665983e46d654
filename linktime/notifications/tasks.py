"""Mails, each in a job of its own.

A job whose worker died after sending, before saying so, sends again: with the same Message-ID, which mail programs show
once, and the same calendar entry.
"""

from django.utils import translation

from linktime.accounts.models import User
from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.connections.models import Connection, State
from linktime.core import clock
from linktime.jobs.enqueue import DELIVER, task
from linktime.jobs.post import PATIENCE, post
from linktime.notifications.messages import booking_message, reconnect_message
from linktime.notifications.wording import as_of, recipients, superseded


@task(queue=DELIVER, retry=PATIENCE)
def send_booking_mail(*, booking_id: int, revision: int, recipient: str) -> None:
    """Tell one recipient of one change, unless a newer one has made it pointless (see `wording.superseded`)."""
    booking = Booking.objects.filter(pk=booking_id).first()
    if booking is None:
        return
    meeting = meeting_of(booking)
    if superseded(meeting, revision, now=clock.now()):
        return
    for somebody in recipients(meeting):
        if somebody.key == recipient:
            with translation.override(somebody.language):  # answers such as "Yes" too
                post(booking_message(as_of(meeting_of(booking), revision), somebody))


@task(queue=DELIVER, retry=PATIENCE)
def send_reconnect_mail(*, connection_id: int, user_id: int, label: str) -> None:
    """Tell an owner that a connection needs them, unless somebody has reconnected it in the meantime."""
    connection = Connection.objects.filter(pk=connection_id, state=State.NEEDS_RECONNECT).first()
    owner = User.objects.filter(pk=user_id).first()
    if connection is None or owner is None:
        return
    reason, organisation = connection.error_message, connection.organisation_name
    post(reconnect_message(to=owner.email, label=label, organisation=organisation, reason=reason))
