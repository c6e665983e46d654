"""Workers are killed and paused at the worst moments; Salesforce shows each booking once, in its last state."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from linktime.emulators.testing import EmulatorProcess
from tests.installation import Installation, Story

pytestmark = [pytest.mark.acceptance, pytest.mark.long]

ORGANISATIONS = 16
MOMENTS = ("between calls", "at work", "committed there", "answer on its way")


@pytest.fixture
def places(installation):
    """The installation's account and fifteen more, each with an organisation of its own."""
    installation.connect()
    rest = [installation.neighbour(f"host{number}") for number in range(1, ORGANISATIONS)]
    return [installation, *rest]


def come(emulator: EmulatorProcess, moment: str, patience: float = 20) -> None:
    """Wait for the moment; each but the first comes only while a worker is at work."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        now = emulator.in_flight()
        at_work, done = now["count"] > now["committed"], bool(now["committed"])
        if moment == "answer on its way" and done:
            time.sleep(0.04)  # the answer leaves 50 ms after the commit
        if {"between calls": not now["count"], "at work": at_work}.get(moment, done):
            return
        time.sleep(0.002)


def kill_at(installation: Installation, moment: str) -> datetime:
    """Kill the worker when the moment comes; return when that was."""
    come(installation.emulator, "at work")
    come(installation.emulator, moment)
    killed_at = datetime.now(UTC)
    installation.workers.pop().kill()
    installation.start_worker()
    return killed_at


def in_flight(emulator: EmulatorProcess, moment: datetime) -> bool:
    """Say whether a call was on its way or at work at that moment."""
    calls = [row for row in emulator.requests() if "/services/data/" in row["path"]]
    begun = [(datetime.fromisoformat(row["at"]), timedelta(milliseconds=row["in_flight_ms"])) for row in calls]
    return any(at <= moment <= at + length for at, length in begun)


def check(places: list[Installation], *, seed: int, kills: int, bookings: int) -> None:
    """Kill workers while the story runs, and compare in the end. Most organisations are free after a kill."""
    first = places[0]
    first.emulator.settings(latency_ms=100)
    first.start_worker()
    story, killed = Story(places, seed=seed, bookings=bookings), []
    for number in range(kills):
        while len(story.bookings) < bookings * (number + 1) // kills:
            story.step()
        killed.append(kill_at(first, story.random.choices(MOMENTS, (1, 3, 3, 3))[0]))
    first.quiet(240)
    story.assert_shown()
    hits = sum(in_flight(first.emulator, moment) for moment in killed)
    assert hits >= kills / 2, f"only {hits} of {kills} kills hit a call in flight: this proved nothing"


@pytest.mark.parametrize("seed", [1, 2])
def test_fifty_kills_lose_and_double_nothing(places, seed):
    """A worker killed at fifty moments of 200 bookings leaves one Event for each and one Contact for each invitee."""
    check(places, seed=seed, kills=50, bookings=200)
