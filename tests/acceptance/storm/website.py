"""The web server of a storm, which can be killed with all its processes and comes back on its port."""

import os
import signal
import subprocess
from contextlib import suppress
from functools import partial
from typing import Self

from linktime.config.orphans import end_with_parent
from tests.acceptance.test_demo import free_port
from tests.crowd import answers
from tests.processes import LINKTIME, eventually


class Website:
    """A context manager: it serves within, and is gone after."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port = free_port()
        self._environment = os.environ | environment | {"LINKTIME_RATE_LIMIT": "1000000"}

    def kill_and_start(self) -> None:
        self._kill()
        self._start()

    def __enter__(self) -> Self:
        self._start()
        eventually(lambda: answers(self.port), within=60, what="the web server")
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [*LINKTIME, "serve", "--port", str(self.port), "--workers", "1"],
            env=self._environment,
            start_new_session=True,
            preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGKILL),
        )

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
