"""A worker is stopped in the middle of a drain, taken over, and wakes up."""

import time

import pytest

from tests.installation import assert_salesforce_shows

pytestmark = [pytest.mark.acceptance, pytest.mark.long]


def test_a_paused_worker_writes_nothing_stale(installation):
    """A worker that sleeps for 40 s in the middle of a drain, and wakes, does nothing twice or takes anything back."""
    installation.emulator.settings(latency_ms=300)
    installation.connect()
    sleeper = installation.start_worker()
    bookings = [installation.book(f"invitee{n}@example.com", f"Invitee {n}") for n in range(12)]
    while not installation.emulator.in_flight()["count"]:
        time.sleep(0.01)
    sleeper.pause()
    installation.start_worker()
    moved = [installation.move(booking) for booking in bookings[:6]]
    time.sleep(40)
    sleeper.resume()
    cancelled = [installation.cancel(booking) for booking in moved[:3]]
    installation.quiet(180)
    assert len(cancelled) == 3
    assert_salesforce_shows(installation, bookings)
