"""A dry run shows, attribute by attribute, what is then really written."""

import json

from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.crm import registry

DETAILS = {"phone": "+12025550123", "notes": "Bring slides"}


def writes(meeting, *, before=None, known=False):
    shown = registry.provider("attio").preview(meeting, before=before, known=known)
    return [
        (write.object, {**write.fields, **({"parent_record_id": ""} if write.object == "note" else {})})
        for write in shown
    ]


def written(connected, emulator):
    """Drain, and return what was sent: a person's values together, then each note."""
    after = emulator.requests()[-1]["n"] if emulator.requests() else 0
    connected.drain()
    person, notes = {}, []
    for exchange in emulator.exchanges(after):
        if exchange["method"] in ("PUT", "PATCH"):
            person |= json.loads(exchange["request_body"])["data"]["values"]
        elif exchange["method"] == "POST" and exchange["path"].endswith("/notes"):
            notes.append(("note", json.loads(exchange["request_body"])["data"] | {"parent_record_id": ""}))
    return [("person", flat(person)), *notes] if person else notes


def flat(values):
    found = {"email_addresses": values["email_addresses"][0]}
    for slug in ("name", "phone_numbers"):
        for row in values.get(slug, ()):
            found |= {f"{slug}.{part}": text for part, text in row.items() if text is not None}
    return found


def meeting(booking):
    return meeting_of(Booking.objects.get(pk=booking.pk))


def test_a_new_invitee(connected, emulator):
    booking = connected.book("grace@example.com", "Grace Hopper", **DETAILS)
    assert writes(meeting(booking)) == written(connected, emulator)


def test_a_known_invitee_who_lacks_the_name_and_the_phone(connected, emulator):
    """The email is how the person is found."""
    emulator.create("people", email_addresses="grace@example.com")
    booking = connected.book("grace@example.com", "Grace Hopper", **DETAILS)
    found = written(connected, emulator)
    assert found[0][1].pop("email_addresses") == "grace@example.com"
    assert writes(meeting(booking), known=True) == found


def test_each_change(connected, emulator):
    booking = connected.book("grace@example.com", "Grace Hopper", **DETAILS)
    connected.drain()
    for change in (connected.move, connected.move, connected.cancel):
        before = meeting(booking)
        change(booking)
        assert writes(meeting(booking), before=before) == written(connected, emulator)


def test_a_booking_with_a_history_brings_all_of_it(connected, emulator):
    """As a backfill would."""
    booking = connected.book("grace@example.com", "Grace Hopper", **DETAILS)
    connected.move(booking)
    connected.cancel(booking)
    assert writes(meeting(booking)) == written(connected, emulator)
