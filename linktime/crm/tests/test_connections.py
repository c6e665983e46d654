"""Connected late, disconnected, connected again, or to somebody else: what reaches the CRM."""

from linktime.connections.models import Connection
from linktime.connections.oauth import disconnect
from linktime.core.clock import now
from linktime.core.meeting import Status
from linktime.crm import registry
from linktime.crm.models import SyncRecord
from linktime.crm.testing.looking import meeting_of, only, record_of, synced
from linktime.crm.testing.place import Place


def test_bookings_made_while_nothing_was_connected_stay_unsynced(stage, db):
    """Their changes included."""
    place = Place.opened("place")
    booking = place.book("grace@example.com")
    place.take_grant(stage.crm, stage.grant(), url=stage.url)
    place.move(booking)
    place.drain()
    assert not SyncRecord.objects.exists()
    assert stage.meetings() == []


def test_a_change_made_while_disconnected_reaches_the_same_organisation_later(place, stage):
    booking = synced(place)
    disconnect(Connection.objects.get(), registry.facts(stage.crm), now())
    place.cancel(booking)
    place.book("unsynced@example.com")
    place.drain()
    assert only(stage.meetings()).status == Status.CONFIRMED
    place.take_grant(stage.crm, stage.grant(), url=stage.url)
    place.drain()
    assert only(stage.meetings()).status == Status.CANCELLED


def test_another_organisation_starts_afresh(place, stage):
    """What was shown in the first one stays there as it was."""
    booking = synced(place)
    before = meeting_of(stage, booking)
    place.take_grant(stage.crm, stage.grant() | {"organisation": "another"}, url=stage.url)
    place.move(booking)
    new = place.book("new@example.com")
    place.drain()
    assert meeting_of(stage, booking) == before
    assert record_of(new).state == "synced"
    assert len(stage.meetings()) == 2
