"""No CRM promises to do a thing once: what becomes of a request whose answer never came."""

from linktime.bookings.models import Booking
from linktime.core.meeting import Status
from linktime.crm.testing.looking import assert_shown, only, record_of, states, synced
from linktime.crm.testing.place import Place, later
from linktime.crm.testing.stage import Stage, Trouble

HALF_A_MINUTE = {"seconds": 35}
A_MINUTE = {"seconds": 65}
A_WHILE = {"minutes": 5}
A_QUARTER = {"minutes": 17}


def lose(place: Place, stage: Stage, create: str, trouble: Trouble) -> Booking:
    """Book, and lose the answer to one request on the way."""
    if stage.creates[create]:
        stage.add_contact("grace@example.com", "Grace", "Hopper")
    stage.disturb(create, trouble)
    booking = place.book("grace@example.com", phone="+12025550123")
    place.drain()
    assert stage.disturbed()
    assert (record_of(booking).state, record_of(booking).error_code) == ("pending", "answer_lost")
    return booking


def assert_complete(stage: Stage, booking: Booking) -> None:
    """Check that nothing is there twice, and nothing is missing."""
    assert len(stage.contacts()) == len(stage.meetings()) == 1
    contact = only(stage.contacts())
    assert (contact.name, contact.phone) == ("Grace Hopper", "+12025550123")
    assert_shown(stage, booking)


class LostCases:
    def test_what_arrived_is_adopted(self, place: Place, stage: Stage, create: str) -> None:
        booking = lose(place, stage, create, Trouble.LOST)
        place.drain(later(**HALF_A_MINUTE))
        assert_complete(stage, booking)

    def test_nothing_is_made_again_while_it_may_still_arrive(self, place: Place, stage: Stage, create: str) -> None:
        """Not before the total time-out of a call: the other side may still be at work."""
        booking = lose(place, stage, create, Trouble.DROPPED)
        place.drain(later(**HALF_A_MINUTE))
        stage.arrive_late()
        place.drain(later(**A_MINUTE))
        assert_complete(stage, booking)

    def test_what_did_not_arrive_is_made_again_and_a_late_twin_removed(
        self, place: Place, stage: Stage, create: str
    ) -> None:
        """A quarter of an hour later it is looked up once more."""
        booking = lose(place, stage, create, Trouble.DROPPED)
        place.drain(later(**A_MINUTE))
        assert_complete(stage, booking)
        stage.arrive_late()
        place.drain(later(**A_QUARTER))
        assert_complete(stage, booking)
        assert (record_of(booking).doubt, record_of(booking).recheck_at) == (None, None)

    def test_a_late_twin_that_somebody_touched_stays(self, place: Place, stage: Stage, create: str) -> None:
        booking = lose(place, stage, create, Trouble.DROPPED)
        place.drain(later(**A_MINUTE))
        stage.arrive_late()
        there = stage.meetings()
        for twin in there:
            if twin.id != record_of(booking).meeting_id:
                stage.edit(twin)
        place.drain(later(**A_QUARTER))
        assert len(stage.meetings()) == len(there)
        assert record_of(booking).state == "synced"

    def test_what_is_lost_of_a_batch_is_found_whole(self, place: Place, stage: Stage, create: str) -> None:
        """Also what looks the same: one invitee, one time, two hosts."""
        if stage.creates[create]:
            stage.add_contact("grace@example.com", "Grace", "Hopper")
        stage.disturb(create, Trouble.LOST)
        first = place.book("grace@example.com")
        bookings = [first, place.book_beside(first, "grace@example.com"), place.book("alan@example.com", "Alan Turing")]
        place.drain()
        assert stage.disturbed()
        place.drain(later(**HALF_A_MINUTE))
        place.drain(later(**A_MINUTE))
        assert (len(stage.contacts()), len(stage.meetings())) == (2, 3)
        assert len({record_of(booking).meeting_id for booking in bookings}) == len(bookings)
        for booking in bookings:
            assert_shown(stage, booking)

    def test_what_another_booking_has_is_never_adopted(self, place: Place, stage: Stage, create: str) -> None:
        """Though it looks the same: the same invitee, at the same time, with another host."""
        first = synced(place)
        stage.disturb(create, Trouble.DROPPED)
        second = place.book_beside(first, "grace@example.com")
        place.drain()
        place.drain(later(**A_MINUTE))
        assert (len(stage.contacts()), len(stage.meetings())) == (1, 2)
        assert record_of(first).meeting_id != record_of(second).meeting_id
        for booking in (first, second):
            assert_shown(stage, booking)

    def test_a_booking_that_moved_meanwhile_is_found_by_what_was_sent(
        self, place: Place, stage: Stage, create: str
    ) -> None:
        booking = lose(place, stage, create, Trouble.LOST)
        place.move(booking)
        place.cancel(booking)
        place.drain(later(**HALF_A_MINUTE))
        meeting = only(stage.meetings())
        assert (meeting.status, meeting.moves) == (Status.CANCELLED, 1)
        assert_complete(stage, booking)

    def test_it_is_found_though_the_contact_was_merged_meanwhile(self, place: Place, stage: Stage, create: str) -> None:
        booking = lose(place, stage, create, Trouble.LOST)
        winner = stage.merge(only(stage.contacts()).id)
        place.drain(later(**A_MINUTE))
        assert only(stage.contacts()).id == only(stage.meetings()).contact_id == winner
        assert states([booking]) == ["synced"]

    def test_a_look_up_that_fails_is_no_not_found(self, place: Place, stage: Stage, create: str) -> None:
        """However long ago the create was sent: what could not be looked up is not made again."""
        booking = lose(place, stage, create, Trouble.LOST)
        stage.blind()
        place.drain(later(**A_MINUTE))
        assert len(stage.meetings()) <= 1
        stage.recover()
        place.drain(later(**A_WHILE))
        assert_complete(stage, booking)
