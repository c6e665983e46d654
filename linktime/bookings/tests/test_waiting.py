"""Bookings that wait: for the email address to be confirmed, for the host to accept."""

from datetime import timedelta

import pytest

from linktime.bookings import waiting
from linktime.bookings.actions import AlreadyCancelled, AlreadyDeclined, NotBegun, cancel, mark_no_show, reschedule
from linktime.bookings.availability import offered
from linktime.bookings.conflicts import AlreadyConfirmed, NotVerified, SlotTaken
from linktime.bookings.events import BookingChanged, BookingWaits
from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.connections.models import Connection
from linktime.core import events
from linktime.core.errors import NotFound
from linktime.core.meeting import ChangeKind
from linktime.crm.models import SyncRecord
from tests import jobs
from tests.people import NOW, make_event_type

from .making import HALF_AN_HOUR, MONDAY_NINE, take

MAIL = "linktime.notifications.tasks.send_booking_mail"
SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def told(monkeypatch):
    """What others were told, by kind of event, besides those who listen anyway."""
    found = {BookingChanged: [], BookingWaits: []}
    for kind, kinds in found.items():
        listeners = [*events._subscribers[kind], lambda event, kinds=kinds: kinds.append(event.change.kind)]
        monkeypatch.setitem(events._subscribers, kind, listeners)
    return found


@pytest.fixture
def crm(alice):
    """A CRM that has to hear of every meeting, and of nothing else."""
    return Connection.objects.create(
        account=alice.account, service="salesforce", organisation_key="00D", organisation_name="Acme",
        environment="sandbox", login_url="https://test.salesforce.com", api_url="https://acme.my.salesforce.com",
        client_id="id", connected_at=NOW,
    )  # fmt: skip


def wanting(alice, *, approval=False, verification=False):
    return make_event_type(alice, requires_approval=approval, requires_verification=verification)


def heard_of(booking):
    """Whether any CRM or mailbox heard of a booking."""
    return SyncRecord.objects.filter(booking=booking).exists() or bool(jobs.waiting(MAIL))


def kinds(booking):
    return list(booking.changes.values_list("kind", "revision"))


def test_until_the_host_accepts_nobody_hears_of_it(alice, crm, told):
    """Its time is taken; then it looks like any new booking."""
    booking = take(wanting(alice, approval=True))
    assert (booking.status, booking.waits_for, booking.expires_at) == ("pending", "host", NOW + waiting.HOSTS_TIME)
    assert (heard_of(booking), told) == (False, {BookingChanged: [], BookingWaits: ["requested"]})
    with pytest.raises(SlotTaken):
        take(booking.event_type)

    accepted = waiting.accept(booking, now=SOON)
    assert (accepted.status, accepted.waits_for, accepted.expires_at) == ("confirmed", "", None)
    assert kinds(booking) == [("requested", 1), ("confirmed", 2)]
    assert told[BookingChanged] == ["confirmed"]
    assert SyncRecord.objects.get(booking=booking).wanted_revision == 2
    assert {job.args["recipient"] for job in jobs.waiting(MAIL)} == {"invitee", "host-0"}
    assert [(change.kind, change.revision) for change in meeting_of(accepted).history] == [(ChangeKind.BOOKED, 2)]


def test_the_email_address_is_confirmed_first(alice, crm, told):
    """Both conditions: the host can't accept before the invitee has shown that the address is theirs."""
    booking = take(wanting(alice, approval=True, verification=True))
    assert (booking.waits_for, booking.expires_at) == ("invitee", NOW + waiting.INVITEES_TIME)
    with pytest.raises(NotVerified):
        waiting.accept(booking, now=SOON)
    verified = waiting.verify(booking, token=waiting.token_of(booking), now=SOON)
    assert (verified.status, verified.waits_for, verified.expires_at) == ("pending", "host", SOON + waiting.HOSTS_TIME)
    assert not heard_of(booking)
    waiting.accept(booking, now=SOON)
    assert kinds(booking) == [("requested", 1), ("verified", 2), ("confirmed", 3)]
    assert (told[BookingWaits], told[BookingChanged]) == (["requested", "verified"], ["confirmed"])


def test_where_no_host_has_to_accept_the_invitee_confirms(alice, crm):
    """A click on the link in the mail makes the meeting."""
    booking = take(wanting(alice, verification=True))
    assert waiting.verify(booking, token=waiting.token_of(booking), now=SOON).status == "confirmed"
    assert heard_of(booking)
    with pytest.raises(AlreadyConfirmed):
        waiting.verify(booking, token=waiting.token_of(booking), now=SOON)


