"""Meetings to write about."""

from datetime import UTC, datetime, timedelta

from linktime.core.meeting import Answer, Change, ChangeKind, Host, Invitee, Meeting, Status

BOOKED_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
START = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)

ADA = Host(name="Ada Lovelace", email="ada@example.com", time_zone="Europe/London")
GRACE = Invitee(
    name="Grace Hopper",
    email="grace@example.com",
    phone="+12025550123",
    time_zone="America/New_York",
    locale="en-US",
)


def meeting(**values) -> Meeting:
    """Grace has booked half an hour with Ada."""
    start = values.get("start", START)
    base = {
        "uid": "Q7hT0aVn3kLw9xYbC2dEfG",
        "revision": 1,
        "status": Status.CONFIRMED,
        "title": "Intro call",
        "start": start,
        "end": start + HALF_AN_HOUR,
        "hosts": (ADA,),
        "invitee": GRACE,
        "guests": (),
        "notes": "About compilers.\nAnd moths.",
        "answers": (Answer("Company", "US Navy"),),
        "location": "Room 5, Somerset House",
        "url": "http://127.0.0.1:8000/b/Q7hT0aVn3kLw9xYbC2dEfG",
        "history": (change(ChangeKind.BOOKED, 1),),
    }
    return Meeting(**base | values)


def change(kind, revision, *, previous=None, reason="") -> Change:
    return Change(
        kind=kind,
        revision=revision,
        at=BOOKED_AT + timedelta(minutes=revision - 1),
        previous_start=previous,
        previous_end=previous and previous + HALF_AN_HOUR,
        reason=reason,
    )


def moved(**values) -> Meeting:
    """The same, moved by a day."""
    history = (change(ChangeKind.BOOKED, 1), change(ChangeKind.RESCHEDULED, 2, previous=START, reason="A moth"))
    return meeting(**{"revision": 2, "start": START + timedelta(days=1), "history": history} | values)


def cancelled(**values) -> Meeting:
    """The same, moved by a day and then cancelled."""
    history = (*moved().history, change(ChangeKind.CANCELLED, 3, reason="No compilers after all"))
    base = {"revision": 3, "start": START + timedelta(days=1), "status": Status.CANCELLED, "history": history}
    return meeting(**base | values)
