"""What `bookings` tells the rest, through `core.events`."""

from dataclasses import dataclass

from linktime.bookings.models import BookingChange


@dataclass(frozen=True, slots=True)
class BookingChanged:
    """A booking was made, moved or cancelled; published in the transaction that does it."""

    change: BookingChange
