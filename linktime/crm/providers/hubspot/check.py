"""What in HubSpot is in the way of bookings: the scopes granted, and what the properties say of themselves.

Rules of single properties are not told there: a booking that meets one fails with its own remedy.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linktime.crm.contract import Finding, Level, Session
from linktime.crm.providers.hubspot.client import API_VERSION, send
from linktime.crm.providers.hubspot.manifest import SCOPES

MISSING, READ_ONLY, OPTION, SCOPE = "PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE", "INVALID_OPTION", "MISSING_SCOPES"
OUTCOME = "hs_meeting_outcome"
OUTCOMES = ("SCHEDULED", "RESCHEDULED", "CANCELED", "NO_SHOW")


@dataclass(frozen=True, slots=True)
class Need:
    """A property that bookings write; `always`, or only where there is something to write."""

    name: str
    always: bool = True


NEEDS: Mapping[str, Sequence[Need]] = {
    "contacts": (Need("email"), Need("firstname"), Need("lastname"), Need("phone", always=False)),
    "meetings": (
        Need("hs_timestamp"),
        Need("hs_meeting_start_time"),
        Need("hs_meeting_end_time"),
        Need("hs_meeting_title"),
        Need("hs_meeting_body"),
        Need("hs_meeting_external_url"),
        Need(OUTCOME),
        Need("hs_internal_meeting_notes"),
        Need("hs_meeting_location", always=False),
    ),
}


def check(session: Session) -> Iterator[Finding]:
    """Yield what the grant and the properties tell; without the scopes there is nothing more to ask."""
    missing = missing_scopes(session.scopes)
    yield from (Finding(Level.ERROR, SCOPE, f"The access lacks the scope {scope}.") for scope in missing)
    if missing:
        return
    for name in NEEDS:
        rows = send(session, "GET", f"/crm/properties/{API_VERSION}/{name}").get("results", ())
        yield from findings(name, rows)


def missing_scopes(granted: str) -> list[str]:
    """Return the scopes that a grant lacks; of one whose scopes were not told nobody knows."""
    return sorted(set(SCOPES) - set(granted.split())) if granted else []


def findings(name: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Judge an object's properties. Pure."""
    there = {row["name"]: row for row in rows if not row.get("archived")}
    for need in NEEDS[name]:
        yield from _access(name, need, there.get(need.name))
    if OUTCOME in there and name == "meetings":
        yield from _options(there[OUTCOME])


def _access(name: str, need: Need, row: Mapping[str, Any] | None) -> Iterator[Finding]:
    level = Level.ERROR if need.always else Level.WARNING
    if row is None:
        yield Finding(level, MISSING, f"The property {need.name} of {name} is not there.", name, need.name)
    elif (row.get("modificationMetadata") or {}).get("readOnlyValue"):
        yield Finding(level, READ_ONLY, f"The property {need.name} of {name} is read-only.", name, need.name)


def _options(outcome: Mapping[str, Any]) -> Iterator[Finding]:
    there = {option["value"] for option in outcome["options"]}
    for option in OUTCOMES:
        if option not in there:
            level = Level.ERROR if option == "SCHEDULED" else Level.WARNING
            yield Finding(level, OPTION, f"The meeting outcome {option} is not there.", "meetings", OUTCOME)
