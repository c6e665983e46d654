"""Whether every secret can be read."""

from collections.abc import Iterator

from django.conf import settings

from linktime.cli.doctor.finding import Finding, bad, good, note
from linktime.connections import rotation


def secrets() -> Iterator[Finding]:
    """Tell which keys secrets are sealed under; a key that is not in the ring makes them useless."""
    newest, *older = settings.ENCRYPTION_KEYS
    counted = rotation.key_ids()
    yield good("keys", f"new secrets are sealed under {newest}; {counted.total()} are kept")
    for name, count in sorted(counted.items()):
        if name in older:
            yield note("keys", f"{count} are still under {name}.", "Run: linktime keys rotate")
        elif name != newest:
            yield bad(
                "keys",
                f"{count} are under {name}, which LINKTIME_ENCRYPTION_KEYS does not have.",
                "Add that key again, or have those connections made anew.",
            )
