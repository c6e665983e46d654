"""The web server: Granian, with Django on blocking threads in each of its processes."""

import atexit
import contextlib
import logging
import os
import signal
from functools import partial
from typing import Any

import django
from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from linktime.cli import ports
from linktime.config import orphans, statics
from linktime.core import telemetry, turns
from linktime.jobs import tally

SLOWEST_END = 10  # seconds that requests get to end
UNDER_WAY = 32  # requests in each process, most of which wait; fewer than the database's pool has connections


def serve(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until SIGTERM or SIGINT. `threads` of each process are at work at a time, see `turns.py`."""
    ports.require_free(host, port, "--port")
    server = Server(
        "linktime.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=max(UNDER_WAY, threads),
        log_level=LogLevels.warning,
        log_dictconfig=settings.LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=SLOWEST_END,
    )
    logging.getLogger("_granian").addFilter(lambda record: "spawning up to" not in record.getMessage())  # they wait
    server.serve(target_loader=partial(load, os.getpid(), threads), wrap_loader=False)


def load(parent: int, at_once: int) -> Any:
    """Load the application in a process of the server, which must not go on listening without its parent."""
    orphans.end_with_parent(parent, signal.SIGKILL)
    django.setup()
    statics.collect()
    telemetry.start("web")
    while_we_serve = contextlib.ExitStack()
    while_we_serve.enter_context(tally.brought())
    while_we_serve.callback(telemetry.stop)
    atexit.register(while_we_serve.close)
    from linktime.config.wsgi import application

    return turns.Turns(application, at_once)
