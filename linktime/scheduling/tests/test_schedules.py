"""Making, changing and deleting schedules."""

import pytest

from linktime.core.errors import Conflict, Invalid
from linktime.scheduling import schedules
from linktime.scheduling.models import Schedule
from tests.people import OFFICE_HOURS

NIGHTS = {"name": "Nights", "time_zone": "Asia/Tokyo", "weekly": [{"days": ["sat"], "start": "20:00", "end": "24:00"}]}


def test_a_schedule_is_made_for_its_owner(alice):
    """It belongs to the account and to who made it."""
    schedule = schedules.create(alice.actor, NIGHTS)
    schedule.refresh_from_db()
    assert (schedule.account, schedule.owner) == (alice.account, alice.user)
    assert (schedule.name, schedule.time_zone, schedule.weekly) == ("Nights", "Asia/Tokyo", NIGHTS["weekly"])


def test_hours_may_be_left_out(alice):
    """A name and a zone are enough; nothing is on offer then."""
    assert schedules.create(alice.actor, {"name": "Later", "time_zone": "UTC"}).weekly == []


def test_every_fault_is_told_at_once(alice):
    """Nothing is made of a schedule with faults."""
    with pytest.raises(Invalid) as caught:
        schedules.create(alice.actor, {"time_zone": "London", "weekly": {}, "colour": "red"})
    assert {(fault.field, fault.code) for fault in caught.value.faults} == {
        ("name", "required"),
        ("time_zone", "unknown_time_zone"),
        ("weekly", "wrong_type"),
        ("colour", "unknown_field"),
    }
    assert not Schedule.objects.exists()


def test_only_what_is_named_changes(alice):
    """A change leaves the rest alone, also what somebody else has changed meanwhile."""
    schedule = schedules.create(alice.actor, NIGHTS)
    Schedule.objects.update(time_zone="Asia/Seoul")
    schedules.update(schedule, {"name": "Evenings"})
    schedule.refresh_from_db()
    assert (schedule.name, schedule.time_zone) == ("Evenings", "Asia/Seoul")
    schedules.update(schedule, {})


def test_a_faulty_change_changes_nothing(alice):
    """Neither the good half nor the bad one is kept."""
    schedule = schedules.create(alice.actor, NIGHTS)
    with pytest.raises(Invalid):
        schedules.update(schedule, {"name": "Evenings", "time_zone": None})
    assert schedule.name == Schedule.objects.get().name == "Nights"


def test_a_schedule_in_use_stays(event_type):
    """Event types would have no hours without it."""
    with pytest.raises(Conflict) as caught:
        schedules.delete(event_type.schedule)
    assert caught.value.code == "in_use"
    schedule = event_type.schedule
    event_type.delete()
    schedules.delete(schedule)
    assert not Schedule.objects.exists()


def test_everybody_has_a_schedule_of_their_own(alice, bob):
    """Who has none gets office hours in their own zone, once."""
    first = schedules.own(alice.actor)
    assert (first.time_zone, first.weekly) == ("Europe/London", OFFICE_HOURS)
    assert schedules.own(alice.actor) == first
    assert schedules.own(bob.actor) != first
