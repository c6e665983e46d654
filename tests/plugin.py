"""Set the stage before Django's settings are read: a PostgreSQL of our own, and an environment without secrets.

Loaded with `-p tests.plugin`. Workers of pytest-xdist inherit what the first process set up.
"""

import base64
import os
import shutil
import tempfile
from pathlib import Path

import pytest

_folder: Path | None = None


def _start_postgres() -> str:
    global _folder  # noqa: PLW0603 - one server for the whole run
    from linktime.config.embedded import start

    _folder = Path(tempfile.mkdtemp(prefix="linktime-tests-"))
    return start(_folder / "postgres", options={"fsync": "off", "synchronous_commit": "off", "max_connections": "300"})


def pytest_load_initial_conftests() -> None:
    variables = os.environ
    variables["DJANGO_SETTINGS_MODULE"] = "linktime.config.settings"
    variables["LINKTIME_BASE_URL"] = "http://127.0.0.1:8000"
    variables["LINKTIME_SECRET_KEY"] = "only-for-tests-" * 4
    variables["LINKTIME_ENCRYPTION_KEYS"] = "test:" + base64.b64encode(b"k" * 32).decode()
    variables["LINKTIME_ALLOW_PRIVATE_ADDRESSES"] = "true"
    variables["LINKTIME_EMAIL_URL"] = "console:"
    if "LINKTIME_DATABASE_URL" not in variables:
        variables["LINKTIME_DATABASE_URL"] = _start_postgres()


pytest_load_initial_conftests = pytest.hookimpl(tryfirst=True)(pytest_load_initial_conftests)


def pytest_unconfigure() -> None:
    if _folder is not None:
        from linktime.config.embedded import stop

        stop(_folder / "postgres")
        shutil.rmtree(_folder, ignore_errors=True)
