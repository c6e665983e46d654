"""What a mail about a booking says, and to whom. Pure: from `core.meeting` values to texts.

Texts are in the language that is active, times as the recipient's locale has them.

A mail is made of rows, so that its plain text and its HTML can't disagree.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from linktime.core import languages
from linktime.core.meeting import Change, ChangeKind, Meeting, Status
from linktime.core.placeholders import NOTHING_OWN, OwnText, Reader, fill
from linktime.core.when import short_text, span_text

LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a mail goes to. `key` names them within one booking: `invitee`, `host-0`, `guest-1`."""

    key: str
    name: str
    email: str
    time_zone: str
    locale: str

    @property
    def language(self) -> str:
        return languages.spoken(self.locale)

    @property
    def is_host(self) -> bool:
        return self.key.startswith("host")

    @property
    def is_guest(self) -> bool:
        return self.key.startswith("guest")


@dataclass(frozen=True, slots=True)
class Row:
    """One fact; `crossed_out` for what holds no more."""

    label: str
    value: str
    crossed_out: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """`link` is empty for guests: changing is the invitee's and the hosts' affair. `action` says what it is for."""

    subject: str
    heading: str
    text: str
    rows: tuple[Row, ...]
    link: str
    action: str


def recipients(meeting: Meeting) -> list[Recipient]:
    """Return everybody who gets mail, each address once: the invitee, the hosts, the guests."""
    invitee = meeting.invitee
    found = [Recipient("invitee", invitee.name, invitee.email, invitee.time_zone, invitee.locale)]
    found += [
        Recipient(f"host-{place}", host.name, host.email, host.time_zone, "")
        for place, host in enumerate(meeting.hosts)
    ]
    found += [
        Recipient(f"guest-{place}", email, email, invitee.time_zone, invitee.locale)
        for place, email in enumerate(meeting.guests)
    ]
    first = {recipient.email.lower(): recipient for recipient in reversed(found)}
    return [recipient for recipient in found if first[recipient.email.lower()] is recipient]


def superseded(meeting: Meeting, revision: int, *, now: datetime) -> bool:
    """Say whether the mail about a revision should stay unsent: a newer one tells all, and this one is late.

    While it is fresh it goes out all the same, with what was true then: who books and moves a meeting at once expects a
    mail for each. Late, after the mail server was away, a "Confirmed" that follows a "Cancelled" would only mislead.
    """
    return revision < meeting.revision and now - _change(meeting, revision).at > LATE


def as_of(meeting: Meeting, revision: int) -> Meeting:
    """Return the meeting as it was at a revision."""
    later = [change for change in meeting.history if change.revision > revision]
    moved = next((change for change in later if change.kind == ChangeKind.RESCHEDULED), None)
    change = _change(meeting, revision)
    return replace(
        meeting,
        revision=revision,
        status=Status.CANCELLED if change.kind == ChangeKind.CANCELLED else Status.CONFIRMED,
        start=(moved and moved.previous_start) or meeting.start,
        end=(moved and moved.previous_end) or meeting.end,
        history=tuple(entry for entry in meeting.history if entry.revision <= revision),
    )


def wording(meeting: Meeting, recipient: Recipient, own: OwnText = NOTHING_OWN) -> Wording:
    """Return what a recipient reads about the last change of a meeting, in the language that is active.

    `own` is the host's text, with placeholders.
    """
    change = meeting.history[-1]
    new = recipient.is_host and change.kind == ChangeKind.BOOKED
    titles = _new() if new else _words(change.kind)
    return letter(meeting, recipient, titles, rows(meeting, recipient), own)


def reminder(meeting: Meeting, recipient: Recipient, own: OwnText = NOTHING_OWN) -> Wording:
    """Return what a recipient reads some time before the meeting."""
    titles = _("Reminder: %(title)s with %(name)s on %(time)s"), _("Your meeting is coming up")
    last = replace(meeting.history[-1], previous_start=None, reason="")
    nothing_new = replace(meeting, history=(*meeting.history[:-1], last))
    return letter(meeting, recipient, titles, rows(nothing_new, recipient), own)


def follow_up(meeting: Meeting, recipient: Recipient, own: OwnText) -> Wording:
    """Return what a recipient reads after the meeting: the host's own text, or a usual one, and no facts."""
    titles = _("After %(title)s with %(name)s on %(time)s"), _("Thank you for your time")
    usual = OwnText(own.subject, own.body or _("If anything is left to say, answer this mail."))
    return replace(letter(meeting, recipient, titles, (), usual), link="")


