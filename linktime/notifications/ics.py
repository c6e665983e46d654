"""A meeting as an iCalendar file (RFC 5545, 5546). Pure: from `core.meeting` values alone.

A calendar knows an entry again by its UID and takes the change with the higher SEQUENCE, whatever the order in which
mails arrive. Times stand in the reader's zone, which the file defines by itself.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from linktime.core.meeting import Meeting
from linktime.notifications.wording import one_line
from linktime.notifications.zones import time_zone

_RISKY = re.compile(r'[%?#"<>\\^`{|}\s]')
_ENTRIES = UUID("6f0c2a1e-5d0b-5c1c-9c55-3d6f3a0f2b11")  # never to change: entries would be made a second time


class Method(StrEnum):
    """REQUEST makes or changes an entry, CANCEL removes it; PUBLISH is for a file that a person downloads."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


def calendar_file(meeting: Meeting, method: str, *, organizer: str, zone: str, with_link: bool = True) -> bytes:
    """Return the .ics file of a meeting, UTF-8, in the language that is active; `method` is one of `Method`.

    `organizer` is the address that sends every mail about meetings, so that it stays the same however hosts change;
    `zone` is the reader's. `with_link` is False for guests: changing the meeting is the invitee's and the hosts'
    affair. PUBLISH leaves out the attendees (RFC 5546 3.2.1): with them, Outlook takes a downloaded file for an
    invitation.
    """
    calendar = Calendar()
    calendar.add("PRODID", "-//LinkTime//LinkTime//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", str(method))
    if not _is_utc(zone):
        calendar.add_component(time_zone(zone, meeting.start, meeting.end))
    event = _entry(meeting, zone, link=meeting.url if with_link else "")
    event.add("ORGANIZER", _address(organizer, meeting.host.name))
    if method != Method.PUBLISH:
        _add_attendees(event, meeting)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def method_for(meeting: Meeting) -> Method:
    """Return the method that brings calendars to the meeting's state."""
    return Method.CANCEL if meeting.cancelled else Method.REQUEST


def uid(meeting: Meeting) -> str:
    """Return the entry's UID, the same for everybody and through every change.

    It is made from the booking's own, one way: whoever knows that one may move and cancel the meeting, and a calendar
    entry is seen by guests and by everybody who can see a calendar.
    """
    return str(uuid5(_ENTRIES, meeting.uid))


def summary(meeting: Meeting) -> str:
    """Return a title that reads well in everybody's calendar: `Intro call: Ada Lovelace and Grace Hopper`."""
    people = _("%(host)s and %(invitee)s") % {"host": meeting.host.name, "invitee": meeting.invitee.name}
    return one_line(f"{meeting.title}: {people}")


def _entry(meeting: Meeting, zone: str, *, link: str) -> Event:
    event = Event()
    event.add("UID", uid(meeting))
    event.add("SEQUENCE", meeting.revision - 1)
    event.add("DTSTAMP", meeting.history[-1].at.astimezone(UTC))
    event.add("CREATED", meeting.history[0].at.astimezone(UTC))
    event.add("LAST-MODIFIED", meeting.history[-1].at.astimezone(UTC))
    event.add("DTSTART", _at(meeting.start, zone))
    event.add("DTEND", _at(meeting.end, zone))
    event.add("SUMMARY", summary(meeting))
    event.add("STATUS", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if meeting.cancelled else "OPAQUE")
    event.add("DESCRIPTION", _description(meeting, link))
    if meeting.location:
        event.add("LOCATION", one_line(meeting.location))
    if link:
        event.add("URL", link)
    return event


def _is_utc(zone: str) -> bool:
    return zone in {"UTC", "Etc/UTC"}


def _at(instant: datetime, zone: str) -> datetime:
    """Write an instant in a zone; a repeated hour's second turn can only be told in UTC (RFC 5545 3.3.5)."""
    local = instant.astimezone(UTC if _is_utc(zone) else ZoneInfo(zone))
    return instant.astimezone(UTC) if local.fold else local


def _add_attendees(event: Event, meeting: Meeting) -> None:
    """Hosts and invitee have agreed to come; guests are asked."""
    agreed = {"CUTYPE": "INDIVIDUAL", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    for host in meeting.hosts:
        event.add("ATTENDEE", _address(host.email, host.name, ROLE="CHAIR", **agreed))
    event.add("ATTENDEE", _address(meeting.invitee.email, meeting.invitee.name, ROLE="REQ-PARTICIPANT", **agreed))
    for guest in meeting.guests:
        asked = agreed | {"ROLE": "OPT-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
        event.add("ATTENDEE", _address(guest, guest, **asked))


def _address(email: str, name: str, **parameters: str) -> vCalAddress:
    # Only what would change how the address is read is encoded: many programs take it literally.
    address = vCalAddress("mailto:" + _RISKY.sub(lambda match: quote(match[0]), email))
    # A double quote can't stand in a parameter, and few programs read RFC 6868's way to write it.
    address.params["CN"] = one_line(name).replace('"', "'")
    address.params.update(parameters)
    return address


def _description(meeting: Meeting, link: str) -> str:
    parts = [meeting.notes, *(f"{answer.label}: {answer.value}" for answer in meeting.answers)]
    if meeting.cancelled and meeting.cancellation_reason:
        parts.insert(0, _("Cancelled: %s") % meeting.cancellation_reason)
    if link and not meeting.cancelled:
        parts.append(_("Change or cancel: %s") % link)
    return "\n\n".join(part for part in parts if part)
