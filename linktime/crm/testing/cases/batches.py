"""Several bookings at a time: each is its own, and a bad one spoils no other."""

from linktime.bookings.models import Booking
from linktime.core.clock import now
from linktime.core.meeting import ChangeKind, Status
from linktime.crm import registry
from linktime.crm.models import Organisation
from linktime.crm.testing.looking import assert_shown, meeting_of, only, record_of, states
from linktime.crm.testing.place import Place, later
from linktime.crm.testing.stage import Stage

PEOPLE = ("Alan Turing", "Ada Lovelace", "Barbara Liskov", "Edsger Dijkstra", "Radia Perlman")


def book_each(place: Place) -> list[Booking]:
    return [place.book(f"{name.split()[1].lower()}@example.com", name) for name in PEOPLE]


class BatchCases:
    def test_each_invitee_gets_a_contact_and_a_meeting(self, place: Place, stage: Stage) -> None:
        """Whatever the order of the answers."""
        bookings = book_each(place)
        place.drain()
        assert sorted(contact.name for contact in stage.contacts()) == sorted(PEOPLE)
        assert len(stage.meetings()) == len(PEOPLE)
        for booking in bookings:
            assert_shown(stage, booking)

    def test_two_bookings_of_one_invitee_in_one_batch(self, place: Place, stage: Stage) -> None:
        """The case of the email does not matter, and an apostrophe is legal."""
        bookings = [place.book("o'brien@example.com", "Pat O'Brien"), place.book("O'Brien@example.com", "Pat O'Brien")]
        place.drain()
        contact = only(stage.contacts())
        assert (contact.email, contact.name) == ("o'brien@example.com", "Pat O'Brien")
        assert len(stage.meetings()) == 2
        for booking in bookings:
            assert_shown(stage, booking)

    def test_two_bookings_of_one_invitee_one_after_the_other(self, place: Place, stage: Stage) -> None:
        bookings = []
        for _ in range(2):
            bookings.append(place.book("grace@example.com"))
            place.drain()
        assert len(stage.contacts()) == 1
        assert len(stage.meetings()) == 2
        for booking in bookings:
            assert_shown(stage, booking)

    def test_two_invitees_of_one_time_are_two(self, place: Place, stage: Stage) -> None:
        """Of the same name, too."""
        first = place.book("grace@example.com")
        second = place.book_beside(first, "hopper@example.com")
        place.drain()
        assert first.start == second.start
        assert len(stage.contacts()) == len(stage.meetings()) == 2
        for booking in (first, second):
            assert_shown(stage, booking)

    def test_two_accounts_of_one_organisation_share_its_contacts(self, place: Place, stage: Stage) -> None:
        other = Place.opened("neighbour")
        other.take_grant(stage.crm, stage.grant(), url=stage.url)
        bookings = [place.book("grace@example.com"), other.book("Grace@Example.com")]
        place.drain()
        assert Organisation.objects.count() == len(stage.contacts()) == 1
        for booking in bookings:
            assert_shown(stage, booking)

    def test_changes_of_many_reach_their_own_meetings(self, place: Place, stage: Stage) -> None:
        bookings = book_each(place)
        place.drain()
        for booking in bookings:
            place.move(booking)
        place.cancel(bookings[0])
        place.drain()
        assert [meeting_of(stage, booking).status for booking in bookings] == [
            Status.CANCELLED,
            *[Status.CONFIRMED] * (len(PEOPLE) - 1),
        ]
        for booking in bookings:
            assert_shown(stage, booking)

    def test_a_bad_record_among_good_ones_fails_alone_with_a_remedy(self, place: Place, stage: Stage) -> None:
        """Its next change gives it a new chance."""
        stage.refuse("dijkstra@example.com", "Edsger Dijkstra")
        bookings = book_each(place)
        place.drain()
        assert states(bookings) == ["synced", "synced", "synced", "failed", "synced"]
        record = record_of(bookings[3])
        assert record.error_code in registry.provider(stage.crm).manifest.remedies
        assert (record.attempt, record.due_at) == (None, None)
        stage.recover()
        place.move(bookings[3])
        place.drain()
        for booking in bookings:
            assert_shown(stage, booking)

    def test_a_bad_change_among_good_ones_fails_alone(self, place: Place, stage: Stage) -> None:
        bookings = book_each(place)
        place.drain()
        stage.refuse("dijkstra@example.com", "Edsger Dijkstra")
        for booking in bookings:
            place.move(booking)
        place.drain()
        assert states(bookings) == ["synced", "synced", "synced", "failed", "synced"]
        assert len(stage.meetings()) == len(PEOPLE)

    def test_a_fault_of_ours_fails_one_record_and_the_others_go_on(self, place: Place, stage: Stage) -> None:
        """A history that can't be told: moved, and from nowhere."""
        bookings = book_each(place)
        Booking.objects.filter(pk=bookings[1].pk).update(revision=2)
        bookings[1].changes.create(
            kind=ChangeKind.RESCHEDULED, revision=2, at=now(), start=bookings[1].start, end=bookings[1].end
        )
        place.drain()
        place.drain(later(minutes=2))
        assert states(bookings) == ["synced", "failed", "synced", "synced", "synced"]
        assert (record_of(bookings[1]).error_code, record_of(bookings[1]).attempt) == ("internal", None)
        assert len(stage.meetings()) == len(PEOPLE) - 1
