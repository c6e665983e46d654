"""What is done beside syncing: checks, dry runs, comparisons. None of it writes anything."""

from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.connections.models import Connection
from linktime.core.clock import now
from linktime.crm import check, registry
from linktime.crm.contract import DriftKind
from linktime.crm.dry_run import Scene, scenes
from linktime.crm.models import Checkup
from linktime.crm.testing.comparing import bring_back, compare, drifts
from linktime.crm.testing.looking import assert_shown, cost, only, record_of, states, synced
from linktime.crm.testing.looking import meeting_of as shown_of
from linktime.crm.testing.place import Place
from linktime.crm.testing.stage import Stage

FEW = 3  # calls


class CareCases:
    def test_a_check_of_a_crm_that_is_well_passes(self, place: Place, stage: Stage) -> None:
        assert cost(stage, lambda: check.run(place.connection, now)) <= FEW
        checkup = Checkup.objects.get()
        assert (checkup.passed, checkup.findings) == (True, [])
        assert (list(stage.contacts()), list(stage.meetings())) == ([], [])

    def test_a_check_finds_what_bookings_fail_from_and_when_it_is_mended_they_are_tried_again(
        self, place: Place, stage: Stage
    ) -> None:
        booking = place.book("grace@example.com")
        stage.hinder()
        place.drain()
        checkup = check.run(place.connection, now)
        code = record_of(booking).error_code
        assert (checkup.passed, states([booking])) == (False, ["failed"])
        assert code in {finding["code"] for finding in checkup.findings if finding["level"] == "error"}
        assert code in registry.provider(stage.crm).manifest.checked
        assert all(advice.remedy for advice in check.advice(place.connection, checkup))
        stage.recover()
        assert check.run(place.connection, now).passed
        place.drain()
        assert_shown(stage, booking)

    def test_a_check_of_a_revoked_grant_says_that_somebody_has_to_reconnect(self, place: Place, stage: Stage) -> None:
        stage.revoke()
        checkup = check.run(place.connection, now)
        (finding,) = checkup.findings
        assert finding["code"] in ("invalid_grant", "needs_reconnect"), "in the CRM's own word where it has one"
        assert Connection.objects.get().state == Connection.State.NEEDS_RECONNECT

    def test_a_dry_run_shows_what_would_be_written_and_asks_nothing(self, place: Place, stage: Stage) -> None:
        meeting = meeting_of(place.book("grace@example.com", notes="Moths"))
        provider, shown = registry.provider(stage.crm), list[Scene]()
        assert cost(stage, lambda: shown.extend(scenes(provider, meeting, now()))) == 0
        new, known, *changes = [str([write.fields for write in scene.writes]) for scene in shown]
        assert ("grace@example.com" in new, "Moths" in new, "Moths" in known) == (True, True, True)
        assert all(scene.writes for scene in shown)
        assert len(set(changes)) == len(changes)

    def test_what_stands_as_it_was_left_has_not_drifted(self, place: Place, stage: Stage) -> None:
        bookings = [synced(place, f"invitee{number}@example.com") for number in range(3)]
        place.move(bookings[0])
        place.cancel(bookings[1])
        place.drain()
        before = list(stage.contacts()), list(stage.meetings())
        assert cost(stage, lambda: compare(place)) <= FEW
        assert (drifts(), compare(place).error_code) == ([], "")
        assert (list(stage.contacts()), list(stage.meetings())) == before

    def test_a_deleted_meeting_is_told_and_brought_back_once(self, place: Place, stage: Stage) -> None:
        moved, other = synced(place), synced(place, "other@example.com")
        place.move(moved)
        place.drain()
        stage.delete_meeting(shown_of(stage, moved))
        before = list(stage.meetings())
        compare(place)
        assert list(stage.meetings()) == before
        drift = only(drifts())
        assert (drift.record.booking, drift.kind, bool(drift.remedy)) == (moved, DriftKind.DELETED, True)
        bring_back(place, drift)
        assert len(stage.meetings()) == len([moved, other])
        for booking in (moved, other):
            assert_shown(stage, booking)
        compare(place)
        assert drifts() == []

    def test_a_merged_contact_is_told_and_linked(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        winner = stage.merge(only(stage.contacts()).id)
        compare(place)
        drift = only(drifts())
        assert drift.kind == DriftKind.MERGED
        bring_back(place, drift)
        assert (record_of(booking).contact_id, states([booking])) == (winner, ["synced"])
        assert only(stage.meetings()).contact_id == winner
        compare(place)
        assert drifts() == []

    def test_what_people_wrote_stays_whatever_is_brought_back(self, place: Place, stage: Stage) -> None:
        booking = synced(place)
        theirs = stage.edit(only(stage.meetings()))
        compare(place)
        for drift in drifts():
            assert drift.kind == DriftKind.EDITED
            if drift.remedy:
                bring_back(place, drift)
        assert theirs in only(stage.meetings()).text
        assert Booking.objects.get().pk == booking.pk

    def test_a_look_up_that_fails_finds_nothing_deleted(self, place: Place, stage: Stage) -> None:
        synced(place)
        stage.blind()
        assert compare(place).error_code
        assert drifts() == []
        stage.recover()
        assert compare(place).error_code == ""
