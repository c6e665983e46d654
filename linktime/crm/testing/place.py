"""An account that can be booked at any hour, with the CRMs that it is connected to."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from linktime.accounts.access import Actor
from linktime.accounts.models import Account, Membership, Plan, User
from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.models import Booking
from linktime.connections import oauth
from linktime.connections.facts import Identity
from linktime.connections.models import Connection
from linktime.core.clock import now
from linktime.crm import claim, engine, registry
from linktime.crm.models import Organisation
from linktime.scheduling import event_types, schedules
from linktime.scheduling.models import EventType

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ROUND_THE_CLOCK = [{"days": EVERY_DAY, "start": "00:00", "end": "24:00"}]
MOST_DRAINS = 20


def later(**ahead: float) -> Callable[[], datetime]:
    """Return a clock that is ahead by so much."""
    return lambda: now() + timedelta(**ahead)


def drain(clock: Callable[[], datetime] = now) -> None:
    """Do here what workers would do, until nothing is due."""
    for organisation in Organisation.objects.all():
        for _ in range(MOST_DRAINS):
            engine.drain(organisation.pk, clock)
            if not claim.more_is_due(organisation.pk, clock()):
                break


class Place:
    """A host in London with an event type of half an hour. Times of bookings are handed out one after the other.

    `connection` is the one that was made last.
    """

    connection: Connection

    def __init__(self, account: Account, user: User) -> None:
        self.account, self.user = account, user
        self.event_type = self._event_type(user, "any-time")
        self._slot = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)

    @classmethod
    def opened(cls, handle: str) -> Self:
        """Return the place of a new account."""
        account = Account.objects.create(name=handle, handle=handle, plan=Plan.PRO)
        return cls(account, _member(account, handle, Membership.Role.OWNER))

    def take_grant(self, crm: str, grant: Mapping[str, Any], *, url: str) -> Connection:
        """Connect a CRM by a token answer that needed no consent page; `organisation` in it says whose it is."""
        self.connection = oauth.store_grant(
            self.account,
            self.user,
            registry.facts(crm),
            token_answer=grant,
            identity=Identity(str(grant["organisation"]), "Test organisation", "production"),
            login_url=url,
            now=now(),
        )
        return self.connection

    def drain(self, clock: Callable[[], datetime] = now) -> None:
        drain(clock)

    def free_slot(self) -> datetime:
        """Return a time that nobody has."""
        self._slot += timedelta(minutes=30)
        return self._slot

    def book(self, email: str, name: str = "Grace Hopper", **details: Any) -> Booking:
        return self._book(self.event_type, self.free_slot(), email, name, details)

    def book_beside(self, other: Booking, email: str, name: str = "Grace Hopper", **details: Any) -> Booking:
        """Book a colleague at the time of another booking."""
        handle = f"beside-{other.pk}"
        colleague = _member(self.account, handle, Membership.Role.MEMBER)
        return self._book(self._event_type(colleague, handle), other.start, email, name, details)

    def move(self, booking: Booking) -> Booking:
        current = Booking.objects.get(pk=booking.pk)
        return actions.reschedule(current, start=self.free_slot(), reason="", now=now())

    def cancel(self, booking: Booking) -> Booking:
        return actions.cancel(Booking.objects.get(pk=booking.pk), reason="ill", now=now())

    def no_show(self, booking: Booking) -> Booking:
        """Mark that the invitee did not come, which is known when the meeting has begun."""
        current = Booking.objects.get(pk=booking.pk)
        return actions.mark_no_show(current, reason="", now=current.start)

    def _book(self, event_type: EventType, start: datetime, email: str, name: str, details: dict[str, Any]) -> Booking:
        values = {"phone": "", "time_zone": "Europe/Berlin", "locale": "en", "notes": ""} | details
        return actions.book(
            event_type,
            start=start,
            duration=None,
            invitee=InviteeDetails(name=name, email=email, **values),
            guests=[],
            answers={},
            now=datetime.now(UTC),
        )

    def _event_type(self, host: User, slug: str) -> EventType:
        actor = Actor(account=self.account, user=host, role=Membership.Role.OWNER)
        hours = schedules.create(actor, {"name": "Always", "time_zone": "UTC", "weekly": ROUND_THE_CLOCK})
        window = {"kind": "rolling", "days": 365}
        values = {"slug": slug, "title": "Intro call", "durations": [30], "window": window, "schedule_id": hours.pk}
        return event_types.create(actor, values)


def _member(account: Account, handle: str, role: str) -> User:
    user = User.objects.create_user(f"{handle}@host.example.com", None, name="Ada Lovelace", time_zone="Europe/London")
    Membership.objects.create(account=account, user=user, role=role)
    return user
