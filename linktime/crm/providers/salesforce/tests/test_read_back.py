"""What became of Events in Salesforce is told, and brought back when somebody asks."""

import pytest

from linktime.crm.models import SyncRecord
from linktime.crm.testing.comparing import bring_back, compare, differences, drifts
from linktime.crm.testing.looking import only


@pytest.fixture
def booking(connected):
    booking = connected.book("grace@example.com", "Grace Hopper", notes="Moths")
    connected.drain()
    return booking


def event(emulator):
    return only(emulator.state()["events"])


def records(emulator):
    state = emulator.state(deleted=True)
    return state["contacts"], state["events"]


def seen(connected, emulator):
    """Compare; it takes few calls, and writes nothing."""
    before, after = records(emulator), emulator.requests()[-1]["n"]
    compare(connected)
    assert records(emulator) == before
    assert {row["method"] for row in emulator.requests(after)} == {"GET"}
    return drifts(), len(emulator.requests(after))


def test_what_stands_as_it_was_left_has_not_drifted(connected, emulator, booking):
    connected.move(booking)
    connected.drain()
    assert seen(connected, emulator) == ([], 1)


def test_a_deleted_event_is_made_anew(connected, emulator, booking):
    emulator.delete(event(emulator)["Id"])
    found, calls = seen(connected, emulator)
    assert (only(found).kind, calls) == ("deleted", 1)
    assert only(found).message == "The Event was deleted in Salesforce."
    bring_back(connected, only(found))
    assert (event(emulator)["Subject"], event(emulator)["Description"]) == ("Intro call with Grace Hopper", "Moths")
    assert SyncRecord.objects.get().meeting_id == event(emulator)["Id"]
    assert len(emulator.state()["contacts"]) == 1
    assert seen(connected, emulator)[0] == []


def test_a_cancelled_booking_comes_back_as_history(connected, emulator, booking):
    connected.cancel(booking)
    connected.drain()
    emulator.delete(event(emulator)["Id"])
    found, _ = seen(connected, emulator)
    bring_back(connected, only(found))
    assert event(emulator)["Subject"] == "[Cancelled] Intro call with Grace Hopper"


def test_an_event_that_is_not_to_be_seen_is_told_as_that(connected, emulator, booking):
    emulator.delete(event(emulator)["Id"], purge=True)
    found, _ = seen(connected, emulator)
    assert "or hidden from the connected user" in only(found).message
    assert "two then" in only(found).remedy


def test_what_people_wrote_is_told_and_stays(connected, emulator, booking):
    emulator.update(event(emulator)["Id"], Description="Bring slides\nMoths", Subject="Lunch")
    found, _ = seen(connected, emulator)
    assert only(found).kind == "edited"
    assert differences(only(found)) == {
        "Subject": ("Intro call with Grace Hopper", "Lunch", False),
        "Description": ("Moths", "Bring slides\nMoths", False),
    }
    assert only(found).remedy == ""


def test_an_event_that_was_moved_there_is_set_back_and_its_texts_stay(connected, emulator, booking):
    before = event(emulator)
    emulator.update(
        before["Id"],
        StartDateTime="2031-01-01T10:00:00Z",
        EndDateTime="2031-01-01T10:30:00Z",
        DurationInMinutes=None,
        Description="Bring slides",
    )
    found, _ = seen(connected, emulator)
    assert {name: restored for name, (_, _, restored) in differences(only(found)).items()} == {
        "Description": False,
        "StartDateTime": True,
        "EndDateTime": True,
    }
    bring_back(connected, only(found))
    after = event(emulator)
    assert (after["StartDateTime"], after["EndDateTime"]) == (before["StartDateTime"], before["EndDateTime"])
    assert (after["Id"], after["Description"]) == (before["Id"], "Bring slides")
    assert seen(connected, emulator)[0] == []


def test_a_merged_contact_is_linked_anew(connected, emulator, booking):
    loser = only(emulator.state()["contacts"])["Id"]
    winner = emulator.create("Contact", LastName="Hopper-Murray", Email="grace@example.com")
    emulator.merge(winner, loser)
    found, calls = seen(connected, emulator)
    assert (only(found).kind, calls) == ("merged", 2)
    bring_back(connected, only(found))
    assert SyncRecord.objects.get().contact_id == winner
    assert only(emulator.state()["contacts"])["LastName"] == "Hopper-Murray"
    assert seen(connected, emulator) == ([], 1)


def test_an_event_that_lost_its_contact_says_so(connected, emulator, booking):
    emulator.settings(delete_takes_events=False)
    emulator.update(event(emulator)["Id"], WhoId=None)
    found, _ = seen(connected, emulator)
    assert list(differences(only(found))) == ["WhoId"]
    assert only(found).remedy == ""


def test_many_bookings_take_one_call(connected, emulator, booking):
    others = [connected.book(f"invitee{n}@example.com", f"Invitee N{n}") for n in range(30)]
    connected.drain()
    emulator.delete(SyncRecord.objects.get(booking=others[7]).meeting_id)
    found, calls = seen(connected, emulator)
    assert ([drift.record.booking for drift in found], calls) == ([others[7]], 1)
