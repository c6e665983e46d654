"""Static files under names that hold their digest: collected when a web server starts, so that nothing is built."""

import fcntl
import hashlib
from collections.abc import MutableMapping
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Names with a digest for what was collected, plain ones for the rest: a page never fails for want of a style."""

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name


def add_headers(headers: MutableMapping[str, str], _path: str, url: str) -> None:
    """Let the script that other sites load, under a name that stays, be kept for an hour."""
    if "/embed/" in url:
        headers["Cache-Control"] = "max-age=3600, public"


def collect() -> None:
    """Collect into STATIC_ROOT what changed since the last time. Old files stay: pages that are open ask for them."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root.parent / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, state = root.parent / "static.stamp", _state()
        if not stamp.exists() or stamp.read_text() != state:
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(state)


def _state() -> str:
    """Return a digest that changes with any static file of any app."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            digest.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()
