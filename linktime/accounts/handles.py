"""Handles: an account's address on the web, `/{handle}`."""

import re
import unicodedata
from collections.abc import Iterator
from secrets import randbelow
from typing import Any

from linktime.core import text
from linktime.core.faults import refuse

SHORTEST = 2  # one letter is too precious to give away
LONGEST = 40

# Names of our own paths, present and likely, and names that would let an account pose as the site.
_PATHS = """
    about abuse account accounts activity admin administrator api app apps assets auth availability b billing blog
    bookings booking calendar calendars callback careers contact cookies crm dashboard demo developer developers docs
    download embed emulators error errors event-types events explore favicon features help home hook hooks
    imprint index info integrations invite jobs legal linktime login logout mail me media metrics mfa news noreply
    oauth openapi ops password postmaster press pricing privacy public readyz register robots root schedules search
    security settings setup signin signout signup site sitemap slots static status support system team teams terms
    test undefined null user users webhooks webmaster well-known www healthz
    """
RESERVED = frozenset(_PATHS.split())

_SHAPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TRIES_IN_ORDER = 5


def chosen(value: Any) -> str:
    """Return a handle that somebody typed, or raise Invalid with what is wrong with it."""
    handle = text.line(value, at_most=LONGEST).lower()
    if len(handle) < SHORTEST:
        refuse("too_short", f"Use {SHORTEST} to {LONGEST} characters.")
    if not _SHAPE.fullmatch(handle):
        refuse("invalid_handle", "Use letters a to z, digits, and single hyphens between them.")
    if handle in RESERVED:
        refuse("reserved", "This address is reserved. Choose another one.")
    return handle


def suggested(name: str) -> str:
    """Make a handle of a name: `Zoë van der Berg` gives `zoe-van-der-berg`; what has no Latin letters gives `host`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    handle = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['.]", "", plain))[: LONGEST - 6].strip("-")
    if len(handle) < SHORTEST:
        return "host"
    return f"{handle}-meets" if handle in RESERVED else handle


def candidates(wish: str) -> Iterator[str]:
    """Give the wish and then others like it, in an order to try, without end."""
    yield wish
    for number in range(2, 2 + _TRIES_IN_ORDER):
        yield f"{wish}-{number}"
    while True:
        yield f"{wish}-{randbelow(90_000) + 10_000}"
