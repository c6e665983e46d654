"""Workers that are there at once: LinkTime is imported once, and every worker is a fork of that process.

Run as a program, it reads a JSON object a line and answers with the number of the worker's process:
`{"threads": 12, "ahead": 0, "older": false}`, where `ahead` are seconds by which the clock of the worker's machine is
wrong, and `older` has it be the version before. The program's argument is `Haste` as JSON: how long it takes in this
storm what takes minutes in life.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Self

from linktime.config.orphans import end_with_parent


@dataclass(frozen=True)
class Haste:
    """Seconds: the total time-out of a call, the lease, and until a lost create is looked up once more.

    As in life, by then whatever is on its way has arrived: a call that is delayed takes two seconds longer than `call`.
    """

    call: float = 30
    lease: float = 20
    recheck: float = 35


class Worker:
    """A worker as a process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def end(self) -> None:
        """End it as a rolling restart would: what is at work may end."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


class Nursery:
    """Starts workers; a context manager that leaves none behind."""

    def __init__(self, haste: Haste, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", __name__, json.dumps(asdict(haste))]
        self._process = subprocess.Popen(
            command,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGKILL),
        )
        self._workers: list[Worker] = []

    def start(self, *, ahead: float = 0, older: bool = False) -> Worker:
        wish = {"threads": 12, "ahead": ahead, "older": older}
        print(json.dumps(wish), file=self._process.stdin, flush=True)
        self._workers.append(Worker(int(self._process.stdout.readline())))
        return self._workers[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.kill()
        self._process.communicate()


def main(haste: Haste) -> None:
    """Fork a worker for each line."""
    _make_haste(haste)
    import django

    django.setup()
    import linktime.crm.tasks
    import linktime.jobs.worker  # noqa: F401 - before the forks

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _work(**json.loads(line))
        print(pid, flush=True)  # noqa: T201 - the answer


def _make_haste(haste: Haste) -> None:
    """Shorten what takes long, before anybody reads it."""
    from linktime.core import http

    http.TOTAL_SECONDS = haste.call
    from linktime.crm import plan

    plan.LOST_AFTER, plan.RECHECK_AFTER = timedelta(seconds=haste.call), timedelta(seconds=haste.recheck)


def _shorten(haste: Haste) -> None:
    from linktime.connections import tokens
    from linktime.crm import lease

    lease.SECONDS, lease.RENEW_EVERY = haste.lease, haste.lease / 4
    tokens.REQUEST_SECONDS, tokens.CLAIM = haste.call, timedelta(seconds=haste.call * 1.5)


def _work(*, threads: int, ahead: float, older: bool) -> None:
    """Be a worker, and never return."""
    end_with_parent(os.getppid(), signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _shorten(Haste(**json.loads(sys.argv[1])))
    if ahead:
        _set_clock(ahead)
    if older:
        _be_older()
    from django.core.management import call_command

    os.close(0)
    call_command("work", threads=threads)
    os._exit(0)


def _set_clock(ahead: float) -> None:
    from linktime.core import clock

    class Wrong(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(seconds=ahead)

    clock.datetime = Wrong


def _be_older() -> None:
    """Push three bookings at a time, as a version would that cuts its batches in another way."""
    from linktime.crm import registry

    for crm in registry.crms():
        provider = registry.provider(crm)
        provider.manifest = replace(provider.manifest, batch=3)


if __name__ == "__main__":
    main(Haste(**json.loads(sys.argv[1])))
