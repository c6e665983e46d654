"""`linktime keys`: the keys that grants are encrypted with."""

import os
from collections import Counter

import typer
from django.conf import settings

from linktime.cli import folder, installation
from linktime.cli.problems import Stop
from linktime.core import clock

LONGEST_NAME = 40


def create(name: str) -> None:
    """Make a key. It comes first in the list: new secrets are written under it, the others can still be read."""
    name = name or f"{clock.now():%Y%m%d-%H%M%S}"
    if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum() or len(name) > LONGEST_NAME:
        raise Stop(f"{name!r} can't be a key's id; use up to {LONGEST_NAME} letters, digits and hyphens.")
    if installation.is_local() and "LINKTIME_ENCRYPTION_KEYS" not in os.environ:
        folder.add_key(folder.opened(folder.configured()), name)
        print(f"Key {name} is in use from the next start. Then run: linktime keys rotate")
    else:
        print(folder.new_key(name))
        typer.echo("Put it first in LINKTIME_ENCRYPTION_KEYS, restart, then run: linktime keys rotate", err=True)


def rotate() -> int:
    """Encrypt every secret anew under the newest key, with a progress bar; return the exit code."""
    from linktime.connections import rotation

    with typer.progressbar(length=1, label="Encrypting anew") as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        found = rotation.rotate(progress)
        bar.update((bar.length or 1) - bar.pos)
    print(f"{found.changed} secrets were encrypted anew.")
    for place, why in found.broken.items():
        typer.echo(f"{place} does not open: {why}", err=True)
    return _told_what_is_left(rotation.key_ids())


def _told_what_is_left(key_ids: Counter[str]) -> int:
    newest = next(iter(settings.ENCRYPTION_KEYS))
    older = {name: count for name, count in key_ids.items() if name != newest}
    if not older:
        print("Older keys can be removed from LINKTIME_ENCRYPTION_KEYS now.")
        return 0
    listed = ", ".join(f"{count} under {name}" for name, count in sorted(older.items()))
    typer.echo(
        f"Not all are under {newest}: {listed}. Keep the older keys. Restart every process that was started with the "
        "old list, and run this again; a connection whose secret does not open has to be made again.",
        err=True,
    )
    return 1
