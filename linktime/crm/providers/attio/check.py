"""What in Attio is in the way of bookings: the scopes of the access, and what the attributes of people say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from linktime.crm.contract import Finding, Gone, Level, Reconnect
from linktime.crm.providers.attio.calls import WHO_AM_I, Steps, ask, list_attributes
from linktime.crm.providers.attio.scopes import missing_scopes

PEOPLE = "people"
PAGE = 100
MOST_PAGES = 20
MISSING, READ_ONLY, REQUIRED, SCOPE, SWITCHED_OFF = (
    "value_not_found",
    "system_edit_unauthorized",
    "missing_value",
    "scope_missing",
    "not_found",
)
# every new person gets an email address, and a name where it lacks one; a phone number only if one was given
NEEDS = {"email_addresses": Level.ERROR, "name": Level.ERROR, "phone_numbers": Level.WARNING}


def findings() -> Steps[Sequence[Finding]]:
    """Ask what may be in the way; without the scopes there is nothing more to ask."""
    told = yield from ask(WHO_AM_I)
    if told.get("active") is not True:
        raise Reconnect("Attio says that the access was revoked.")
    missing = missing_scopes(str(told.get("scope", "")))
    if missing:
        return [Finding(Level.ERROR, SCOPE, f"The access lacks the scope {scope}.") for scope in missing]
    try:
        rows = yield from _attributes()
    except Gone:
        return [Finding(Level.ERROR, SWITCHED_OFF, "The object People is switched off in this workspace.", PEOPLE)]
    return list(of_attributes(rows))


def of_attributes(rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Judge the attributes of people. Pure."""
    there = {row["api_slug"]: row for row in rows if not row["is_archived"]}
    for slug, level in NEEDS.items():
        if slug not in there:
            yield Finding(level, MISSING, f"People have no attribute {slug}.", PEOPLE, slug)
        elif not there[slug]["is_writable"]:
            yield Finding(level, READ_ONLY, f"Apps may not write the attribute {slug} of people.", PEOPLE, slug)
    for slug, row in there.items():
        if row["is_required"] and slug not in NEEDS and not row["is_default_value_enabled"]:
            message = f"Every new person must have {row['title']}, and LinkTime has nothing for it."
            yield Finding(Level.ERROR, REQUIRED, message, PEOPLE, slug)


def _attributes() -> Steps[list[Mapping[str, Any]]]:
    rows: list[Mapping[str, Any]] = []
    for page in range(MOST_PAGES):
        some = (yield from ask(list_attributes(limit=PAGE, offset=page * PAGE)))["data"]
        rows += some
        if len(some) < PAGE:
            break
    return rows
