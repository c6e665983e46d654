"""A storm: people book and change their minds while everything that can fail does, then it is quiet, then a check."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection

from linktime.crm.models import SyncRecord
from linktime.emulators.testing import EmulatorProcess
from tests.acceptance.storm import moments
from tests.acceptance.storm.checker import Bystanders, faults_of
from tests.acceptance.storm.life import Lives
from tests.acceptance.storm.nursery import Haste, Nursery, Worker
from tests.acceptance.storm.places import CRMS, Home, Person, database_is_there
from tests.acceptance.storm.server import Server
from tests.acceptance.storm.weather import LOST_REFRESH, Weather
from tests.acceptance.storm.website import Website

PATIENCE = 10
ONCE = ("web server killed", "PostgreSQL restarted", "two versions at once", "clock jumped", "worker paused")


@dataclass(frozen=True)
class Size:
    """`rounds` is how often all happens that happens once, and how often every kind of weather is made everywhere."""

    accounts: int
    bookings: int
    changes: int
    kills: int
    haste: Haste = field(default_factory=Haste)
    rounds: int = 1


@dataclass
class Ground:
    """Where it all happens."""

    server: Server
    emulator: EmulatorProcess
    nursery: Nursery
    website: Website
    homes: list[Home]
    bystanders: Bystanders

    def organisations(self) -> dict[str, dict[str, list[Home]]]:
        """Return by CRM and organisation who is connected to it."""
        found: dict[str, dict[str, list[Home]]] = {crm: defaultdict(list) for crm in CRMS}
        for home in self.homes:
            for crm, organisation in home.organisations.items():
                found[crm][organisation].append(home)
        return found


class Storm:
    """`struck` counts what was done to processes and grants, `weather` what befell calls."""

    def __init__(self, ground: Ground, size: Size, seed: int) -> None:
        self.ground, self.size = ground, size
        self.random = random.Random(seed)
        self.weather = Weather(ground.emulator, size.haste.call, self.random)
        self.person = Person(ground.homes)
        self.lives = Lives(ground.homes, ground.website.port, seed, size.bookings, size.changes)
        self.struck: Counter[str] = Counter()
        self.killed: list = []
        self.sleepers: list[tuple[float, Worker]] = []
        self.worker = ground.nursery.start()

    def rage(self) -> None:
        """Let people live, and everything strike, each in its turn."""
        self.lives.start()
        acts = self._acts()
        for done, act in enumerate(acts, 1):
            act()
            self._look_around()
            self.lives.go_on(done / len(acts))
        self.lives.join()

    def calm_down(self, seconds: float) -> float:
        """End all trouble, and wait until nothing is left to do; return how long that took."""
        begun = time.monotonic()
        self.weather.clear_up()
        while self.sleepers or _left().exists():
            self._look_around()
            time.sleep(0.25)
            assert time.monotonic() - begun < seconds, f"not quiet after {seconds} s: {_described()}"
        return time.monotonic() - begun

    def report(self) -> dict[str, int]:
        """Count how often each kind of trouble struck; a kind that never did is there with 0."""
        counts = self.struck + self.weather.struck + Counter({"reconnected by a person": self.person.reconnected})
        kinds = [*self.weather.kinds, *ONCE, "worker killed", "grant revoked", "token ended", LOST_REFRESH]
        return {kind: counts[kind] for kind in [*kinds, "reconnected by a person"]}

    def faults(self) -> list[str]:
        """Compare every organisation with what was booked by those who are connected to it."""
        found = self.ground.bystanders.changed()
        for crm, organisations in self.ground.organisations().items():
            for organisation, homes in organisations.items():
                meetings = [meeting for home, meeting in self.lives.meetings if home in homes]
                found += faults_of(self.ground.emulator, crm, organisation, meetings)
        return found

    def hits(self) -> int:
        return moments.hits(self.ground.emulator, self.killed)

    def _acts(self) -> list[Callable[[], None]]:
        """Return what happens, in the order of this seed."""
        once = [self._kill_website, self._restart_postgresql, self._roll, self._jump, self._pause]
        acts = [*once, self._revoke, self._lose_refreshes] * self.size.rounds
        acts += [self._kill] * self.size.kills + [self._blow] * (len(self.weather.programme) * self.size.rounds)
        self.random.shuffle(acts)
        return acts

    def _look_around(self) -> None:
        """Do what a person would about grants; wake who has slept for longer than the lease."""
        self.person.look()
        for since, sleeper in list(self.sleepers):
            if time.monotonic() - since > self.size.haste.lease + 2:
                sleeper.resume()
                self.sleepers.remove((since, sleeper))
                self.struck["worker paused"] += 1

    def _come(self, patience: float = 2) -> None:
        moments.come(self.ground.emulator, self.random, patience)

    def _blow(self) -> None:
        self.weather.blow()
        time.sleep(0.1)

    def _kill(self) -> None:
        self._come()
        self.killed.append(moments.now())
        self.worker.kill()
        self.worker = self.ground.nursery.start()
        self.struck["worker killed"] += 1

    def _kill_website(self) -> None:
        self.ground.website.kill_and_start()
        self.struck["web server killed"] += 1

    def _restart_postgresql(self) -> None:
        with database_is_there:
            connection.close()
            self.ground.server.restart()
        self.struck["PostgreSQL restarted"] += 1

    def _roll(self) -> None:
        """Replace the worker by one of another version, let both work for a moment, and go back."""
        for older in (True, False):
            self.worker, before = self.ground.nursery.start(older=older), self.worker
            self._come()
            before.end()
        self.struck["two versions at once"] += 1

    def _jump(self) -> None:
        """Go on with a worker whose clock is an hour ahead, then with one that is an hour behind."""
        for ahead in (3600, -3600):
            self.worker.kill()
            self.worker = self.ground.nursery.start(ahead=ahead)
            self._come()
        self.worker.kill()
        self.worker = self.ground.nursery.start()
        self.struck["clock jumped"] += 1

    def _pause(self) -> None:
        self._come()
        self.worker.pause()
        self.sleepers.append((time.monotonic(), self.worker))
        self.worker = self.ground.nursery.start()

    def _revoke(self) -> None:
        self.weather.revoke(self.random.choice(CRMS))
        self.struck["grant revoked"] += 1

    def _lose_refreshes(self) -> None:
        """Nothing else happens until one is lost: later, the tokens may have been renewed."""
        before = self.weather.struck[LOST_REFRESH]
        self.weather.lose_refreshes({crm: list(found) for crm, found in self.ground.organisations().items()})
        end = time.monotonic() + PATIENCE
        while self.weather.struck[LOST_REFRESH] == before and time.monotonic() < end:
            time.sleep(0.2)


def _left():
    undone = SyncRecord.objects.exclude(state=SyncRecord.State.SYNCED)
    return undone | SyncRecord.objects.filter(recheck_at__isnull=False)


def _described() -> list:
    names = ("id", "connection__service", "state", "due_at", "tries", "error_code", "error_message", "attempt")
    return [
        _left().count(),
        *_left().values(*names, "recheck_at", "organisation__retry_at", "organisation__live_from")[:4],
    ]
