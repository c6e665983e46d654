"""What `bookings` tells the rest, through `core.events`, in the transaction in which it happens."""

from dataclasses import dataclass
from datetime import datetime

from linktime.accounts.models import Account
from linktime.bookings.models import BookingChange, Reminder


@dataclass(frozen=True, slots=True)
class BookingChanged:
    """A meeting was made (`booked`, or `confirmed` after it waited), moved, cancelled or missed."""

    change: BookingChange


@dataclass(frozen=True, slots=True)
class BookingWaits:
    """Something happened to a booking that is no meeting yet, and may never be one.

    `requested` and `verified`: it waits now for `change.booking.waits_for`. Also `rescheduled`, and its ends without a
    meeting: `declined`, `expired`, `cancelled`. No CRM and no calendar hears of it. `waits_for` says for whom it waits,
    or did until it ended (one of `Booking.WaitsFor`).
    """

    change: BookingChange
    waits_for: str


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """A reminder of a confirmed meeting, or a follow-up to one, is to go out now; told once."""

    reminder: Reminder


@dataclass(frozen=True, slots=True)
class BookingsErased:
    """Nothing of these bookings says any more who the invitee was; whoever keeps more of them forgets it now."""

    ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class InviteeErased:
    """An account has forgotten whoever had this address (in lower case); their bookings are told of apart."""

    account: Account
    email: str
