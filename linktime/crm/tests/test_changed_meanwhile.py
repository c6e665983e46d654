"""A booking that changes while its create is on the way."""

from linktime.crm.session import LiveSession
from linktime.crm.testing.looking import assert_shown, only, record_of
from linktime.crm.testing.place import later
from linktime.crm.testing.stage import Trouble


def test_a_change_that_came_while_the_create_was_on_its_way_is_not_taken_for_shown(place, stage, monkeypatch):
    """The lost create showed the revision that was pushed, not the one that the booking had by then."""
    creating, booking = LiveSession.creating, place.book("grace@example.com")

    def moved_meanwhile(self, values):
        monkeypatch.setattr(LiveSession, "creating", creating)
        place.move(booking)
        creating(self, values)

    monkeypatch.setattr(LiveSession, "creating", moved_meanwhile)
    stage.disturb("meeting", Trouble.LOST)
    place.drain()
    assert record_of(booking).attempt["revision"] == 1
    place.drain(later(seconds=35))
    assert only(stage.meetings()).moves == 1
    assert_shown(stage, booking)
