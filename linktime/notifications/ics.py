"""A meeting as an iCalendar file (RFC 5545, 5546). Pure: from `core.meeting` values alone.

A calendar knows an entry again by its UID and takes the change with the higher SEQUENCE, whatever the order in which
mails arrive. Times are in UTC: a single meeting needs no time zone, and nobody's stale zone data can move it.
"""

import re
from datetime import UTC
from enum import StrEnum
from urllib.parse import quote, urlsplit

from icalendar import Calendar, Event, vCalAddress

from linktime.core.meeting import Meeting
from linktime.notifications.wording import one_line

_RISKY = re.compile(r'[%?#"<>\\^`{|}\s]')


class Method(StrEnum):
    """REQUEST makes or changes an entry, CANCEL removes it; PUBLISH is for a file that a person downloads."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


def calendar_file(meeting: Meeting, method: str, *, with_link: bool = True) -> bytes:
    """Return the .ics file of a meeting, UTF-8; `method` is one of `Method`.

    `with_link` is False for guests: changing the meeting is the invitee's and the hosts' affair. PUBLISH leaves out the
    attendees (RFC 5546 3.2.1): with them, Outlook takes a downloaded file for an invitation.
    """
    calendar = Calendar()
    calendar.add("PRODID", "-//LinkTime//LinkTime//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", str(method))
    calendar.add_component(
        _entry(meeting, with_attendees=method != Method.PUBLISH, link=meeting.url if with_link else "")
    )
    return bytes(calendar.to_ical())


def method_for(meeting: Meeting) -> Method:
    """Return the method that brings calendars to the meeting's state."""
    return Method.CANCEL if meeting.cancelled else Method.REQUEST


def uid(meeting: Meeting) -> str:
    """Return the entry's UID: the booking's, at the host name of this installation."""
    return f"{meeting.uid}@{urlsplit(meeting.url).hostname}"


def summary(meeting: Meeting) -> str:
    """Return a title that reads well in everybody's calendar: `Intro call: Ada Lovelace and Grace Hopper`."""
    return one_line(f"{meeting.title}: {meeting.host.name} and {meeting.invitee.name}")


def _entry(meeting: Meeting, *, with_attendees: bool, link: str) -> Event:
    event = Event()
    event.add("UID", uid(meeting))
    event.add("SEQUENCE", meeting.revision - 1)
    event.add("DTSTAMP", meeting.history[-1].at.astimezone(UTC))
    event.add("CREATED", meeting.history[0].at.astimezone(UTC))
    event.add("LAST-MODIFIED", meeting.history[-1].at.astimezone(UTC))
    event.add("DTSTART", meeting.start.astimezone(UTC))
    event.add("DTEND", meeting.end.astimezone(UTC))
    event.add("SUMMARY", summary(meeting))
    event.add("STATUS", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if meeting.cancelled else "OPAQUE")
    event.add("DESCRIPTION", _description(meeting, link))
    if meeting.location:
        event.add("LOCATION", meeting.location)
    if link:
        event.add("URL", link)
    event.add("ORGANIZER", _address(meeting.host.email, meeting.host.name))
    if with_attendees:
        _add_attendees(event, meeting)
    return event


def _add_attendees(event: Event, meeting: Meeting) -> None:
    """Hosts and invitee have agreed to come; guests are asked."""
    for host in meeting.hosts:
        event.add("ATTENDEE", _address(host.email, host.name, ROLE="CHAIR", PARTSTAT="ACCEPTED"))
    invitee = meeting.invitee
    event.add("ATTENDEE", _address(invitee.email, invitee.name, ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED"))
    for guest in meeting.guests:
        asked = {"ROLE": "OPT-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
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
        parts.insert(0, f"Cancelled: {meeting.cancellation_reason}")
    if link and not meeting.cancelled:
        parts.append(f"Change or cancel: {link}")
    return "\n\n".join(part for part in parts if part)
