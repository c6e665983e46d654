"""What each change of a booking looks like in HubSpot, and how many calls it takes."""

from linktime.crm.providers.hubspot.tests.shown import meetings_of
from linktime.crm.testing.looking import only, record_of
from tests.emulated import calls_of

PHONE = "+12025550123"


def test_a_new_invitee_takes_three_calls(connected, emulator):
    """The first booking of an unknown email makes a contact, gives it its last name, and makes a meeting."""
    booking = connected.book("grace@example.com", "Mary Jane Watson", phone=PHONE, notes="Hello\n<b>")
    assert calls_of(emulator, connected.drain) == 3
    contact, meeting = only(emulator.state()["contacts"]), only(emulator.state()["meetings"])
    facts = contact["properties"]
    assert (facts["firstname"], facts["lastname"], facts["email"]) == ("Mary Jane", "Watson", "grace@example.com")
    assert facts["phone"] == PHONE
    shown = meeting["properties"]
    assert shown["hs_meeting_title"] == "Intro call with Mary Jane Watson"
    assert shown["hs_meeting_body"] == "<p>Hello<br>&lt;b&gt;</p>"
    assert shown["hs_meeting_outcome"] == "SCHEDULED"
    assert shown["hs_timestamp"] == shown["hs_meeting_start_time"] < shown["hs_meeting_end_time"]
    assert shown["hs_internal_meeting_notes"] == f"LinkTime booking {booking.uid}"
    assert meetings_of(emulator, contact["id"]) == [meeting["id"]]
    record = record_of(booking)
    assert (record.state, record.contact_id, record.meeting_id) == ("synced", contact["id"], meeting["id"])
    assert (record.attempt, record.shown_revision) == (None, 1)


def test_a_known_contact_without_a_last_name_stays_without(connected, emulator):
    emulator.create("contacts", firstname="Grace", email="grace@example.com")
    connected.book("grace@example.com", "Grace Hopper")
    connected.drain()
    assert "lastname" not in only(emulator.state()["contacts"])["properties"]


def test_a_second_email_address_finds_the_same_contact(connected, emulator):
    """Its first address stays the first."""
    emulator.create("contacts", lastname="H", email="grace@work.example", hs_additional_emails="grace@home.example")
    connected.book("grace@home.example")
    assert calls_of(emulator, connected.drain) == 2
    assert only(emulator.state()["contacts"])["properties"]["email"] == "grace@work.example"


def test_moving_takes_one_call(connected, emulator):
    """The same meeting moves on the timeline too, and says where it was."""
    booking = connected.book("grace@example.com")
    connected.drain()
    before = only(emulator.state()["meetings"])
    connected.move(booking)
    assert calls_of(emulator, connected.drain) == 1
    after = only(emulator.state()["meetings"])
    shown = after["properties"]
    assert after["id"] == before["id"]
    assert shown["hs_timestamp"] == shown["hs_meeting_start_time"] > before["properties"]["hs_meeting_start_time"]
    assert shown["hs_meeting_outcome"] == "RESCHEDULED"
    assert shown["hs_internal_meeting_notes"].startswith("Rescheduled from ")
    assert shown["hs_internal_meeting_notes"].endswith(f"(Europe/London)\nLinkTime booking {booking.uid}")


def test_cancelling_takes_one_call_and_deletes_nothing(connected, emulator):
    booking = connected.book("grace@example.com")
    connected.drain()
    before = only(emulator.state()["meetings"])["properties"]
    connected.cancel(booking)
    assert calls_of(emulator, connected.drain) == 1
    after = only(emulator.state()["meetings"])["properties"]
    changed = {name for name in after if after[name] != before.get(name)}
    assert after["hs_meeting_outcome"] == "CANCELED"
    assert changed == {"hs_meeting_outcome", "hs_lastmodifieddate"}


def test_the_record_pages_are_linked(connected, emulator):
    from linktime.crm import registry
    from linktime.crm.claim import remote_of

    booking = connected.book("grace@example.com")
    connected.drain()
    provider, remote = registry.provider("hubspot"), remote_of(record_of(booking))
    assert (
        provider.contact_url(emulator.url, remote) == f"{emulator.url}/contacts/1234567/record/0-1/{remote.contact_id}"
    )
    assert (
        provider.meeting_url(emulator.url, remote) == f"{emulator.url}/contacts/1234567/record/0-47/{remote.meeting_id}"
    )
