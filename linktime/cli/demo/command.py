"""`linktime demo`: everything on one machine, started side by side, watched, and stopped together.

Linux ends the processes with us even when we are killed (`orphans.py`); everything else is ended here.
"""

import contextlib
import fcntl
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from linktime.cli import folder, ports
from linktime.cli.demo import answers
from linktime.cli.demo.child import Child, end_all
from linktime.cli.demo.fingerprint import is_prepared
from linktime.cli.demo.wishes import Wishes
from linktime.cli.problems import Stop
from linktime.config import embedded

__all__ = ["Wishes", "run"]

PATIENCE = 90.0  # seconds until everything answers
GRACE = 8.0  # seconds that processes get to end
TICK = 0.2
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LINKTIME = [sys.executable, "-m", "linktime.cli"]


class Told(BaseException):
    """Somebody told the demo to end."""


def run(wishes: Wishes) -> None:
    """Run the demo until it is told to end."""
    wishes = _at_home(wishes)
    with _alone(wishes), _listening():
        demo = Demo(wishes)
        try:
            demo.start()
            demo.watch()
        except Told:
            print("Stopping.", flush=True)
        finally:
            _ignore_signals()
            demo.stop()


def _at_home(wishes: Wishes) -> Wishes:
    """Open the data folder, and check what can be checked before anything is started."""
    data = wishes.data.resolve()
    wishes = Wishes(data, wishes.host, wishes.port, wishes.emulator_port, wishes.fresh)
    if wishes.port == wishes.emulator_port:
        raise Stop(f"Port {wishes.port} can't serve both; choose another one with --emulator-port.")
    folder.opened(data)
    return wishes


@contextlib.contextmanager
def _alone(wishes: Wishes) -> Iterator[None]:
    """Have the data folder for ourselves; the lock goes with us, however we end."""
    with (wishes.data / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Stop(f"A demo is running in {wishes.data} already. Stop it, or choose another --data.") from error
        ports.require_free(wishes.host, wishes.port, "--port")
        ports.require_free(wishes.host, wishes.emulator_port, "--emulator-port")
        if wishes.fresh:
            folder.empty(wishes.data, keep=("demo.lock",))
        yield


@contextlib.contextmanager
def _listening() -> Iterator[None]:
    before = {number: signal.signal(number, _tell) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(_number: int, _frame: FrameType | None) -> None:
    raise Told


def _ignore_signals() -> None:
    """Let nothing break off the stopping, which is short: impatient people press Ctrl-C twice."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


class Demo:
    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        wishes.demo_json.unlink(missing_ok=True)
        for path in (wishes.mail, wishes.logs):
            path.mkdir(exist_ok=True)
        environment = wishes.environment
        host, store = wishes.host, str(wishes.data / "emulators.json")

        def child(name: str, *command: str) -> Child:
            return Child(name, list(command), environment, wishes.logs / f"{name}.log")

        emulators = [sys.executable, "-m", "linktime.emulators", "--host", host, "--port", str(wishes.emulator_port)]
        self.emulator = child("emulator", *emulators, "--mail", str(wishes.mail), "--store", store)
        serve = ["serve", "--host", host, "--port", str(wishes.port), "--workers", "1"]
        self.web = child("web", *LINKTIME, *serve)
        self.worker = child("worker", *LINKTIME, "work")
        self.preparation = child("prepare", sys.executable, "-m", "linktime.cli.demo.prepare")
        self.postgres = Child(
            "postgres", embedded.command(wishes.postgres), environment, wishes.logs / "postgres.log", signal.SIGINT
        )

    @property
    def lasting(self) -> list[Child]:
        return [self.postgres, self.emulator, self.web, self.worker]

    def start(self) -> None:
        """Start everything as far as possible side by side, and return when everything answers."""
        print(f"Starting LinkTime in {self.wishes.data}", flush=True)
        self.emulator.start()
        self._start_postgres()
        before = answers.newest_worker(embedded.url(self.wishes.postgres))
        self.web.start()
        if not is_prepared(self.wishes.data):
            self._prepare()
        self.worker.start()
        self._until(self.emulator, lambda: answers.http(self.wishes.emulators_url))
        self._until(self.web, lambda: answers.http(f"{self.wishes.base_url}/readyz"))
        self._until(self.worker, lambda: answers.newest_worker(embedded.url(self.wishes.postgres)) > before)
        self._write()
        self._tell_where_to_look()

    def watch(self) -> None:
        """Start again whatever dies; the database and its clients alike."""
        while True:
            time.sleep(TICK)
            for child in self.lasting:
                if child.died() and child.start_again(time.monotonic()):
                    print(f"The {child.name} process had died and was started again; see {child.log}", flush=True)
                    self._write()

    def stop(self) -> None:
        """End everything, the database last, and leave no process and no demo.json."""
        self.wishes.demo_json.unlink(missing_ok=True)
        end_all([self.preparation, self.web, self.worker, self.emulator], GRACE)
        end_all([self.postgres], GRACE)

    def _start_postgres(self) -> None:
        embedded.prepare(self.wishes.postgres)
        embedded.stop(self.wishes.postgres)  # of a demo that was killed where nothing ends its children
        self.postgres.run_as = embedded.identity()
        self.postgres.command = embedded.command(self.wishes.postgres)
        embedded.wait(self.wishes.postgres, self.postgres.start())

    def _prepare(self) -> None:
        if self.preparation.start().wait(PATIENCE) != 0:
            raise Stop(f"The demo could not be prepared: {self.preparation.last_words()}")

    def _until(self, child: Child, answering: Callable[[], bool]) -> None:
        while not answering():
            if child.died():
                raise Stop(f"The {child.name} process ended: {child.last_words()} (all of it: {child.log})")
            if time.monotonic() - child.begun > PATIENCE:
                raise Stop(f"The {child.name} process does not answer. What it says is in {child.log}")
            time.sleep(0.05)

    def _write(self) -> None:
        folder.write_private(self.wishes.demo_json, self._facts())

    def _facts(self) -> dict[str, Any]:
        account: dict[str, Any] = json.loads((self.wishes.data / "account.json").read_text())
        emulators = {crm: {"base_url": url} for crm, url in self.wishes.emulators.items()}
        pids = {child.name: child.pid for child in self.lasting}
        return {"base_url": self.wishes.base_url, **account, "emulators": emulators, "pids": pids}

    def _tell_where_to_look(self) -> None:
        facts = self._facts()
        lines = [
            "",
            f"  Book a meeting          {facts['event_types'][0]['url']}",
            f"  Dashboard               {facts['base_url']}/dashboard/",
            f"      log in with         {facts['email']}  {facts['password']}",
            f"  See the CRMs and mail   {self.wishes.emulators_url}/",
            f"  API key and the rest    {self.wishes.demo_json}",
            "",
            "Everything stays on this machine. Ctrl-C stops it; the next start has all the data.",
        ]
        print("\n".join(lines), flush=True)
