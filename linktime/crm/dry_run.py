"""What would be written of a booking as its life goes on, without writing. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linktime.core.meeting import Change, ChangeKind, Meeting, Status
from linktime.crm.contract import Provider, Write

LATER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """One step of a booking's life: `title` says which, `writes` what reaches the CRM."""

    title: str
    writes: Sequence[Write]


def scenes(provider: Provider, meeting: Meeting, now: datetime) -> Iterator[Scene]:
    """Yield what would be written of a booking that the CRM does not show yet, and of what may become of it."""
    label = provider.manifest.label
    yield Scene(f"The invitee is new to {label}", provider.preview(meeting, before=None, known=False))
    yield Scene(f"{label} knows the invitee", provider.preview(meeting, before=None, known=True))
    if meeting.status == Status.CONFIRMED:
        for title, later in _changes(meeting, now):
            yield Scene(title, provider.preview(later, before=meeting, known=True))


def _changes(meeting: Meeting, now: datetime) -> Iterator[tuple[str, Meeting]]:
    yield "It is moved to the next day", _moved(meeting, now)
    yield "It is cancelled", _ended(meeting, Status.CANCELLED, ChangeKind.CANCELLED, now)
    yield "The invitee does not come", _ended(meeting, Status.NO_SHOW, ChangeKind.NO_SHOW, now)


def _moved(meeting: Meeting, now: datetime) -> Meeting:
    change = _change(meeting, ChangeKind.RESCHEDULED, now)
    change = replace(change, previous_start=meeting.start, previous_end=meeting.end)
    return replace(_with(meeting, change), start=meeting.start + LATER, end=meeting.end + LATER)


def _ended(meeting: Meeting, status: Status, kind: ChangeKind, now: datetime) -> Meeting:
    return replace(_with(meeting, _change(meeting, kind, now)), status=status)


def _with(meeting: Meeting, change: Change) -> Meeting:
    return replace(meeting, revision=change.revision, history=(*meeting.history, change))


def _change(meeting: Meeting, kind: ChangeKind, now: datetime) -> Change:
    return Change(kind=kind, revision=meeting.revision + 1, at=now, previous_start=None, previous_end=None, reason="")
