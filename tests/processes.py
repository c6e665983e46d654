"""Real processes for tests: LinkTime's own commands against the test database, and waiting for what they do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from linktime.config import orphans

ROOT = Path(__file__).parents[1]
LINKTIME = (sys.executable, "-m", "linktime.cli")


def database_url() -> str:
    """Return the URL of the test database, which differs from the one that the run began with."""
    settings = connection.settings_dict
    return f"postgresql://{settings['USER']}@/{settings['NAME']}?host={quote(settings['HOST'])}"


@contextmanager
def running(*command: str, database: bool = True, **variables: str):
    """Run a command beside the test, with more environment variables; killed at the end if it is still there."""
    environment = os.environ | ({"LINKTIME_DATABASE_URL": database_url()} if database else {}) | variables
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        preexec_fn=partial(orphans.end_with_parent, os.getpid(), signal.SIGKILL),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def eventually(true: Callable[[], object], *, within: float = 20, what: str = "it") -> float:
    """Wait until `true()`; return the seconds it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < within, f"{what} did not happen within {within} s"
        time.sleep(0.02)
    return time.monotonic() - begun