def test_only_the_mail_has_the_token(alice):
    """Neither a made-up token nor that of another booking will do."""
    booking = take(wanting(alice, verification=True))
    other = take(booking.event_type, MONDAY_NINE + HALF_AN_HOUR)
    for token in ("", "x", waiting.token_of(other), booking.uid):
        with pytest.raises(NotFound):
            waiting.verify(booking, token=token, now=SOON)


def test_a_declined_booking_frees_its_time_and_is_never_told(alice, crm, told):
    """It stays as it is."""
    booking = take(wanting(alice, approval=True))
    declined = waiting.decline(booking, reason="On leave", now=SOON)
    assert (declined.status, declined.changes.last().reason) == ("declined", "On leave")
    take(booking.event_type)
    for change in (
        lambda: waiting.accept(booking, now=SOON),
        lambda: cancel(booking, reason="", now=SOON),
        lambda: reschedule(booking, start=MONDAY_NINE + HALF_AN_HOUR, reason="", now=SOON),
        lambda: mark_no_show(booking, reason="", now=booking.start),
    ):
        with pytest.raises(AlreadyDeclined):
            change()
    assert (heard_of(booking), told[BookingChanged]) == (False, [])


def test_what_nobody_confirms_in_time_expires(alice, crm, told):
    """To the second; from then on it can't be accepted any more, swept or not."""
    booking = take(wanting(alice, approval=True))
    assert waiting.expire_due(booking.expires_at - timedelta(seconds=1)) == 0
    with pytest.raises(AlreadyDeclined):
        waiting.accept(booking, now=booking.expires_at)
    assert waiting.expire_due(booking.expires_at) == 1
    assert waiting.expire_due(booking.expires_at) == 0
    booking.refresh_from_db()
    assert (booking.status, kinds(booking)[-1]) == ("declined", ("expired", 2))
    assert (heard_of(booking), told[BookingChanged]) == (False, [])
    day = MONDAY_NINE.replace(hour=0)
    slots = offered(booking.event_type, start=day, end=day + timedelta(days=1), duration=None, now=NOW)
    assert slots[0].start == MONDAY_NINE


def test_it_waits_until_the_meeting_at_the_longest(alice):
    """Also after a move."""
    now = MONDAY_NINE - timedelta(minutes=40)
    booking = take(wanting(alice, approval=True), now=now)
    assert booking.expires_at == MONDAY_NINE
    booking = take(booking.event_type, MONDAY_NINE + timedelta(hours=6), now=now)
    moved = reschedule(booking, start=MONDAY_NINE + HALF_AN_HOUR, reason="", now=now)
    assert (moved.status, moved.expires_at) == ("pending", MONDAY_NINE + HALF_AN_HOUR)


def test_one_that_waits_can_be_moved_and_cancelled_quietly(alice, crm, told):
    """Nothing of it is told, and once accepted its history begins there."""
    booking = take(wanting(alice, approval=True))
    moved = reschedule(booking, start=MONDAY_NINE + HALF_AN_HOUR, reason="", now=SOON)
    with pytest.raises(NotBegun):
        mark_no_show(moved, reason="", now=moved.start)
    accepted = waiting.accept(moved, now=SOON)
    assert [(change.kind, change.revision) for change in meeting_of(accepted).history] == [(ChangeKind.BOOKED, 3)]
    other = take(booking.event_type, MONDAY_NINE + timedelta(hours=4))
    cancelled = cancel(other, reason="", now=SOON)
    with pytest.raises(AlreadyCancelled):
        waiting.accept(cancelled, now=SOON)
    assert told[BookingChanged] == ["confirmed"]
    assert not SyncRecord.objects.filter(booking=other).exists()


def test_bookings_that_never_became_meetings_are_not_agreed(alice):
    """Whoever goes through past bookings finds the real ones."""
    event_type = wanting(alice, approval=True)
    pending, declined, confirmed = (take(event_type, MONDAY_NINE + step * HALF_AN_HOUR) for step in range(3))
    waiting.decline(declined, reason="", now=SOON)
    waiting.accept(confirmed, now=SOON)
    assert list(Booking.objects.agreed()) == [confirmed]
    assert pending in Booking.objects.all()
