"""Whether a demo's database was prepared by this very code: then a start has nothing to wait for."""

import hashlib
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
WITH_MIGRATIONS = ("django", "django-allauth", "procrastinate")


def fingerprint() -> str:
    """Return a digest that changes with any migration, ours or others', and with what the demo begins with."""
    digest = hashlib.sha256()
    for path in sorted([*PACKAGE.glob("*/migrations/*.py"), *Path(__file__).parent.glob("*.py")]):
        digest.update(f"{path.relative_to(PACKAGE)} {path.stat().st_mtime_ns}\n".encode())
    for name in WITH_MIGRATIONS:
        digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()


def is_prepared(folder: Path) -> bool:
    stamp = folder / "prepared"
    return stamp.exists() and stamp.read_text() == fingerprint()


def remember(folder: Path) -> None:
    (folder / "prepared").write_text(fingerprint())
