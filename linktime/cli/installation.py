"""Get Django going for a command: in the operator's environment, or on this machine alone with a data folder."""

import contextlib
import importlib
import os
from collections.abc import Iterator
from pathlib import Path

import django

from linktime.cli import folder, schema
from linktime.config import embedded
from linktime.config.environ import Environment

SETTINGS = "linktime.config.settings"


def is_local() -> bool:
    """Say whether the operator names no database: then we bring one."""
    return not Environment().text("DATABASE_URL")


def keys_place() -> str:
    """Say where the keys are that secrets are sealed under; to be asked before anything fills the environment."""
    if is_local():
        return str(folder.configured() / "secrets.json")
    return "LINKTIME_ENCRYPTION_KEYS and LINKTIME_SECRET_KEY"


@contextlib.contextmanager
def ready(*, here: bool = True) -> Iterator[None]:
    """Set Django up with a database that is there. Our own one is started, brought up to date, and stopped.

    Where Django is not needed `here` but in children, the environment alone is checked: that takes no second.
    """
    if not is_local():
        (configure if here else _check)()
        yield
        return
    place = folder.opened(folder.configured())
    with embedded.shared(place / "postgres"):
        configure()
        schema.migrate(quiet=True)
        yield


def configure() -> None:
    """Set Django up; a local installation gets its secrets and its database's address from the data folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if is_local():
        place = folder.opened(folder.configured())
        _fill_in(folder.keys(place) | {"LINKTIME_DATABASE_URL": embedded.url(place / "postgres")})
    django.setup()


def _check() -> None:
    """Read the settings; a wrong one is told about here, and not by every child."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    importlib.import_module(SETTINGS)


def _fill_in(values: dict[str, str]) -> None:
    for name, value in values.items():
        if name not in os.environ and f"{name}_FILE" not in os.environ:
            os.environ[name] = value


def data_folder() -> Path:
    return folder.configured()
