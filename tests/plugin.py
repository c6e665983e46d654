"""Set the stage before Django's settings are read: a PostgreSQL of our own, and an environment without secrets.

Loaded with `-p tests.plugin`. Workers of pytest-xdist inherit what the first process set up.
"""

import atexit
import base64
import gc
import os
import shutil
import signal
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import pytest

pytest.register_assert_rewrite("linktime.crm.testing")  # it has no name of a test, and what failed should be told

SPEED_OVER_SAFETY = {
    **dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes", "autovacuum"), "off"),
    "max_connections": "300",
}


def _start_postgres(folder: Path) -> str:
    """Start a server that ends with us, however we end."""
    from linktime.config import embedded, orphans

    embedded.prepare(folder)
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(
            embedded.command(folder, options=SPEED_OVER_SAFETY),
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=partial(orphans.end_with_parent, os.getpid(), signal.SIGINT),
            **embedded.identity(),
        )
    atexit.register(_stop_postgres, server, folder)
    embedded.wait(folder, server)
    return embedded.url(folder)


def _stop_postgres(server: subprocess.Popen, folder: Path) -> None:
    server.send_signal(signal.SIGINT)
    server.wait()
    shutil.rmtree(folder.parent, ignore_errors=True)


def pytest_load_initial_conftests() -> None:
    variables = os.environ
    variables["DJANGO_SETTINGS_MODULE"] = "linktime.config.settings"
    variables["LINKTIME_BASE_URL"] = "http://127.0.0.1:8000"
    variables["LINKTIME_SECRET_KEY"] = "only-for-tests-" * 4
    variables["LINKTIME_ENCRYPTION_KEYS"] = "test:" + base64.b64encode(b"k" * 32).decode()
    variables["LINKTIME_ALLOW_PRIVATE_ADDRESSES"] = "true"
    variables["LINKTIME_EMAIL_URL"] = "console:"
    if "PYTEST_XDIST_WORKER" in variables:
        return
    folder = Path(tempfile.mkdtemp(prefix="linktime-tests-"))
    (folder / "data" / "static").mkdir(parents=True)  # WhiteNoise warns where there is none
    variables["LINKTIME_DATA_DIR"] = str(folder / "data")
    if "LINKTIME_DATABASE_URL" not in variables:
        variables["LINKTIME_DATABASE_URL"] = _start_postgres(folder / "postgres")


pytest_load_initial_conftests = pytest.hookimpl(tryfirst=True)(pytest_load_initial_conftests)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays until the end anyway: Django, the tests, the schemas."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_sessionfinish() -> None:
    """Close what is kept open to emulators that have ended, before Python complains."""
    from linktime.core import http

    http._transport().close()
