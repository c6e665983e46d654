"""Get Django going for a command: in the operator's environment, or on this machine alone with a data folder."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import django

from linktime.cli import folder, schema
from linktime.config import embedded
from linktime.config.environ import Environment


def is_local() -> bool:
    """Say whether the operator names no database: then we bring one."""
    return not Environment().text("DATABASE_URL")


@contextlib.contextmanager
def ready() -> Iterator[None]:
    """Set Django up with a database that is there. Our own one is started, brought up to date, and stopped."""
    if not is_local():
        configure()
        yield
        return
    place = folder.opened(folder.configured())
    with embedded.shared(place / "postgres"):
        configure()
        schema.migrate(quiet=True)
        yield


def configure() -> None:
    """Set Django up; a local installation gets its secrets and its database's address from the data folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linktime.config.settings")
    if is_local():
        place = folder.opened(folder.configured())
        _fill_in(folder.keys(place) | {"LINKTIME_DATABASE_URL": embedded.url(place / "postgres")})
    django.setup()


def _fill_in(values: dict[str, str]) -> None:
    for name, value in values.items():
        if name not in os.environ and f"{name}_FILE" not in os.environ:
            os.environ[name] = value


def data_folder() -> Path:
    return folder.configured()
