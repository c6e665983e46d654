"""Texts of the host's own, with placeholders."""

from dataclasses import replace

import pytest

from linktime.core import placeholders
from linktime.core.errors import Invalid
from linktime.core.placeholders import Reader
from linktime.notifications.tests.meetings import GRACE, meeting

NEW_YORK = Reader("America/New_York", "en-US", "https://meet.example.com/b/x")


def filled(wording, booking=None, reader=NEW_YORK):
    return placeholders.fill(placeholders.check(wording), booking or meeting(), reader)


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("Hello {invitee_first_name}, {host_name} waits.", "Hello Grace, Ada Lovelace waits."),
        ("{title}: {date}, {time} ({time_zone})", "Intro call: Monday, November 30, 2026, 4:00 AM (New York time)"),
        ("{location}: {link}", "Room 5, Somerset House: https://meet.example.com/b/x"),
        ("{invitee_name} {", "Grace Hopper {"),
        ("", ""),
    ],
)  # fmt: skip
def test_each_meeting_fills_them(wording, text):
    assert filled(wording) == text


def test_dates_are_the_readers():
    assert filled("{date}, {time}", reader=Reader("Europe/Berlin", "de")) == "Montag, 30. November 2026, 10:00"


@pytest.mark.parametrize(
    "wording", ["{nmae}", "{Invitee_name}", "{ title }", "{}", "{invitee.name}", "{0}", "{title!r}"]
)
def test_an_unknown_one_is_refused_when_the_text_is_saved(wording):
    with pytest.raises(Invalid) as raised:
        placeholders.check(wording)
    (fault,) = raised.value.faults
    assert fault.code == "unknown_placeholder"
    assert "{invitee_name}" in fault.message


def test_what_a_value_says_is_no_placeholder():
    """Somebody who is called like one reads nothing that is not theirs."""
    booking = meeting(invitee=replace(GRACE, name="{link} {host_name}"))
    assert filled("Hello {invitee_name}", booking) == "Hello {link} {host_name}"


def test_html_stays_text():
    booking = meeting(title="<b>Intro</b>")
    assert filled("<i>{title}</i>", booking) == "<i><b>Intro</b></i>"
