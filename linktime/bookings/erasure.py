"""Forget an invitee: what is removed of their bookings, and what is told to those who keep more of them.

The bookings stay, for hosts to know when they met somebody: without a name, an address, or a word that the invitee
wrote. Nobody's CRM is touched.

    Conflict
    └─ StillAhead     a meeting is still to come: cancel it first, so that everybody hears of it
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from linktime.accounts.models import Account
from linktime.bookings.events import BookingsErased, InviteeErased
from linktime.bookings.models import Booking, BookingChange, Reminder
from linktime.core import text
from linktime.core.errors import Conflict
from linktime.core.events import publish
from linktime.core.faults import Faults

NAME = "Erased invitee"
AT_ONCE = 500
NOTHING = {
    "invitee_name": NAME,
    "invitee_email": "",
    "invitee_phone": "",
    "invitee_time_zone": "UTC",
    "invitee_locale": "",
    "location": "",  # it may be the invitee's number
    "notes": "",
    "guests": [],
    "answers": [],
}


class StillAhead(Conflict):
    code = "meeting_ahead"

    def __init__(self, count: int) -> None:
        meetings = "A meeting with this invitee lies" if count == 1 else f"{count} meetings with this invitee lie"
        super().__init__(f"{meetings} ahead. Cancel first, so that everybody hears of it.")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an address: ids of their `bookings`, how many lie `ahead`, how many more have it as a guest."""

    email: str
    bookings: tuple[int, ...]
    ahead: int
    guest_of: int

    @property
    def nothing(self) -> bool:
        return not self.bookings and not self.guest_of


def look(account: Account, email: str, now: datetime) -> Known:
    """Say what is known of an address in an account. Raises Invalid (field `email`)."""
    email = _clean(email)
    theirs = _of(account, email)
    return Known(
        email, tuple(theirs.values_list("pk", flat=True)), _ahead(theirs, now).count(), len(_with_guest(account, email))
    )


def erase_invitee(account: Account, email: str, now: datetime) -> Known:
    """Forget everybody of this address in an account, as an invitee and as a guest; say what there was.

    Raises Invalid (field `email`) or StillAhead.
    """
    email = _clean(email)
    with transaction.atomic():
        theirs = list(_of(account, email).select_for_update().order_by("pk"))
        ahead = _ahead(_of(account, email), now).count()
        if ahead:
            raise StillAhead(ahead)
        _forget(theirs, now)
        guest_of = _with_guest(account, email)
        for booking in guest_of:
            booking.guests = [guest for guest in booking.guests if guest.lower() != email]
            booking.save(update_fields=["guests"])
        publish(InviteeErased(account=account, email=email))
    return Known(email, tuple(booking.pk for booking in theirs), 0, len(guest_of))


def erase_old(days: int, now: datetime) -> int:
    """Forget the invitees of meetings that ended so many days ago; return how many meetings there were."""
    old = Booking.objects.filter(end__lt=now - timedelta(days=days), erased_at=None).order_by("end")
    count = 0
    while True:
        with transaction.atomic():
            batch = list(old.select_for_update(skip_locked=True)[:AT_ONCE])
            _forget(batch, now)
        count += len(batch)
        if len(batch) < AT_ONCE:
            return count


def _forget(bookings: list[Booking], now: datetime) -> None:
    """Empty locked bookings, and tell who keeps more of them; the caller has the transaction."""
    ids = [booking.pk for booking in bookings]
    Booking.objects.filter(pk__in=ids).update(**NOTHING, erased_at=now)
    BookingChange.objects.filter(booking__in=ids).update(reason="")
    Reminder.objects.filter(booking__in=ids, sent_at=None).delete()
    if ids:
        publish(BookingsErased(ids=tuple(ids), at=now))


def _clean(email: str) -> str:
    with Faults() as faults, faults.at("email"):
        email = text.email(email)
    return email.lower()


def _of(account: Account, email: str) -> QuerySet[Booking]:
    own = Booking.objects.filter(account=account, erased_at=None)
    return own.alias(address=Lower("invitee_email")).filter(address=email)


def _ahead(bookings: QuerySet[Booking], now: datetime) -> QuerySet[Booking]:
    return bookings.filter(status__in=(Booking.Status.PENDING, Booking.Status.CONFIRMED), end__gt=now)


def _with_guest(account: Account, email: str) -> list[Booking]:
    """Return the bookings that somebody else made and this address is a guest of."""
    found = Booking.objects.filter(account=account).extra(
        where=["EXISTS (SELECT FROM jsonb_array_elements_text(guests) guest WHERE lower(guest) = %s)"], params=[email]
    )
    return list(found.order_by("pk"))
