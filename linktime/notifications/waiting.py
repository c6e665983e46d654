"""What is written about a booking that waits: to its invitee, and to the hosts who have to accept it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from linktime.core.meeting import ChangeKind, Meeting
from linktime.core.placeholders import NOTHING_OWN
from linktime.core.when import short_text
from linktime.notifications.wording import Recipient, Wording, is_off, letter, recipients, rows


@dataclass(frozen=True, slots=True)
class Waits:
    """For whom it waits or waited (`invitee` or `host`), until when, and where that can be answered.

    `until` is None once it waits no more.
    """

    whom: str
    until: datetime | None
    link: str


def concerned(meeting: Meeting, whom: str) -> Sequence[Recipient]:
    """Return who hears of the last change. No host hears of it before the invitee has confirmed the address."""
    hosts_asked = whom == "host" and meeting.history[-1].kind != ChangeKind.DECLINED
    everybody = [each for each in recipients(meeting) if not each.is_guest]
    return [each for each in everybody if hosts_asked or not each.is_host]


def waiting_wording(meeting: Meeting, recipient: Recipient, waits: Waits) -> Wording:
    """Return what a recipient reads about the last change, in the language that is active."""
    kind = meeting.history[-1].kind
    titles = _for_host(kind) if recipient.is_host else _for_invitee(kind, waits.whom)
    told = letter(meeting, recipient, titles, rows(meeting, recipient), NOTHING_OWN)
    if is_off(meeting):
        return replace(told, link=waits.link) if recipient.is_host else told
    told = replace(told, text=_what_next(meeting, recipient, waits))
    if recipient.is_host:
        return replace(told, link=waits.link, action=_("Accept or decline"))
    if waits.whom == "invitee":
        return replace(told, link=waits.link, action=_("Confirm the address"))
    return told


def _for_host(kind: ChangeKind) -> tuple[str, str]:
    match kind:
        case ChangeKind.EXPIRED:
            return _("Expired: %(title)s with %(name)s on %(time)s"), _("A request has expired")
        case ChangeKind.CANCELLED:
            return _("Withdrawn: %(title)s with %(name)s on %(time)s"), _("A request was withdrawn")
        case ChangeKind.RESCHEDULED:
            heading = _("A request has moved")
        case _kind:
            heading = _("Somebody would like to meet you")
    return _("Accept or decline: %(title)s with %(name)s on %(time)s"), heading


def _for_invitee(kind: ChangeKind, whom: str) -> tuple[str, str]:
    match kind:
        case ChangeKind.DECLINED:
            return _("Declined: %(title)s with %(name)s on %(time)s"), _("Your meeting was declined")
        case ChangeKind.EXPIRED:
            heading = _("Your meeting was not confirmed in time")
            return _("Not confirmed: %(title)s with %(name)s on %(time)s"), heading
        case ChangeKind.CANCELLED:
            return _("Cancelled: %(title)s with %(name)s on %(time)s"), _("Your meeting is cancelled")
    if whom == "invitee":
        return _("Please confirm: %(title)s with %(name)s on %(time)s"), _("Confirm your email address")
    return _("Asked for: %(title)s with %(name)s on %(time)s"), _("Your host has been asked")


def _what_next(meeting: Meeting, recipient: Recipient, waits: Waits) -> str:
    until = waits.until or meeting.start
    values = {
        "host": meeting.host.name,
        "invitee": meeting.invitee.name,
        "until": short_text(until.astimezone(ZoneInfo(recipient.time_zone)), locale=recipient.locale),
    }
    if recipient.is_host:
        return _("The time is kept for %(invitee)s until you decide, at the latest until %(until)s.") % values
    if waits.whom == "invitee":
        return _("Confirm that this address is yours. The time is kept for you until %(until)s.") % values
    return _("%(host)s has to accept it first, and has until %(until)s. You get a mail either way.") % values
