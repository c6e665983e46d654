"""The CRM is busy, down, or lets us in no more: records keep their place, and nothing is lost or there twice."""

from linktime.connections.models import Connection
from linktime.crm import registry
from linktime.crm.testing.looking import assert_shown, cost, record_of, states
from linktime.crm.testing.place import Place, later
from linktime.crm.testing.stage import Stage, Trouble

A_WHILE = 20  # minutes


class TroubleCases:
    def test_trouble_delays_and_loses_nothing(self, place: Place, stage: Stage, create: str) -> None:
        """Whatever it is, at whichever request: in the end everything is there, and once."""
        bookings = []
        for number, trouble in enumerate((Trouble.BUSY, Trouble.BROKEN, Trouble.GARBLED, Trouble.THROTTLED)):
            if stage.creates[create]:
                stage.add_contact(f"{trouble}@example.com", "Grace", "Hopper")
            stage.disturb(create, trouble)
            bookings.append(place.book(f"{trouble}@example.com"))
            place.drain(later(minutes=number * A_WHILE))
            assert (trouble, stage.disturbed(), states(bookings)) == (trouble, True, ["synced"] * number + ["pending"])
            place.drain(later(minutes=(number + 1) * A_WHILE))
        assert [contact.name for contact in stage.contacts()] == ["Grace Hopper"] * len(bookings)
        assert len(stage.meetings()) == len(bookings)
        for booking in bookings:
            assert_shown(stage, booking)

    def test_a_throttled_batch_keeps_its_place_and_goes_on_later(self, place: Place, stage: Stage) -> None:
        """One refused call stops the others; nobody's tries are used up, and nothing is asked before the time."""
        in_flight = registry.provider(stage.crm).manifest.in_flight
        bookings = [place.book(f"invitee{number}@example.com") for number in range(2 * in_flight)]
        stage.throttle()
        assert cost(stage, place.drain) <= in_flight
        assert cost(stage, place.drain) == 0
        assert set(states(bookings)) == {"pending"}
        assert sum(record_of(booking).tries for booking in bookings) <= in_flight
        stage.recover()
        place.drain(later(minutes=A_WHILE))
        assert len(stage.contacts()) == len(stage.meetings()) == len(bookings)
        for booking in bookings:
            assert_shown(stage, booking)

    def test_a_token_that_ended_early_delays_nothing(self, place: Place, stage: Stage) -> None:
        bookings = [place.book(f"invitee{number}@example.com") for number in range(2)]
        stage.end_token()
        place.drain()
        assert Connection.objects.get().state == Connection.State.CONNECTED
        for booking in bookings:
            assert_shown(stage, booking)

    def test_a_revoked_grant_waits_for_a_person_and_then_everything_goes_on(self, place: Place, stage: Stage) -> None:
        """Reconnecting to the same organisation goes on where it stopped."""
        bookings = [place.book(f"invitee{number}@example.com") for number in range(3)]
        stage.revoke()
        place.drain()
        connection = Connection.objects.get()
        assert connection.state == Connection.State.NEEDS_RECONNECT
        bookings.append(place.book("late@example.com"))
        assert set(states(bookings)) == {"pending"}
        assert place.take_grant(stage.crm, stage.grant(), url=stage.url).pk == connection.pk
        place.drain()
        assert len(stage.meetings()) == len(bookings)
        for booking in bookings:
            assert_shown(stage, booking)
