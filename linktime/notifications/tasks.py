"""Mails, each in a job of its own.

A job whose worker died after sending, before saying so, sends again: with the same Message-ID, which mail programs show
once, and the same calendar entry.
"""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from linktime.accounts.models import Membership, User
from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.connections.models import Connection, State
from linktime.core import clock
from linktime.jobs.enqueue import DELIVER, enqueue, periodic, task
from linktime.jobs.post import PATIENCE, post
from linktime.notifications import digest
from linktime.notifications.messages import booking_message, digest_message, reconnect_message
from linktime.notifications.models import Digest
from linktime.notifications.wording import as_of, recipients, superseded


@task(queue=DELIVER, retry=PATIENCE)
def send_booking_mail(*, booking_id: int, revision: int, recipient: str) -> None:
    """Tell one recipient of one change, unless a newer one has made it pointless (see `wording.superseded`)."""
    booking = Booking.objects.filter(pk=booking_id).first()
    if booking is None or booking.erased_at:
        return
    meeting = meeting_of(booking)
    if superseded(meeting, revision, now=clock.now()):
        return
    for somebody in recipients(meeting):
        if somebody.key == recipient:
            with translation.override(somebody.language):  # answers such as "Yes" too
                post(booking_message(as_of(meeting_of(booking), revision), somebody))


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
