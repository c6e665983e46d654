"""Texts of the host's own, with placeholders that each meeting fills: `Hello {invitee_first_name}`. Pure.

A text is checked when it is saved (`check`), so that filling it never fails.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from linktime.core import names
from linktime.core.faults import refuse
from linktime.core.meeting import Meeting
from linktime.core.when import clock_text, day_text, zone_text

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class OwnText:
    """What a mail says instead of the usual: an empty subject or body leaves the usual one. Plain text, no HTML."""

    subject: str = ""
    body: str = ""


NOTHING_OWN = OwnText()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: times are written in `time_zone` (IANA) as `locale` has them; `link` is empty for who has none."""

    time_zone: str
    locale: str
    link: str = ""


def _start(write: Callable[..., str]) -> Callable[[Meeting, Reader], str]:
    return lambda meeting, reader: write(meeting.start.astimezone(ZoneInfo(reader.time_zone)), locale=reader.locale)


_VALUES: dict[str, Callable[[Meeting, Reader], str]] = {
    "invitee_name": lambda meeting, _: meeting.invitee.name,
    "invitee_first_name": lambda meeting, _: names.split(meeting.invitee.name)[0] or meeting.invitee.name,
    "host_name": lambda meeting, _: meeting.host.name,
    "title": lambda meeting, _: meeting.title,
    "date": _start(day_text),
    "time": _start(clock_text),
    "time_zone": lambda _, reader: zone_text(reader.time_zone, locale=reader.locale),
    "location": lambda meeting, _: meeting.location,
    "link": lambda _, reader: reader.link,
}
NAMES = tuple(_VALUES)


def check(wording: str) -> str:
    """Return a text, which is clean otherwise, when all its placeholders are known; Invalid names one that is not."""
    unknown = [name for name in _PLACEHOLDER.findall(wording) if name not in _VALUES]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in NAMES)
        refuse("unknown_placeholder", f"There is no {{{unknown[0]}}}. Use {known}, or leave out the braces.")
    return wording


def fill(wording: str, meeting: Meeting, reader: Reader) -> str:
    """Return the text with the meeting's values, as plain text: whoever puts it into HTML escapes it.

    What a value says is never read as a placeholder itself.
    """
    return _PLACEHOLDER.sub(lambda found: _value(found[1], found[0], meeting, reader), wording)


def _value(name: str, as_typed: str, meeting: Meeting, reader: Reader) -> str:
    return _VALUES[name](meeting, reader) if name in _VALUES else as_typed
