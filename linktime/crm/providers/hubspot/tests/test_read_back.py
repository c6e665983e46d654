"""What became of meetings in HubSpot is told, and brought back when somebody asks."""

import pytest

from linktime.crm.models import SyncRecord
from linktime.crm.providers.hubspot.tests.shown import meetings_of
from linktime.crm.testing.comparing import bring_back, compare, differences, drifts
from linktime.crm.testing.looking import only


@pytest.fixture
def booking(connected):
    booking = connected.book("grace@example.com", "Grace Hopper", notes="Moths")
    connected.drain()
    return booking


def meeting(emulator):
    return only(emulator.state()["meetings"])


def seen(connected, emulator):
    """Compare; it takes few calls, and writes nothing."""
    before, after = emulator.state(deleted=True), emulator.requests()[-1]["n"]
    compare(connected)
    assert emulator.state(deleted=True) == before
    asked = [row["path"].rpartition("/")[2] for row in emulator.requests(after)]
    assert set(asked) == {"read"}
    return drifts(), len(asked)


def test_what_stands_as_it_was_left_has_not_drifted(connected, emulator, booking):
    connected.move(booking)
    connected.drain()
    assert seen(connected, emulator) == ([], 2)


def test_a_deleted_meeting_is_made_anew(connected, emulator, booking):
    emulator.delete(meeting(emulator)["id"])
    found, _ = seen(connected, emulator)
    assert (only(found).kind, only(found).message) == ("deleted", "The meeting was deleted in HubSpot.")
    bring_back(connected, only(found))
    assert meeting(emulator)["properties"]["hs_meeting_title"] == "Intro call with Grace Hopper"
    assert SyncRecord.objects.get().meeting_id == meeting(emulator)["id"]
    assert seen(connected, emulator)[0] == []


def test_times_and_outcome_are_set_back_and_all_else_stays(connected, emulator, booking):
    before = meeting(emulator)["properties"]
    emulator.update(
        meeting(emulator)["id"],
        hs_meeting_start_time="2031-01-01T10:00:00Z",
        hs_meeting_outcome="CANCELED",
        hs_meeting_title="Lunch",
        hs_internal_meeting_notes="Bring slides",
    )
    found, _ = seen(connected, emulator)
    assert {name: restored for name, (_, _, restored) in differences(only(found)).items()} == {
        "hs_meeting_start_time": True,
        "hs_meeting_outcome": True,
        "hs_internal_meeting_notes": False,
    }
    bring_back(connected, only(found))
    after = meeting(emulator)["properties"]
    for name in ("hs_meeting_start_time", "hs_meeting_outcome"):
        assert after[name] == before[name]
    assert (after["hs_meeting_title"], after["hs_internal_meeting_notes"]) == ("Lunch", "Bring slides")


def test_notes_that_people_wrote_stay(connected, emulator, booking):
    emulator.update(meeting(emulator)["id"], hs_internal_meeting_notes="Bring slides")
    found, _ = seen(connected, emulator)
    assert (only(found).kind, only(found).remedy) == ("edited", "")


def test_a_meeting_that_took_place_has_not_drifted(connected, emulator, booking):
    emulator.update(meeting(emulator)["id"], hs_meeting_outcome="COMPLETED")
    assert seen(connected, emulator)[0] == []


def test_a_merged_contact_is_linked_anew(connected, emulator, booking):
    loser = SyncRecord.objects.get().contact_id
    winner = emulator.create("contacts", email="hopper@example.com", lastname="Hopper-Murray")
    emulator.merge(winner, loser)
    found, _ = seen(connected, emulator)
    assert only(found).kind == "merged"
    bring_back(connected, only(found))
    record = SyncRecord.objects.get()
    assert record.contact_id == winner
    assert winner in record.remote["contact_url"]
    assert meetings_of(emulator, winner) == [meeting(emulator)["id"]]
    assert seen(connected, emulator)[0] == []


def test_many_bookings_take_two_calls(connected, emulator, booking):
    others = [connected.book(f"invitee{n}@example.com", f"Invitee N{n}") for n in range(30)]
    connected.drain()
    emulator.delete(SyncRecord.objects.get(booking=others[7]).meeting_id)
    found, calls = seen(connected, emulator)
    assert ([drift.record.booking for drift in found], calls) == ([others[7]], 2)
