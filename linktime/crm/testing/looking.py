"""What cases look at: records here, contacts and meetings there."""

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from linktime.bookings.models import Booking
from linktime.core.meeting import Status
from linktime.crm.models import SyncRecord
from linktime.crm.testing.place import Place
from linktime.crm.testing.stage import Contact, Meeting, Stage


def only[T](rows: Iterable[T]) -> T:
    """Return the one that there is."""
    (row,) = rows
    return row


def record_of(booking: Booking) -> SyncRecord:
    return SyncRecord.objects.get(booking=booking)


def states(bookings: Iterable[Booking]) -> list[str]:
    return [record_of(booking).state for booking in bookings]


def meeting_of(stage: Stage, booking: Booking) -> Meeting:
    """Return the meeting that a booking is linked to, the only one of this id."""
    return only(meeting for meeting in stage.meetings() if meeting.id == record_of(booking).meeting_id)


def contact_of(stage: Stage, meeting: Meeting) -> Contact:
    return only(contact for contact in stage.contacts() if contact.id == meeting.contact_id)


def cost(stage: Stage, act: Callable[[], object]) -> int:
    before = stage.calls_made()
    act()
    return stage.calls_made() - before


def assert_shown(stage: Stage, booking: Booking) -> None:
    """Check that the CRM shows a booking once, as it is now, with its invitee, and that the record says so."""
    booking.refresh_from_db()
    record, meeting = record_of(booking), meeting_of(stage, booking)
    assert (record.state, record.shown_revision, record.attempt) == ("synced", booking.revision, None)
    assert (meeting.status, meeting.start) == (Status(booking.status), booking.start)
    contact = contact_of(stage, meeting)
    assert (record.contact_id, contact.email) == (contact.id, booking.invitee_email.lower())


def synced(place: Place, email: str = "grace@example.com") -> Booking:
    booking = place.book(email)
    place.drain()
    return booking


def as_told(moment: datetime) -> str:
    """Return how a time of the host's, who is in London, is written out."""
    return f"{moment.astimezone(ZoneInfo('Europe/London')):%-d %B %Y, %H:%M}"
