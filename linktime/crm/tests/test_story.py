"""What each change of a booking looks like in Salesforce, and how many calls it takes."""

from linktime.bookings import actions
from linktime.crm.models import SyncAttempt, SyncRecord


def calls_of(emulator, act):
    before = emulator.api_calls()
    act()
    return emulator.api_calls() - before


def only(rows):
    (row,) = rows
    return row


def record_of(booking):
    return SyncRecord.objects.get(booking=booking)


def test_a_new_invitee_takes_two_calls(connected, emulator):
    """The first booking of an unknown email makes a Contact and an Event."""
    booking = connected.book("grace@example.com", "Mary Jane Watson", phone="+12025550123", notes="Hello")
    assert calls_of(emulator, connected.drain) == 2
    contact, event = only(emulator.state()["contacts"]), only(emulator.state()["events"])
    names = (contact["FirstName"], contact["LastName"], contact["Email"], contact["Phone"])
    assert names == ("Mary Jane", "Watson", "grace@example.com", "+12025550123")
    assert (event["Subject"], event["Description"]) == ("Intro call with Mary Jane Watson", "Hello")
    assert event["WhoId"] == contact["Id"]
    record = record_of(booking)
    assert (record.state, record.contact_id, record.meeting_id) == ("synced", contact["Id"], event["Id"])
    assert (record.attempt, record.shown_revision) == (None, 1)


def test_a_known_invitee_takes_one_call(connected, emulator):
    """LastName and all else stay as the sales team has them; the case of the email does not matter."""
    known = emulator.create(
        "Contact", LastName="Hopper-Murray", FirstName="G.", Email="GRACE@Example.com", Title="Adm."
    )
    connected.book("grace@example.com", "Grace Hopper", phone="+12025550123")
    assert calls_of(emulator, connected.drain) == 1
    contact = only(emulator.state()["contacts"])
    assert (contact["FirstName"], contact["LastName"], contact["Phone"]) == ("Grace", "Hopper-Murray", "+12025550123")
    assert (contact["Email"], contact["Title"]) == ("GRACE@Example.com", "Adm.")
    assert only(emulator.state()["events"])["WhoId"] == known


def test_a_single_name_leaves_the_first_name_alone(connected, emulator):
    emulator.create("Contact", LastName="Sarkisian", FirstName="Cherilyn", Email="cher@example.com")
    connected.book("cher@example.com", "Cher")
    assert calls_of(emulator, connected.drain) == 1
    assert only(emulator.state()["contacts"])["FirstName"] == "Cherilyn"


def test_of_several_contacts_the_most_active_is_used_then_the_oldest(connected, emulator):
    oldest = emulator.create("Contact", LastName="One", Email="grace@example.com")
    active = emulator.create("Contact", LastName="Two", Email="grace@example.com")
    connected.book("grace@example.com")
    connected.drain()
    assert only(emulator.state()["events"])["WhoId"] == oldest
    emulator.create("Event", Subject="Lunch", WhoId=active, StartDateTime="2027-06-01T10:00:00Z", DurationInMinutes=30)
    connected.book("grace@example.com")
    connected.drain()
    assert {event["WhoId"] for event in emulator.state()["events"]} == {oldest, active}


def test_moving_takes_one_call(connected, emulator):
    """The same Event moves, and says where it was."""
    booking = connected.book("grace@example.com")
    connected.drain()
    before = only(emulator.state()["events"])
    connected.move(booking)
    assert calls_of(emulator, connected.drain) == 1
    event = only(emulator.state()["events"])
    assert event["Id"] == before["Id"]
    assert event["StartDateTime"] > before["StartDateTime"]
    assert event["Description"].startswith("Rescheduled from ")
    assert event["Description"].endswith("(Europe/London)\nBooked via LinkTime")


def test_cancelling_takes_one_call_and_deletes_nothing(connected, emulator):
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.cancel(booking)
    assert calls_of(emulator, connected.drain) == 1
    assert only(emulator.state()["events"])["Subject"] == "[Cancelled] Intro call with Grace Hopper"


def test_a_no_show_takes_one_call_and_marks_the_event(connected, emulator):
    booking = connected.book("grace@example.com")
    connected.drain()
    actions.mark_no_show(booking, reason="", now=booking.start)
    assert calls_of(emulator, lambda: connected.drain(lambda: booking.start)) == 1
    assert only(emulator.state()["events"])["Subject"] == "[No-show] Intro call with Grace Hopper"


def test_a_burst_of_changes_is_one_call(connected, emulator):
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.move(booking)
    connected.move(booking)
    connected.cancel(booking)
    assert calls_of(emulator, connected.drain) == 1
    event = only(emulator.state()["events"])
    assert event["Description"].count("Rescheduled from") == 2
    assert record_of(booking).shown_revision == 4


def test_a_booking_cancelled_before_it_was_shown_ends_as_history(connected, emulator):
    connected.cancel(connected.book("grace@example.com"))
    connected.drain()
    assert only(emulator.state()["events"])["Subject"].startswith("[Cancelled] ")
    assert len(emulator.state()["contacts"]) == 1


def test_every_attempt_is_logged_for_people(connected):
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.move(booking)
    connected.drain()
    rows = SyncAttempt.objects.order_by("id").values_list("action", "revision", "calls", "outcome")
    assert list(rows) == [("create", 1, 2, "done"), ("update", 2, 1, "done")]


def test_an_email_with_an_apostrophe_is_one_person(connected, emulator):
    connected.book("o'brien@example.com", "Pat O'Brien")
    connected.book("o'brien@example.com", "Pat O'Brien")
    connected.drain()
    assert only(emulator.state()["contacts"])["Email"] == "o'brien@example.com"
    assert len(emulator.state()["events"]) == 2


def test_names_of_all_scripts_arrive_whole(connected, emulator):
    connected.book("li@example.com", "李小龙", notes="你好 🙂\nмир")
    connected.drain()
    assert only(emulator.state()["contacts"])["LastName"] == "李小龙"
    assert only(emulator.state()["events"])["Description"] == "你好 🙂\nмир"
