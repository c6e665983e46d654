"""Everybody wants one slot, over HTTP, from two processes: it is given as often as there is room, and never more."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from linktime.bookings.models import Booking, BookingHost
from linktime.crm.testing.place import ROUND_THE_CLOCK
from linktime.scheduling.models import EventType
from tests.crowd import Crowd, serving
from tests.people import Membership, give_hosts, join, make_event_type

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
TOMORROW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
CROWDS = [(64, 1), pytest.param(200, 10, marks=pytest.mark.long)]


def deadlocks() -> int:
    """How often PostgreSQL had to end a transaction for one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def open_all_day(event_type: EventType) -> EventType:
    event_type.schedule.weekly, event_type.schedule.time_zone = ROUND_THE_CLOCK, "UTC"
    event_type.schedule.save()
    return event_type


@pytest.fixture
def contested(alice, bob):
    """Event types, and how many of those who want one slot of them can have it."""
    carol = join("carol@example.com", "Carol Curie", alice.account, Membership.Role.MEMBER)
    in_turn = make_event_type(alice, "in-turn", assignment="round_robin")
    together = make_event_type(alice, "together", assignment="collective")
    kinds = [
        (make_event_type(alice, "alone"), 1),
        (give_hosts(in_turn, alice.user, bob.user, carol.user), 3),
        (give_hosts(together, alice.user, bob.user), 1),
        (make_event_type(alice, "shared", seats=5), 2),
    ]
    return [(open_all_day(event_type), room) for event_type, room in kinds]


def wish(event_type: EventType, start: datetime, number: int) -> dict:
    invitee = {"name": f"Invitee {number}", "email": f"invitee{number}@example.com"}
    return {"event_type": event_type.slug, "start": start.isoformat(), "invitee": invitee}


def everybody_wants(crowd: Crowd, event_type: EventType, start: datetime, room: int, count: int) -> None:
    answers = crowd.post("/bookings", [wish(event_type, start, number) for number in range(count)])
    assert Counter(answer.status for answer in answers) == {201: room, 409: count - room}
    refused = [answer.body for answer in answers if answer.status == 409]
    assert {body["code"] for body in refused} == {"slot_taken"}
    assert all(len(body["alternatives"]) == 3 for body in refused)
    taken = BookingHost.objects.filter(booking__event_type=event_type, booking__start=start, active=True)
    if event_type.assignment == "round_robin":
        assert taken.values("host").distinct().count() == room


@pytest.mark.parametrize(("count", "rounds"), CROWDS)
def test_one_slot_is_given_as_often_as_there_is_room(alice, contested, count, rounds):
    """So many requests, 16 at a time: the rest get three alternatives, and PostgreSQL saw no deadlock."""
    before, start = deadlocks(), TOMORROW
    with serving() as port:
        crowd = Crowd(port, alice.key())
        for event_type, room in contested * rounds:
            start += HOUR
            for number in range(sitting(event_type, room)):  # the last two seats are what is fought for
                assert crowd.post("/bookings", [wish(event_type, start, number)])[0].status == 201
            everybody_wants(crowd, event_type, start, room, count)
    assert deadlocks() == before
    assert Booking.objects.count() == rounds * sum(room + sitting(event_type, room) for event_type, room in contested)


def sitting(event_type: EventType, room: int) -> int:
    return event_type.seats - room if event_type.seats > 1 else 0
