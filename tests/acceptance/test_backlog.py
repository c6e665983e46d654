"""A worker dies in the middle of a backlog to Salesforce: nothing is lost, nothing comes twice."""

import pytest

from tests.installation import assert_salesforce_shows, wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.long]


def at_work(emulator, number):
    """Say whether the composite of this number is on its way."""
    calls = [row for row in emulator.requests() if row["path"].endswith("/composite")]
    return len(calls) == number and calls[-1]["outcome"] == "working"


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_worker_killed_at_any_step_of_a_backlog(installation, step, committed):
    """While a call is on its way, before Salesforce has done it or after."""
    emulator = installation.emulator
    installation.connect()
    emulator.settings(latency_ms=500)
    bookings = [installation.book(f"invitee{n}@example.com", f"Invitee N{n}") for n in range(30)]
    bookings += [installation.book("Invitee0@Example.com", "Invitee N0") for _ in range(3)]
    installation.start_worker()
    wait_until(lambda: at_work(emulator, step), 30, f"call {step}")
    if committed:
        wait_until(lambda: emulator.in_flight()["committed"], 5, "committed there")
    installation.workers.pop().kill()
    installation.start_worker()
    installation.quiet(150)
    assert_salesforce_shows(installation, bookings)
