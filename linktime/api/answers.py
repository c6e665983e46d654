"""How long answers to repeated requests are kept, and who may have them deleted."""

from datetime import datetime, timedelta

from linktime.api.models import IdempotentAnswer
from linktime.bookings.events import InviteeErased

KEPT = timedelta(hours=24)


def forget_invitee(event: InviteeErased) -> None:
    """Delete the answers that name an invitee who was erased."""
    IdempotentAnswer.objects.filter(account=event.account, body__icontains=event.email).delete()


def forget_expired(now: datetime) -> int:
    """Delete the answers that are a day old; return how many there were."""
    return IdempotentAnswer.objects.filter(at__lte=now - KEPT).delete()[0]
