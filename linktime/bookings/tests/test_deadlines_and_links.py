"""Until when an invitee may change a meeting, and links that work once."""

from datetime import timedelta

import pytest

from linktime.bookings.actions import SlotTaken, TooLate, cancel, reschedule
from linktime.scheduling import links
from linktime.scheduling.links import LinkNeeded, LinkUsed
from tests.people import NOW, make_event_type

from .making import HALF_AN_HOUR, MONDAY_NINE, take

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def move(booking, now, **who):
    return reschedule(booking, start=booking.start + 2 * HOUR, reason="", now=now, **who)


def test_an_invitee_moves_and_cancels_until_the_deadlines(alice):
    """To the second; the host always may."""
    event_type = make_event_type(alice, reschedule_deadline=120, cancel_deadline=60)
    booking = take(event_type)
    with pytest.raises(TooLate) as caught:
        move(booking, MONDAY_NINE - 2 * HOUR + SECOND)
    assert caught.value.code == "too_late"
    with pytest.raises(TooLate):
        cancel(booking, reason="", now=MONDAY_NINE - HOUR + SECOND)
    assert move(booking, MONDAY_NINE - 2 * HOUR).revision == 2
    booking.refresh_from_db()
    assert move(booking, booking.start - SECOND, by_host=True).revision == 3
    booking.refresh_from_db()
    assert cancel(booking, reason="", now=booking.start - SECOND, by_host=True).cancelled


def test_a_deadline_of_nothing_is_the_start(alice):
    """None means as long as the meeting lasts; 0 means until it begins."""
    booking = take(make_event_type(alice, cancel_deadline=0))
    with pytest.raises(TooLate):
        cancel(booking, reason="", now=booking.start + SECOND)
    assert cancel(booking, reason="", now=booking.start).cancelled


def test_a_link_books_once(event_type):
    """A booking that does not come about leaves it as it was."""
    link = links.create(event_type, NOW)
    take(event_type)
    with pytest.raises(SlotTaken):
        take(event_type, link=link.token)
    link.refresh_from_db()
    assert link.used_at is None
    take(event_type, MONDAY_NINE + HALF_AN_HOUR, link=link.token)
    with pytest.raises(LinkUsed):
        take(event_type, MONDAY_NINE + 2 * HALF_AN_HOUR, link=link.token)
    assert links.find(event_type, link.token).used_at == NOW


def test_a_link_is_for_its_event_type(alice, event_type):
    """Another one's does not open it, nor does a made-up one."""
    private = make_event_type(alice, slug="private", visibility="link_only")
    for token in (links.create(event_type, NOW).token, "made-up"):
        with pytest.raises(LinkUsed):
            take(private, link=token)
    with pytest.raises(LinkNeeded):
        take(private)
    take(private, link=links.create(private, NOW).token)


def test_whoever_has_the_address_books_what_is_hidden(alice):
    """Hidden means not listed."""
    take(make_event_type(alice, visibility="hidden"))
