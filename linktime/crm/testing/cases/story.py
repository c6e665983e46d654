"""What each change of a booking looks like, and what it costs."""

from linktime.core.meeting import Status
from linktime.crm import registry
from linktime.crm.claim import remote_of
from linktime.crm.models import SyncAttempt
from linktime.crm.testing.looking import as_told, assert_shown, cost, only, record_of, synced
from linktime.crm.testing.place import Place
from linktime.crm.testing.stage import Stage

PHONE = "+12025550123"


class StoryCases:
    def test_a_first_booking_makes_a_contact_and_a_meeting(self, place: Place, stage: Stage) -> None:
        booking = place.book("grace@example.com", "Mary Jane Watson", phone=PHONE, notes="Hello")
        assert cost(stage, place.drain) == stage.calls.new
        contact, meeting = only(stage.contacts()), only(stage.meetings())
        assert_shown(stage, booking)
        assert (contact.name, contact.email, contact.phone) == ("Mary Jane Watson", "grace@example.com", PHONE)
        assert (contact.last_name, meeting.moves) == ("Watson", 0)
        assert "Intro call" in meeting.text
        assert "Hello" in meeting.text

    def test_what_is_known_of_an_invitee_stays(self, place: Place, stage: Stage) -> None:
        """Whatever the case of the email: the last name and all that was not given."""
        known = stage.add_contact("grace@example.com", "G.", "Hopper-Murray", phone="+12025550188", job="Admiral")
        booking = place.book("GRACE@Example.com", "Grace Hopper")
        assert cost(stage, place.drain) == stage.calls.known
        contact = only(stage.contacts())
        assert (contact.id, contact.last_name) == (known, "Hopper-Murray")
        assert (contact.phone, contact.job) == ("+12025550188", "Admiral")
        assert_shown(stage, booking)

    def test_a_single_name_changes_nothing_of_a_known_invitee(self, place: Place, stage: Stage) -> None:
        stage.add_contact("cher@example.com", "Cherilyn", "Sarkisian", phone=PHONE)
        before = stage.contacts()
        place.book("cher@example.com", "Cher")
        place.drain()
        assert stage.contacts() == before

    def test_a_reschedule_moves_the_meeting_and_tells_from_when(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        before, meeting = booking.start, only(stage.meetings())
        place.move(booking)
        assert cost(stage, place.drain) == stage.calls.change
        moved = only(stage.meetings())
        assert_shown(stage, booking)
        assert (moved.id, moved.moves) == (meeting.id, 1)
        assert moved.start > before
        assert as_told(before) in moved.text

    def test_two_reschedules_one_by_one(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        for _ in range(2):
            place.move(booking)
            place.drain()
        assert only(stage.meetings()).moves == 2
        assert_shown(stage, booking)

    def test_a_burst_of_changes_ends_in_the_last_state(self, place: Place, stage: Stage) -> None:
        """It is one write where the CRM holds a state, and one for each change where it keeps a log."""
        booking = synced(place)
        before = booking.start
        place.move(booking)
        place.move(booking)
        place.cancel(booking)
        assert cost(stage, place.drain) == (3 if stage.calls.log else 1) * stage.calls.change
        meeting = only(stage.meetings())
        assert (meeting.status, meeting.moves) == (Status.CANCELLED, 2)
        assert as_told(before) in meeting.text
        assert_shown(stage, booking)

    def test_a_cancellation_deletes_nothing(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        place.cancel(booking)
        assert cost(stage, place.drain) == stage.calls.change
        assert only(stage.meetings()).status == Status.CANCELLED
        assert len(stage.contacts()) == 1
        assert_shown(stage, booking)

    def test_a_cancellation_before_the_first_sync_ends_as_history(self, place: Place, stage: Stage) -> None:
        booking = place.book("grace@example.com")
        place.cancel(booking)
        place.drain()
        assert only(stage.meetings()).status == Status.CANCELLED
        assert len(stage.contacts()) == 1
        assert_shown(stage, booking)

    def test_a_no_show_is_marked(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        place.no_show(booking)
        assert cost(stage, lambda: place.drain(lambda: booking.start)) == stage.calls.change
        assert only(stage.meetings()).status == Status.NO_SHOW
        assert_shown(stage, booking)

    def test_every_attempt_is_logged_with_its_calls(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        place.move(booking)
        place.drain()
        rows = SyncAttempt.objects.order_by("id").values_list("action", "revision", "calls", "outcome")
        costs = stage.calls
        assert list(rows) == [("create", 1, costs.new, "done"), ("update", 2, costs.change, "done")]

    def test_people_can_open_what_was_made(self, place: Place, stage: Stage) -> None:
        remote = remote_of(record_of(synced(place)))
        provider = registry.provider(stage.crm)
        for link in (provider.contact_url(stage.url, remote), provider.meeting_url(stage.url, remote)):
            assert link.startswith(stage.url)
