"""From a meeting to the message that is sent: text, HTML and calendar entry."""

import hashlib
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from linktime.core.meeting import Meeting
from linktime.core.placeholders import NOTHING_OWN, OwnText
from linktime.core.trouble import Trouble
from linktime.notifications.ics import calendar_file, method_for
from linktime.notifications.waiting import Waits, waiting_wording
from linktime.notifications.wording import Recipient, Wording, follow_up, one_line, reminder, wording


def booking_message(meeting: Meeting, recipient: Recipient, own: OwnText = NOTHING_OWN) -> EmailMultiAlternatives:
    """Build the mail that tells a recipient of the meeting's last change, in their language and time zone.

    The calendar entry is there twice, as calendars themselves send it: as an alternative, which Gmail and Outlook act
    on, and as a file, which Apple Mail and everybody else can open.
    """
    with translation.override(recipient.language):
        message = _about(meeting, recipient, wording(meeting, recipient, own))
        method = method_for(meeting)
        entry = calendar_file(
            meeting, method, organizer=organizer(), zone=recipient.time_zone, with_link=not recipient.is_guest
        )
    message.extra_headers |= _identity(meeting, recipient)
    message.attach_alternative(entry.decode(), f"text/calendar; method={method}")
    message.attach("invite.ics", entry, "application/ics")
    return message


def reminder_message(
    meeting: Meeting, recipient: Recipient, own: OwnText = NOTHING_OWN, minutes: int = 0
) -> EmailMultiAlternatives:
    """Build the mail that goes out so many minutes before a meeting; the entry is in the calendar already."""
    with translation.override(recipient.language):
        return _beside(meeting, recipient, reminder(meeting, recipient, own), f"reminder-{minutes}")


def follow_up_message(
    meeting: Meeting, recipient: Recipient, own: OwnText = NOTHING_OWN, minutes: int = 0
) -> EmailMultiAlternatives:
    """Build the mail that goes out so many minutes after a meeting."""
    with translation.override(recipient.language):
        return _beside(meeting, recipient, follow_up(meeting, recipient, own), f"follow-up-{minutes}")


def waiting_message(meeting: Meeting, recipient: Recipient, waits: Waits) -> EmailMultiAlternatives:
    """Build the mail about the last change of a booking that waits, or waited in vain: nothing for a calendar yet."""
    with translation.override(recipient.language):
        message = _about(meeting, recipient, waiting_wording(meeting, recipient, waits))
    message.extra_headers |= _identity(meeting, recipient)
    return message


def organizer() -> str:
    """Return the address that stands as organizer in every calendar entry: that of the sender."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def reconnect_message(*, to: str, label: str, organisation: str, what: str, remedy: str) -> EmailMultiAlternatives:
    """Build the mail that tells an owner that a connection's grant is dead, and what to do about it."""
    heading = f"{label} needs to be reconnected"
    context = {
        "heading": heading,
        "label": label,
        "organisation": organisation,
        "what": what,
        "remedy": remedy,
        "link": f"{settings.BASE_URL}/dashboard/integrations/",
    }
    return _message("reconnect", f"{heading}: {organisation}", to, context)


def digest_message(*, to: str, account: str, troubles: Sequence[Trouble]) -> EmailMultiAlternatives:
    """Build the daily mail about bookings that did not reach a CRM."""
    count = sum(trouble.count for trouble in troubles)
    services = " and ".join(sorted({trouble.service for trouble in troubles}))
    heading = f"{count} booking{'' if count == 1 else 's'} did not reach {services}"
    context = {
        "heading": heading,
        "account": account,
        "troubles": troubles,
        "link": f"{settings.BASE_URL}/dashboard/activity/?state=failed",
        "settings": f"{settings.BASE_URL}/dashboard/settings/#mail-title",
    }
    return _message("digest", f"{heading}: {account}", to, context)


def _about(meeting: Meeting, recipient: Recipient, words: Wording) -> EmailMultiAlternatives:
    context = {"wording": words, "heading": words.heading}
    message = _message("booking", words.subject, recipient.email, context)
    message.reply_to = [meeting.invitee.email if recipient.is_host else meeting.host.email]
    return message


def _beside(meeting: Meeting, recipient: Recipient, words: Wording, name: str) -> EmailMultiAlternatives:
    """Build a mail that tells of no change; it stands with those that do."""
    message = _about(meeting, recipient, words)
    first = _message_id(meeting, recipient, "1")
    own = _message_id(meeting, recipient, f"{meeting.revision}-{name}")
    message.extra_headers |= {"Message-ID": own, "References": first, "In-Reply-To": first}
    return message


def _message(template: str, subject: str, to: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    # `to` is a bare address: names go where they can't be mistaken for one
    text = render_to_string(f"notifications/{template}.txt", context).strip()
    message = EmailMultiAlternatives(one_line(subject), f"{text}\n", to=[to])
    message.attach_alternative(render_to_string(f"notifications/{template}.html", context), "text/html")
    return message


def _identity(meeting: Meeting, recipient: Recipient) -> dict[str, str]:
    """Name the message so that one sent twice is seen once, and the mails about a booking stand together."""
    headers = {"Message-ID": _message_id(meeting, recipient, str(meeting.revision))}
    if meeting.revision > 1:
        headers["References"] = headers["In-Reply-To"] = _message_id(meeting, recipient, "1")
    return headers


def _message_id(meeting: Meeting, recipient: Recipient, what: str) -> str:
    # not the uid: whoever knows it may change the booking, and a Message-ID is quoted in every answer
    booking, whom = _digest(meeting.uid)[:24], _digest(recipient.email.lower())[:12]
    return f"<{booking}.{what}.{whom}@{urlsplit(settings.BASE_URL).hostname}>"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
