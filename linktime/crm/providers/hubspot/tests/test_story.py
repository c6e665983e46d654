"""What each change of a booking looks like in HubSpot, and how many calls it takes."""

from linktime.bookings import actions
from linktime.crm.models import SyncAttempt
from linktime.crm.providers.hubspot.tests.shown import calls_of, meetings_of, only, record_of

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


def test_a_known_invitee_takes_two_calls(connected, emulator):
    """The last name and all else stay as the sales team has them; the case of the email does not matter."""
    emulator.create("contacts", lastname="Hopper-Murray", firstname="G.", email="grace@example.com", jobtitle="Adm.")
    connected.book("GRACE@Example.com", "Grace Hopper", phone=PHONE)
    assert calls_of(emulator, connected.drain) == 2
    facts = only(emulator.state()["contacts"])["properties"]
    assert (facts["firstname"], facts["lastname"], facts["phone"]) == ("Grace", "Hopper-Murray", PHONE)
    assert (facts["email"], facts["jobtitle"]) == ("grace@example.com", "Adm.")


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


def test_a_single_name_leaves_the_first_name_alone(connected, emulator):
    emulator.create("contacts", lastname="Sarkisian", firstname="Cherilyn", email="cher@example.com")
    connected.book("cher@example.com", "Cher")
    assert calls_of(emulator, connected.drain) == 2
    assert only(emulator.state()["contacts"])["properties"]["firstname"] == "Cherilyn"


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


def test_a_no_show_takes_one_call(connected, emulator):
    booking = connected.book("grace@example.com")
    connected.drain()
    actions.mark_no_show(booking, reason="", now=booking.start)
    assert calls_of(emulator, lambda: connected.drain(lambda: booking.start)) == 1
    assert only(emulator.state()["meetings"])["properties"]["hs_meeting_outcome"] == "NO_SHOW"


def test_a_burst_of_changes_is_one_call(connected, emulator):
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.move(booking)
    connected.move(booking)
    connected.cancel(booking)
    assert calls_of(emulator, connected.drain) == 1
    shown = only(emulator.state()["meetings"])["properties"]
    assert shown["hs_internal_meeting_notes"].count("Rescheduled from") == 2
    assert shown["hs_meeting_outcome"] == "CANCELED"
    assert record_of(booking).shown_revision == 4


def test_a_booking_cancelled_before_it_was_shown_ends_as_history(connected, emulator):
    connected.cancel(connected.book("grace@example.com"))
    connected.drain()
    assert only(emulator.state()["meetings"])["properties"]["hs_meeting_outcome"] == "CANCELED"
    assert len(emulator.state()["contacts"]) == 1


def test_every_attempt_is_logged_for_people(connected):
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.move(booking)
    connected.drain()
    rows = SyncAttempt.objects.order_by("id").values_list("action", "revision", "calls", "outcome")
    assert list(rows) == [("create", 1, 3, "done"), ("update", 2, 1, "done")]


def test_names_of_all_scripts_arrive_whole(connected, emulator):
    connected.book("li@example.com", "李小龙", notes="你好 🙂\nмир")
    connected.drain()
    assert only(emulator.state()["contacts"])["properties"]["lastname"] == "李小龙"
    assert only(emulator.state()["meetings"])["properties"]["hs_meeting_body"] == "<p>你好 🙂<br>мир</p>"


def test_an_email_with_an_apostrophe_is_one_person(connected, emulator):
    connected.book("o'brien@example.com", "Pat O'Brien")
    connected.book("O'Brien@example.com", "Pat O'Brien")
    assert calls_of(emulator, connected.drain) == 3
    assert only(emulator.state()["contacts"])["properties"]["email"] == "o'brien@example.com"
    assert len(emulator.state()["meetings"]) == 2


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
