"""Workers are killed and paused at the worst moments; Salesforce shows each booking once, in its last state."""

import threading
import time

import pytest
from django.db import connection

from tests.installation import Installation, Story, assert_salesforce_shows

pytestmark = pytest.mark.acceptance

MOMENTS = ("before a call", "in flight", "committed there", "answer on its way")


def kill_at(installation: Installation, moment: str) -> bool:
    """Kill the worker when the moment comes (a quiet time counts as any); return whether a call was in flight."""
    emulator, worker = installation.emulator, installation.workers.pop()
    end = time.monotonic() + 3
    while time.monotonic() < end:
        now = emulator.in_flight()
        if moment == "before a call" and not now["count"]:
            break
        if moment == "in flight" and now["count"] > now["committed"]:
            break
        if moment == "committed there" and now["committed"]:
            break
        if moment == "answer on its way" and now["committed"]:
            time.sleep(0.048)  # the answer leaves 50 ms after the commit
            break
    worker.kill()
    in_flight = bool(emulator.in_flight()["count"])
    installation.start_worker()
    return in_flight


def kill_through(installation: Installation, *, seed: int, kills: int, bookings: int) -> tuple[Story, int]:
    """Kill workers while a story runs; return it with the number of kills that hit a call in flight."""
    installation.emulator.settings(latency_ms=100)
    installation.connect()
    installation.start_worker()
    story = Story(installation, seed=seed, bookings=bookings)
    hits = 0
    steps = threading.Thread(target=live, args=(story, kills))
    steps.start()
    for _ in range(kills):
        time.sleep(story.random.uniform(0.8, 2.0))
        weights = (1, 3, 3, 3)
        hits += kill_at(installation, story.random.choices(MOMENTS, weights)[0])
    steps.join()
    return story, hits


def live(story: Story, kills: int) -> None:
    """Spread the story over the time that the kills take."""
    pause = kills * 2.0 / (story.wanted * 2)
    while not story.over:
        story.step()
        time.sleep(pause)
    connection.close()


def check(installation: Installation, *, seed: int, kills: int, bookings: int) -> None:
    story, hits = kill_through(installation, seed=seed, kills=kills, bookings=bookings)
    installation.quiet(240)
    assert_salesforce_shows(installation.emulator, story.bookings)
    assert hits >= kills / 2, f"only {hits} of {kills} kills hit a call in flight: this proved nothing"


def test_ten_kills_lose_and_double_nothing(installation):
    """A worker killed at ten moments of sixty bookings leaves one Event for each and one Contact for each invitee."""
    check(installation, seed=10, kills=10, bookings=60)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_fifty_kills_lose_and_double_nothing(installation, seed):
    """The same with fifty kills and two hundred bookings."""
    check(installation, seed=seed, kills=50, bookings=200)


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
    assert_salesforce_shows(installation.emulator, bookings)
