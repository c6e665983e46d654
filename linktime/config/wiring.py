"""Who reacts to what: the one place where events meet their subscribers."""

from linktime.accounts.events import AccountCreated, MemberLeft
from linktime.bookings.events import BookingChanged
from linktime.connections.events import ConnectionNeedsReconnect
from linktime.core.events import subscribe
from linktime.crm import registry
from linktime.notifications import subscribers as notifications
from linktime.scheduling import starter


def connect() -> None:
    """Subscribe everybody; called once, when all apps are loaded."""
    subscribe(AccountCreated, starter.give_starter)
    subscribe(MemberLeft, starter.stop_hosting)
    subscribe(BookingChanged, notifications.mail_everybody)
    subscribe(ConnectionNeedsReconnect, mail_owners)


def mail_owners(event: ConnectionNeedsReconnect) -> None:
    """Give notifications the service's name: only its manifest knows how it is written."""
    notifications.mail_owners(event, label=registry.facts(event.connection.service).label)
