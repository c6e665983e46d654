"""`linktime keys`: the keys that grants are encrypted with."""

import os

import typer

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


def rotate() -> None:
    """Encrypt every secret anew under the newest key, with a progress bar."""
    from linktime.connections import second_factor, vault

    with typer.progressbar(length=1, label="Encrypting anew") as bar:

        def progress(seen: int, total: int) -> None:
            bar.length = total
            bar.update(seen - bar.pos)

        changed = vault.reencrypt_all(progress) + second_factor.reencrypt_all()
        bar.update((bar.length or 1) - bar.pos)
    print(f"{changed} secrets were encrypted anew. Older keys can be removed from LINKTIME_ENCRYPTION_KEYS now.")
