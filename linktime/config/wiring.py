"""Who reacts to what: the one place where events meet their subscribers."""

from linktime.accounts.events import AccountCreated, MemberLeft, PlanChanged
from linktime.api import answers
from linktime.bookings.events import BookingChanged, BookingsErased, BookingWaits, InviteeErased, ReminderDue
from linktime.connections import directory, plans
from linktime.connections.events import ConnectionNeedsReconnect, ConnectionResumed
from linktime.core import watch
from linktime.core.events import subscribe
from linktime.crm import actions as crm
from linktime.crm import erasure, registry, trouble, upkeep
from linktime.crm.events import BookingsHeldUp
from linktime.crm.remedies import remedy_of_connection
from linktime.notifications import digest
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
    subscribe(BookingWaits, notifications.mail_concerned)
    subscribe(ReminderDue, notifications.mail_invitee)
    subscribe(BookingsErased, erasure.forget)
    subscribe(InviteeErased, answers.forget_invitee)
    subscribe(ConnectionResumed, crm.go_on)
    subscribe(ConnectionResumed, upkeep.check_resumed)
    subscribe(ConnectionNeedsReconnect, mail_owners)
    subscribe(BookingsHeldUp, plan_digest)
    digest.use(trouble.between)


def mail_owners(event: ConnectionNeedsReconnect) -> None:
    """Give notifications the service's name, and what to do: only its manifest knows."""
    label, problem = registry.facts(event.connection.service).label, remedy_of_connection(event.connection)
    notifications.mail_owners(event, label=label, problem=problem)


def plan_digest(event: BookingsHeldUp) -> None:
    digest.plan(event.connection.account_id, event.at)
