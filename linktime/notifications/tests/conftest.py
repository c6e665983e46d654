import pytest
import time_machine

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.notifications.tests.meetings import BOOKED_AT, START


@pytest.fixture
def clock():
    """The moment when the workers work."""
    with time_machine.travel(BOOKED_AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def book(event_type):
    """Books half an hour with alice for Grace."""

    def book(now=BOOKED_AT, start=START, guests=(), **details):
        grace = {"name": "Grace Hopper", "email": "grace@example.com", "phone": "", "time_zone": "America/New_York"}
        invitee = InviteeDetails(**grace | {"locale": "en-US", "notes": ""} | details)
        return actions.book(event_type, start=start, duration=None, invitee=invitee, guests=guests, answers={}, now=now)

    return book
