"""A backup was put back: the CRM is ahead of the database, and nothing that it shows is made a second time."""

from typing import Any

from linktime.core.clock import now
from linktime.crm.models import SyncRecord
from linktime.crm.restored import distrust
from linktime.crm.testing.looking import assert_shown, record_of, states, synced
from linktime.crm.testing.place import Place, later
from linktime.crm.testing.stage import Stage

SOON = {"seconds": 5}
A_MINUTE = {"seconds": 65}
COLUMNS = (
    *("state", "wanted_revision", "shown_revision", "due_at", "tries", "contact_id", "meeting_id", "remote"),
    *("attempt", "error_code", "error_message", "synced_at"),
)


def backup() -> list[dict[str, Any]]:
    return list(SyncRecord.objects.values("pk", *COLUMNS))


def put_back(rows: list[dict[str, Any]]) -> None:
    """Make the records what they were, and do what is done after that."""
    for row in rows:
        SyncRecord.objects.filter(pk=row["pk"]).update(**{name: row[name] for name in COLUMNS})
    distrust(now())


class RestoredCases:
    def test_what_waited_and_was_made_since_is_taken_over(self, place: Place, stage: Stage) -> None:
        bookings = [place.book("grace@example.com"), place.book("grace@example.com"), place.book("o'brien@example.com")]
        before = backup()
        place.drain()
        put_back(before)
        place.drain(later(**SOON))
        assert states(bookings) == ["synced"] * 3
        assert (len(stage.contacts()), len(stage.meetings())) == (2, 3)
        for booking in bookings:
            assert_shown(stage, booking)

    def test_what_waited_and_was_not_made_is_made_a_minute_later(self, place: Place, stage: Stage) -> None:
        """What is not there may be on its way from a process that knows nothing of the backup."""
        bookings = [place.book("grace@example.com"), place.book("alan@example.com", "Alan Turing")]
        put_back(backup())
        place.drain(later(**SOON))
        place.drain(later(**A_MINUTE))
        assert (len(stage.contacts()), len(stage.meetings())) == (2, 2)
        for booking in bookings:
            assert_shown(stage, booking)

    def test_what_had_failed_and_was_mended_since_is_taken_over(self, place: Place, stage: Stage) -> None:
        booking = place.book("grace@example.com")
        SyncRecord.objects.update(state="failed", due_at=None, error_code="SOMETHING")
        before = backup()
        SyncRecord.objects.update(state="pending", due_at=now())
        place.drain()
        put_back(before)
        SyncRecord.objects.update(state="pending", due_at=now())
        place.drain(later(**SOON))
        assert (len(stage.contacts()), len(stage.meetings())) == (1, 1)
        assert_shown(stage, booking)

    def test_what_had_been_dismissed_and_was_retried_since_is_taken_over(self, place: Place, stage: Stage) -> None:
        booking = place.book("grace@example.com")
        SyncRecord.objects.update(state="skipped", due_at=None, error_code="SOMETHING")
        before = backup()
        SyncRecord.objects.update(state="pending", due_at=now())
        place.drain()
        put_back(before)
        place.drain(later(**SOON))
        assert record_of(booking).dismissed
        place.move(booking)
        place.drain(later(**SOON))
        assert (len(stage.contacts()), len(stage.meetings())) == (1, 1)
        assert_shown(stage, booking)

    def test_a_change_that_waited_and_was_shown_since_is_not_shown_twice(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        place.move(booking)
        before = backup()
        place.drain()
        shown = list(stage.meetings())
        put_back(before)
        place.drain(later(**SOON))
        assert stage.meetings() == shown
        assert_shown(stage, booking)

    def test_what_was_taken_over_goes_on_like_any(self, place: Place, stage: Stage) -> None:
        booking = place.book("grace@example.com")
        before = backup()
        place.drain()
        put_back(before)
        place.drain(later(**SOON))
        place.move(booking)
        place.cancel(booking)
        place.drain(later(**SOON))
        assert len(stage.meetings()) == 1
        assert_shown(stage, booking)

    def test_what_is_shown_is_left_alone(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        before = stage.calls_made()
        put_back(backup())
        place.drain(later(**A_MINUTE))
        assert record_of(booking).attempt is None
        assert stage.calls_made() == before
