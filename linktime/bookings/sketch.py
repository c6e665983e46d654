"""A booking that nobody makes: to show what one would look like."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from linktime.bookings import invitees, meetings
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.models import Booking, BookingChange, BookingHost
from linktime.core.meeting import ChangeKind, Meeting
from linktime.scheduling.locations import location_text
from linktime.scheduling.models import EventType, Place


def sketch(
    event_type: EventType,
    *,
    start: datetime,
    invitee: InviteeDetails,
    guests: Sequence[str],
    answers: Mapping[str, Any],
    now: datetime,
) -> Meeting:
    """Return the meeting that a booking would be, whether or not its time is free. Nothing is kept. Raises Invalid."""
    details = invitees.clean(event_type, invitee, guests, answers)
    booking = Booking(
        event_type=event_type,
        title=event_type.title,
        location=location_text(event_type.location, details["invitee_phone"]),
        start=start,
        end=start + timedelta(minutes=event_type.durations[0]),
        **details,
    )
    booked = BookingChange(kind=ChangeKind.BOOKED, revision=1, at=now)
    return meetings.meeting_from(booking, _hosts(event_type), [booked])


def _hosts(event_type: EventType) -> list[BookingHost]:
    """Return everybody who would meet; of hosts in turn, the first."""
    places = Place.objects.filter(event_type=event_type).select_related("host").order_by("order", "id")
    together = event_type.assignment == EventType.Assignment.COLLECTIVE
    return [BookingHost(host=place.host) for place in (places if together else places[:1])]
