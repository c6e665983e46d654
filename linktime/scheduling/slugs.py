"""The last part of an event type's address, `/{handle}/{slug}`."""

import re
from typing import Any

from linktime.core import text
from linktime.core.faults import refuse

FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = frozenset({"api", "calendar", "cancel", "dashboard", "edit", "embed", "feed", "new", "reschedule", "static"})


def slug(value: Any) -> str:
    slug = text.line(value, at_most=100)
    if not FORM.fullmatch(slug):
        refuse("invalid_slug", "Use small letters, digits and single hyphens between them, such as intro-call.")
    if slug in RESERVED:
        refuse("reserved", "This address is kept for pages of LinkTime. Choose another one.")
    return slug
