"""A dry run shows, property by property, what is then really written."""

import json

from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.crm import registry

DETAILS = {"phone": "+12025550123", "notes": "Bring slides"}
OBJECTS = {"contacts": "contact", "meetings": "meeting"}


def writes(meeting, *, before=None, known=False):
    """Return the properties for each kind of record; HubSpot takes those of a contact in one call or two."""
    shown = registry.provider("hubspot").preview(meeting, before=before, known=known)
    return {write.object: {k: v for k, v in write.fields.items() if k != "associations"} for write in shown}


def written(connected, emulator):
    after = emulator.requests()[-1]["n"] if emulator.requests() else 0
    connected.drain()
    found = {}
    for exchange in emulator.exchanges(after):
        kind, call = exchange["path"].split("/")[-3], exchange["path"].rpartition("/")[2]
        if kind in OBJECTS and call != "read":
            (one,) = json.loads(exchange["request_body"])["inputs"]
            email = {"email": one["id"]} if call == "upsert" else {}
            found[OBJECTS[kind]] = {**found.get(OBJECTS[kind], {}), **email, **one["properties"]}
    return found


def meeting(booking):
    return meeting_of(Booking.objects.get(pk=booking.pk))


def test_a_new_invitee(connected, emulator):
    booking = connected.book("Grace@Example.com", "Grace Hopper", **DETAILS)
    assert writes(meeting(booking)) == written(connected, emulator)


def test_a_known_invitee(connected, emulator):
    """The email is how the contact is found."""
    emulator.create("contacts", email="grace@example.com", lastname="Hopper")
    booking = connected.book("grace@example.com", "Grace Hopper", **DETAILS)
    found = written(connected, emulator)
    assert found["contact"].pop("email") == "grace@example.com"
    assert writes(meeting(booking), known=True) == found


def test_each_change(connected, emulator):
    booking = connected.book("grace@example.com", "Grace Hopper", **DETAILS)
    connected.drain()
    for change in (connected.move, connected.move, connected.cancel):
        before = meeting(booking)
        change(booking)
        assert writes(meeting(booking), before=before) == written(connected, emulator)
