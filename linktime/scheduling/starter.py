"""What a new account begins with, so that its first page can be booked at once, and what a leaver leaves."""

from linktime.accounts.access import Actor
from linktime.accounts.events import AccountCreated, MemberLeft
from linktime.accounts.models import Membership
from linktime.scheduling import event_types
from linktime.scheduling.models import EventType

INTRO_CALL = {"slug": "intro-call", "title": "Intro call", "durations": [30], "window": {"kind": "rolling", "days": 60}}


def give_starter(event: AccountCreated) -> None:
    """Make working hours in the owner's time zone, and an event type that offers them."""
    owner = Actor(account=event.account, user=event.owner, role=Membership.Role.OWNER)
    event_types.create(owner, INTRO_CALL)


def stop_hosting(event: MemberLeft) -> None:
    """Let the other hosts go on without a leaver, and take off the page what has no others; what is booked stays."""
    for event_type in EventType.objects.filter(account=event.account, places__host=event.user):
        remaining = list(event_type.places.exclude(host=event.user).order_by("order", "id"))
        if remaining:
            event_type.places.filter(host=event.user).delete()
            event_type.host_id, event_type.schedule_id = remaining[0].host_id, remaining[0].schedule_id
        else:
            event_type.active = False
        event_type.save(update_fields=["host", "schedule", "active"])
