"""What invitees will read, shown to the host before anybody gets it: a meeting that is made up, and the real mails."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives

from linktime.core.meeting import Change, ChangeKind, Host, Invitee, Meeting, Status
from linktime.core.placeholders import OwnText
from linktime.notifications.messages import booking_message, follow_up_message, reminder_message
from linktime.notifications.wording import recipients

HOUR = timedelta(hours=1)
INVITEE = ("Grace Hopper", "grace@example.com")


def preview(
    kind: str, *, title: str, host: Host, location: str, minutes: int, locale: str, own: OwnText, now: datetime
) -> EmailMultiAlternatives:
    """Return a mail to a made-up invitee; `kind` is one of KINDS, `locale` the invitee's."""
    begin = (now + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
    booked = Change(ChangeKind.BOOKED, 1, now, None, None, "")
    meeting = Meeting(
        uid="preview",
        revision=1,
        status=Status.CONFIRMED,
        title=title,
        start=begin,
        end=begin + timedelta(minutes=minutes),
        hosts=(host,),
        invitee=Invitee(*INVITEE, phone="", time_zone=host.time_zone, locale=locale),
        guests=(),
        notes="",
        answers=(),
        location=location,
        url="https://example.com/b/…",
        history=(booked,),
    )
    changed, write = _KINDS[kind]
    return write(changed(meeting), own)


type Write = Callable[[Meeting, OwnText], EmailMultiAlternatives]


def _moved(meeting: Meeting) -> Meeting:
    before = (meeting.start - HOUR, meeting.end - HOUR)
    return _after(meeting, Change(ChangeKind.RESCHEDULED, 2, meeting.history[0].at, *before, ""))


def _cancelled(meeting: Meeting) -> Meeting:
    change = Change(ChangeKind.CANCELLED, 2, meeting.history[0].at, None, None, "")
    return replace(_after(meeting, change), status=Status.CANCELLED)


def _after(meeting: Meeting, change: Change) -> Meeting:
    return replace(meeting, revision=change.revision, history=(*meeting.history, change))


def _to_invitee(write: Callable[..., EmailMultiAlternatives]) -> Write:
    return lambda meeting, own: write(meeting, recipients(meeting)[0], own)


_KINDS: dict[str, tuple[Callable[[Meeting], Meeting], Write]] = {
    "confirmation": (lambda meeting: meeting, _to_invitee(booking_message)),
    "change": (_moved, _to_invitee(booking_message)),
    "cancellation": (_cancelled, _to_invitee(booking_message)),
    "reminder": (lambda meeting: meeting, _to_invitee(reminder_message)),
    "follow_up": (lambda meeting: meeting, _to_invitee(follow_up_message)),
}
KINDS = tuple(_KINDS)
