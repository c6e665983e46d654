"""The data folder: what an installation on one machine keeps where no environment variable says otherwise."""

import base64
import contextlib
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from linktime.cli.problems import Stop
from linktime.config import embedded
from linktime.config.environ import Environment

DEFAULT = ".linktime"
MARK = "linktime-data"
MARK_TEXT = "LinkTime keeps its data in this folder: the database, and the keys it is encrypted with.\n"


def configured() -> Path:
    return Path(Environment().text("DATA_DIR", DEFAULT)).resolve()


def opened(folder: Path) -> Path:
    """Return the folder, made and marked as LinkTime's; a folder with somebody else's files is refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not is_ours(folder):
            raise Stop(f"{folder} is not empty and not LinkTime's. Choose another data folder.")
        (folder / MARK).write_text(MARK_TEXT)
    except OSError as error:
        raise Stop(f"The data folder {folder} can't be used ({error.strerror}). Choose another one.") from error
    return folder


def is_ours(folder: Path) -> bool:
    return (folder / MARK).exists() or not any(folder.iterdir())


def empty(folder: Path, *, keep: tuple[str, ...] = ()) -> None:
    """Throw away everything in a data folder; `opened` has made sure that it is one."""
    embedded.stop(folder / "postgres")
    for path in folder.iterdir():
        if path.name in (MARK, *keep):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def keys(folder: Path) -> dict[str, str]:
    """Return the environment's secrets for this folder, made once: SECRET_KEY and ENCRYPTION_KEYS."""
    path = folder / "secrets.json"
    if not path.exists():
        made = {"LINKTIME_SECRET_KEY": secrets.token_urlsafe(48), "LINKTIME_ENCRYPTION_KEYS": new_key("local")}
        with contextlib.suppress(FileExistsError):  # another process was faster: its keys count
            _write_once(path, made)
    found: dict[str, str] = json.loads(path.read_text())
    return found


def add_key(folder: Path, name: str) -> None:
    """Make a new encryption key the first one of this folder."""
    known = keys(folder)
    known["LINKTIME_ENCRYPTION_KEYS"] = f"{new_key(name)},{known['LINKTIME_ENCRYPTION_KEYS']}"
    write_private(folder / "secrets.json", known)


def new_key(name: str) -> str:
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write a file that only we can read, whole or not at all."""
    draft = _draft(path, content)
    draft.replace(path)


def _write_once(path: Path, content: dict[str, Any]) -> None:
    draft = _draft(path, content)
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def _draft(path: Path, content: dict[str, Any]) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(json.dumps(content, indent=2) + "\n")
    return draft
