"""People at work over there: edits, deletions, merges."""

from datetime import datetime

from linktime.bookings.models import Booking
from linktime.core.meeting import Status
from linktime.crm.testing.looking import assert_shown, only, record_of, states, synced
from linktime.crm.testing.place import Place
from linktime.crm.testing.stage import Stage


class OverThereCases:
    def test_what_people_write_stays_through_every_change(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        theirs = stage.edit(only(stage.meetings()))
        place.move(booking)
        place.drain()
        assert (theirs in only(stage.meetings()).text, only(stage.meetings()).moves) == (True, 1)
        place.cancel(booking)
        place.drain()
        assert (theirs in only(stage.meetings()).text, only(stage.meetings()).moves) == (True, 1)
        assert_shown(stage, booking)

    def test_a_deleted_meeting_is_made_anew_by_a_reschedule(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        stage.delete_meeting(only(stage.meetings()))
        place.move(booking)
        place.drain()
        booking.refresh_from_db()
        meeting = only(stage.meetings())
        assert (meeting.start, meeting.status) == (booking.start, Status.CONFIRMED)
        assert meeting.contact_id == only(stage.contacts()).id
        assert states([booking]) == ["synced"]

    def test_a_deleted_meeting_does_not_come_back_as_one_that_takes_place(self, place: Place, stage: Stage) -> None:
        cancelled, missed = synced(place), synced(place)
        for meeting in stage.meetings():
            stage.delete_meeting(meeting)
        place.cancel(cancelled)
        place.no_show(missed)
        place.drain(lambda: missed.start)
        assert Status.CONFIRMED not in {meeting.status for meeting in stage.meetings()}
        assert {record_of(booking).state for booking in (cancelled, missed)} <= {"synced", "skipped"}

    def test_a_deleted_meeting_holds_up_no_other(self, place: Place, stage: Stage) -> None:
        bookings = [synced(place, f"invitee{number}@example.com") for number in range(3)]
        stage.delete_meeting(only(one for one in stage.meetings() if one.id == record_of(bookings[1]).meeting_id))
        for booking in bookings:
            place.move(booking)
        place.drain()
        assert states(bookings) == ["synced"] * 3
        assert {meeting.start for meeting in stage.meetings()} == {start_of(booking) for booking in bookings}

    def test_a_deleted_contact_is_made_again_by_the_next_booking(self, place: Place, stage: Stage) -> None:
        synced(place)
        gone = only(stage.contacts()).id
        stage.delete_contact(gone)
        booking = synced(place)
        assert only(stage.contacts()).id != gone
        assert_shown(stage, booking)

    def test_a_reschedule_is_shown_though_the_contact_was_deleted(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        stage.delete_contact(only(stage.contacts()).id)
        place.move(booking)
        place.drain()
        assert only(stage.meetings()).start == start_of(booking)
        assert states([booking]) == ["synced"]

    def test_after_a_merge_everything_goes_on_with_the_winner(self, place: Place, stage: Stage) -> None:
        moved, cancelled = synced(place), synced(place)
        winner = stage.merge(only(stage.contacts()).id)
        place.move(moved)
        place.cancel(cancelled)
        new = place.book("grace@example.com")
        place.drain()
        assert only(stage.contacts()).id == winner
        assert [meeting.contact_id for meeting in stage.meetings()] == [winner] * 3
        assert states([moved, cancelled, new]) == ["synced"] * 3


def start_of(booking: Booking) -> datetime:
    booking.refresh_from_db()
    return booking.start
