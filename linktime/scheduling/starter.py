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
    """Take the leaver's event types off the page; what is booked stays booked."""
    EventType.objects.filter(account=event.account, host=event.user).update(active=False)
