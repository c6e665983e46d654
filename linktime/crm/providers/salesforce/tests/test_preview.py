"""A dry run shows, field by field, what is then really written."""

import json

from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.core.clock import now
from linktime.crm import registry
from linktime.crm.dry_run import scenes

DETAILS = {"phone": "+12025550123", "notes": "Bring slides"}


def writes(meeting, *, before=None, known=False):
    shown = registry.provider("salesforce").preview(meeting, before=before, known=known)
    return [(write.object, write.creates, without_who(write.fields)) for write in shown]


def written(connected, emulator):
    """Drain, and return the records of the last call as they were sent."""
    connected.drain()
    parts = json.loads(emulator.exchanges()[-1]["request_body"])["compositeRequest"]
    sent = [part for part in parts if "body" in part]
    return [(part["url"].split("/")[5], part["method"] == "POST", without_who(part["body"])) for part in sent]


def without_who(fields):
    """Leave out whose Event it is: what is sent is a reference within the call."""
    return {name: value for name, value in fields.items() if name != "WhoId"}


def meeting(booking):
    return meeting_of(Booking.objects.get(pk=booking.pk))


def test_a_new_invitee(connected, emulator):
    booking = connected.book("grace@example.com", "Grace Hopper", **DETAILS)
    assert writes(meeting(booking)) == written(connected, emulator)


def test_a_known_invitee(connected, emulator):
    emulator.create("Contact", LastName="Hopper", Email="grace@example.com")
    booking = connected.book("grace@example.com", "Grace Hopper", **DETAILS)
    assert writes(meeting(booking), known=True) == written(connected, emulator)


def test_a_known_invitee_of_one_name(connected, emulator):
    emulator.create("Contact", LastName="Cher", Email="cher@example.com")
    booking = connected.book("cher@example.com", "Cher")
    assert writes(meeting(booking), known=True) == written(connected, emulator)


def test_each_change(connected, emulator):
    booking = connected.book("grace@example.com", "Grace Hopper", **DETAILS)
    connected.drain()
    for change in (connected.move, connected.move, connected.cancel):
        before = meeting(booking)
        change(booking)
        assert writes(meeting(booking), before=before) == written(connected, emulator)


def test_a_dry_run_sends_nothing(connected, emulator):
    booking = connected.book("grace@example.com")
    log = emulator.requests()
    shown = list(scenes(registry.provider("salesforce"), meeting(booking), now()))
    assert [len(scene.writes) for scene in shown] == [2, 2, 1, 1, 1]
    assert emulator.requests() == log
