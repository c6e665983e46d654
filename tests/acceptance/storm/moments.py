"""When a worker is killed, and whether that met a call on its way."""

import random
import time
from datetime import UTC, datetime, timedelta

from linktime.emulators.testing import EmulatorProcess
from tests.acceptance.storm.places import CRMS
from tests.acceptance.storm.weather import CALLS

MOMENTS = ("between calls", "at work", "committed there", "answer on its way")


def come(emulator: EmulatorProcess, chance: random.Random, patience: float) -> None:
    """Wait for one of the moments, seldom for one between calls."""
    wanted, end = chance.choices(MOMENTS, (1, 3, 3, 3))[0], time.monotonic() + patience
    while time.monotonic() < end:
        flights = [emulator.at(crm).in_flight() for crm in CRMS]
        count, done = (sum(flight[name] for flight in flights) for name in ("count", "committed"))
        if wanted == "answer on its way" and done:
            time.sleep(0.04)  # the answer leaves 50 ms after the commit
        if {"between calls": not count, "at work": count > done}.get(wanted, done):
            return
        time.sleep(0.005)


def hits(emulator: EmulatorProcess, moments: list[datetime]) -> int:
    """Count the moments at which a call was on its way or at work."""
    calls = [row for crm in CRMS for row in emulator.at(crm).requests() if CALLS[crm] in row["path"]]
    spans = [(datetime.fromisoformat(row["at"]), timedelta(milliseconds=row["in_flight_ms"])) for row in calls]
    return sum(any(at <= moment <= at + length for at, length in spans) for moment in moments)


def now() -> datetime:
    return datetime.now(UTC)