def letter(
    meeting: Meeting, recipient: Recipient, titles: tuple[str, str], rows: Iterable[Row], own: OwnText
) -> Wording:
    """Put a mail together. `titles` are subject and heading; the subject's placeholders are title, name and time."""
    subject, heading = titles
    link = "" if recipient.is_guest else meeting.url
    reader = Reader(recipient.time_zone, recipient.locale, link)
    values = {
        "title": meeting.title,
        "name": meeting.invitee.name if recipient.is_host else meeting.host.name,
        "time": short_text(meeting.start.astimezone(ZoneInfo(recipient.time_zone)), locale=recipient.locale),
    }
    return Wording(
        subject=one_line(fill(own.subject, meeting, reader) or subject % values),
        heading=heading,
        text=fill(own.body, meeting, reader),
        rows=tuple(rows),
        link=link,
        action=_("See the booking") if is_off(meeting) else _("Change or cancel"),
    )


def one_line(text: str) -> str:
    """Put a text on one line, fit for a header: line breaks and control characters become spaces."""
    plain = "".join(" " if unicodedata.category(character) in {"Cc", "Cs"} else character for character in text)
    return " ".join(plain.split())


def _new() -> tuple[str, str]:
    return _("New: %(title)s with %(name)s on %(time)s"), _("You have a new booking")


def _words(kind: ChangeKind) -> tuple[str, str]:
    """Return the subject and the heading for a change; the subject's placeholders are title, name and time."""
    match kind:
        case ChangeKind.RESCHEDULED:
            return _("Moved: %(title)s with %(name)s to %(time)s"), _("Your meeting has moved")
        case ChangeKind.CANCELLED:
            return _("Cancelled: %(title)s with %(name)s on %(time)s"), _("Your meeting is cancelled")
    return _("Confirmed: %(title)s with %(name)s on %(time)s"), _("Your meeting is booked")


def _change(meeting: Meeting, revision: int) -> Change:
    return next(change for change in meeting.history if change.revision == revision)


def is_off(meeting: Meeting) -> bool:
    return meeting.status in {Status.CANCELLED, Status.DECLINED}


def rows(meeting: Meeting, recipient: Recipient) -> Iterator[Row]:
    """Return the facts, and of the last change what was before and why."""
    change = meeting.history[-1]
    yield Row(_("What"), meeting.title)
    yield from _times(meeting, change, recipient)
    if change.reason:
        yield Row(_("Reason"), change.reason)
    yield Row(_("With"), _company(meeting, recipient))
    if meeting.location:
        yield Row(_("Where"), meeting.location)
    if recipient.is_host and meeting.invitee.phone:
        yield Row(_("Phone"), meeting.invitee.phone)
    if meeting.guests:
        yield Row(_("Guests"), ", ".join(meeting.guests))
    if meeting.notes:
        yield Row(_("Notes"), meeting.notes)
    for answer in meeting.answers:
        yield Row(answer.label, answer.value)


def _times(meeting: Meeting, change: Change, recipient: Recipient) -> Iterator[Row]:
    zone, locale = recipient.time_zone, recipient.locale
    yield Row(_("When"), span_text(meeting.start, meeting.end, zone=zone, locale=locale), crossed_out=is_off(meeting))
    if recipient.is_host and meeting.invitee.time_zone != zone:
        theirs = span_text(meeting.start, meeting.end, zone=meeting.invitee.time_zone, locale=locale)
        yield Row(_("For the invitee"), theirs, crossed_out=is_off(meeting))
    if change.previous_start and change.previous_end:
        before = span_text(change.previous_start, change.previous_end, zone=zone, locale=locale)
        yield Row(_("Before"), before, crossed_out=True)


def _company(meeting: Meeting, recipient: Recipient) -> str:
    """Name the others: hosts see the invitee with the address to write to."""
    hosts = [host.name for host in meeting.hosts if host.email != recipient.email]
    invitee = meeting.invitee
    if recipient.is_host:
        return ", ".join([f"{invitee.name} <{invitee.email}>", *hosts])
    return ", ".join([*hosts, invitee.name] if recipient.is_guest else hosts)
