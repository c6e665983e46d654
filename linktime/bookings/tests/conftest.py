import pytest

from linktime.bookings.events import BookingChanged
from linktime.core import events


@pytest.fixture
def published(monkeypatch):
    """The booking changes that were told to others, in order; nobody else hears of them."""
    changes = []
    monkeypatch.setitem(events._subscribers, BookingChanged, [lambda event: changes.append(event.change)])
    return changes
