"""Who reacts to what: the one place where events meet their subscribers."""

from linktime.accounts.events import AccountCreated, MemberLeft, PlanChanged
from linktime.bookings.events import BookingChanged
from linktime.connections import directory, plans
from linktime.connections.events import ConnectionNeedsReconnect, ConnectionResumed
from linktime.core import watch
from linktime.core.events import subscribe
from linktime.crm import actions as crm
from linktime.crm import registry
from linktime.notifications import subscribers as notifications
from linktime.scheduling import starter


def connect() -> None:
    """Subscribe everybody; called once, when all apps are loaded."""
    subscribe(AccountCreated, starter.give_starter)
    subscribe(MemberLeft, starter.stop_hosting)
    directory.use(registry.crms, registry.facts)
    watch.name_services(registry.service_of)
    subscribe(PlanChanged, plans.follow_plan)
    subscribe(BookingChanged, crm.want)
    subscribe(BookingChanged, notifications.mail_everybody)
    subscribe(ConnectionResumed, crm.go_on)
    subscribe(ConnectionNeedsReconnect, mail_owners)


def mail_owners(event: ConnectionNeedsReconnect) -> None:
    """Give notifications the service's name: only its manifest knows how it is written."""
    notifications.mail_owners(event, label=registry.facts(event.connection.service).label)
