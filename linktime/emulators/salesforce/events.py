"""How an Event's start, end, duration and day hang together (Object Reference: Event)."""

from datetime import datetime, timedelta
from typing import Any

from linktime.emulators.salesforce.clock import minutes_between, parse_instant, stamp
from linktime.emulators.salesforce.errors import RestError
from linktime.emulators.salesforce.store import Record

DAY = 1440
LONGEST = 14 * DAY
MOST_CONTACTS = 50


def complete(event: Record, given: Record, *, multiday: bool) -> Record:
    """Fill in what follows from the rest, and refuse what doesn't fit; `given` is what this write brought."""
    _check_guests(event)
    start = _start(event, given)
    if start is None:
        raise _missing("StartDateTime")
    end = _end(event, given, start)
    duration = minutes_between(start, end)
    _check_duration(duration, longest=LONGEST if multiday else DAY)
    return event | {
        "StartDateTime": stamp(start),
        "ActivityDateTime": None if event.get("IsAllDayEvent") else stamp(start),
        "ActivityDate": start.date().isoformat(),
        "EndDateTime": stamp(end),
        "DurationInMinutes": duration,
    }


def _start(event: Record, given: Record) -> datetime | None:
    """The start, by any of its three names; if two are given they say the same."""
    names = (
        ("StartDateTime", "ActivityDateTime") if not event.get("IsAllDayEvent") else ("StartDateTime", "ActivityDate")
    )
    brought = {
        given[name] if name != "ActivityDate" else f"{given[name]}T00:00:00Z" for name in names if given.get(name)
    }
    moments = {parse_instant(value) for value in brought}
    if len(moments) > 1:
        raise _inconsistent("StartDateTime and ActivityDateTime must be the same: Start", "StartDateTime")
    if moments:
        return moments.pop()
    return parse_instant(event["StartDateTime"]) if event.get("StartDateTime") else None


def _end(event: Record, given: Record, start: datetime) -> datetime:
    """The end: as given, or by the duration given, or as long after the start as before."""
    minutes: Any = given.get("DurationInMinutes")
    if given.get("EndDateTime"):
        end = parse_instant(given["EndDateTime"])
        if minutes is not None and minutes != minutes_between(start, end):
            raise _inconsistent("Start, end and duration of the event don't match: Duration", "DurationInMinutes")
        return end
    if minutes is None and not _cleared(given):
        minutes = event.get("DurationInMinutes")
    if minutes is None and event.get("IsAllDayEvent"):
        minutes = DAY
    if minutes is None:
        raise _missing("EndDateTime")
    return start + timedelta(minutes=minutes)


def _cleared(given: Record) -> bool:
    return "EndDateTime" in given or "DurationInMinutes" in given


def _check_duration(minutes: int, *, longest: int) -> None:
    if minutes < 0:
        raise _inconsistent("Event Duration can not be negative", "DurationInMinutes")
    if minutes > longest:
        message = f"Duration must be between 0 and {longest} minutes: Duration"
        raise _inconsistent(message, "DurationInMinutes")


def _check_guests(event: Record) -> None:
    if len(event.get("EventWhoIds") or ()) > MOST_CONTACTS:
        raise _inconsistent(f"An event can relate to at most {MOST_CONTACTS} contacts: Name", "EventWhoIds")
    if event.get("IsPrivate") and event.get("WhoId"):
        raise _inconsistent("A private event can't be related to a contact: Private", "IsPrivate")
    if (event.get("WhoId") or "").startswith("00Q") and event.get("WhatId"):
        raise _inconsistent("A related record can't be set when the name is a lead: Related To ID", "WhatId")


def _missing(name: str) -> RestError:
    return RestError("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{name}]", fields=[name])


def _inconsistent(message: str, name: str) -> RestError:
    return RestError("FIELD_INTEGRITY_EXCEPTION", message, fields=[name])
