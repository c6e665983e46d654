"""One process of the demo: started, started again when it dies, and never left behind."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from linktime.config import orphans

SHORT_LIFE = 10.0  # seconds; who dies younger waits before the next life
LONGEST_PAUSE = 8.0


@dataclass
class Child:
    """`signal` asks it to end. `run_as` holds arguments for `subprocess`: the user, where that is another one."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    signal: int = signal.SIGTERM
    run_as: dict[str, Any] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    begun: float = 0.0
    pause: float = 0.0
    not_before: float = 0.0

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def start(self) -> "subprocess.Popen[bytes]":
        """Start it in a session of its own: Ctrl-C is for the demo alone, and the whole session can be killed."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=partial(orphans.end_with_parent, os.getpid(), self.signal),  # noqa: PLW1509 - one thread
                **self.run_as,
            )
        self.begun = time.monotonic()
        return self.process

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def start_again(self, now: float) -> bool:
        """Start a dead process when its pause is over, longer each time it dies young; return whether it was."""
        if not self.not_before:
            self.pause = min(LONGEST_PAUSE, self.pause * 2 or 0.5) if now - self.begun < SHORT_LIFE else 0.0
            self.not_before = now + self.pause
        if now < self.not_before:
            return False
        self.kill()
        self.not_before = 0.0
        self.start()
        return True

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.signal)

    def kill(self) -> None:
        """Kill what is left of its session: also children that outlived it."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self) -> str:
        """Return the last line of its log."""
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log.exists() else []
        return lines[-1] if lines else "it said nothing"


def end_all(children: list[Child], patience: float) -> None:
    """Ask all of them to end, and kill those that have not after `patience` seconds."""
    for child in children:
        child.ask_to_end()
    until = time.monotonic() + patience
    while time.monotonic() < until and not all(child.process is None or child.died() for child in children):
        time.sleep(0.02)
    for child in children:
        child.kill()
