"""Making, changing and deleting event types."""

from datetime import timedelta

import pytest

from linktime.bookings.models import Booking
from linktime.core.errors import Conflict, Invalid
from linktime.scheduling import event_types, schedules
from linktime.scheduling.locations import location_text
from linktime.scheduling.models import EventType
from tests.people import NOW

INTRO = {"slug": "intro-call", "title": "Intro call", "durations": [30]}


def faults_of(actor, **values):
    with pytest.raises(Invalid) as caught:
        event_types.create(actor, INTRO | values)
    return {(fault.field, fault.code) for fault in caught.value.faults}


def test_three_values_are_enough(alice):
    """The rest has defaults: the actor hosts it, in the actor's own hours."""
    made = EventType.objects.get(pk=event_types.create(alice.actor, INTRO).pk)
    assert (made.account, made.host, made.schedule) == (alice.account, alice.user, schedules.own(alice.actor))
    assert (made.slot_interval, made.buffer_before, made.buffer_after, made.minimum_notice) == (None, 0, 0, 0)
    assert (made.location, made.questions, made.active) == ({}, [], True)
    assert made.window == {"kind": "rolling", "days": 60}
    assert event_types.create(alice.actor, INTRO | {"slug": "any-day", "window": None}).window is None


def test_all_values_are_kept(alice, bob):
    """What is given comes back as it was given."""
    schedule = schedules.create(bob.actor, {"name": "Bob's", "time_zone": "UTC"})
    question = {"key": "size", "label": "Team size", "kind": "choice", "required": True, "options": ["1", "2+"]}
    values = {
        "description": "First\nSecond",
        "durations": [60, 15],
        "location": {"kind": "link", "value": "https://meet.example.com/a"},
        "slot_interval": 20,
        "buffer_before": 5,
        "buffer_after": 10,
        "minimum_notice": 240,
        "window": {"kind": "range", "start": "2026-12-01", "end": "2026-12-24"},
        "questions": [question],
        "active": False,
    }
    made = event_types.create(alice.actor, INTRO | values | {"schedule_id": schedule.pk, "hosts": [bob.user.pk]})
    made.refresh_from_db()
    assert {name: getattr(made, name) for name in values} == values
    assert (made.schedule, made.host) == (schedule, bob.user)


def test_every_fault_is_told_at_once(alice):
    """Nothing is made of an event type with faults."""
    assert faults_of(
        alice.actor,
        slug="Intro Call",
        title="",
        durations=[0, 30, 30, "45"],
        location={"kind": "moon"},
        slot_interval=0,
        buffer_before=-1,
        buffer_after=None,
        minimum_notice=1.5,
        window={"kind": "rolling", "days": "60"},
        questions=[{"key": "A", "kind": "text"}],
        active="yes",
        colour="red",
    ) == {
        ("slug", "invalid_slug"),
        ("title", "required"),
        ("durations.0", "out_of_range"),
        ("durations.2", "not_unique"),
        ("durations.3", "wrong_type"),
        ("location.kind", "not_an_option"),
        ("slot_interval", "out_of_range"),
        ("buffer_before", "out_of_range"),
        ("buffer_after", "wrong_type"),
        ("minimum_notice", "wrong_type"),
        ("window.days", "wrong_type"),
        ("questions.0.key", "invalid_key"),
        ("questions.0.label", "required"),
        ("active", "wrong_type"),
        ("colour", "unknown_field"),
    }
    assert not EventType.objects.exists()


FAULTY = [
    ({"slug": "new"}, ("slug", "reserved")),
    ({"slug": "a--b"}, ("slug", "invalid_slug")),
    ({"slug": "-a"}, ("slug", "invalid_slug")),
    ({"slug": "café"}, ("slug", "invalid_slug")),
    ({"slug": "x" * 101}, ("slug", "too_long")),
    ({"slug": None}, ("slug", "required")),
    ({"title": "a\u202eb"}, ("title", "direction_override")),
    ({"description": "a\0"}, ("description", "control_character")),
    ({"durations": []}, ("durations", "wrong_length")),
    ({"durations": [1441]}, ("durations.0", "out_of_range")),
    ({"durations": 30}, ("durations", "wrong_type")),
    ({"window": {"kind": "rolling"}}, ("window.days", "wrong_type")),
    ({"window": {"kind": "rolling", "days": 1, "start": "2026-12-01"}}, ("window.start", "unknown_field")),
    ({"window": {"kind": "range", "start": "2026-12-02", "end": "2026-12-01"}}, ("window.end", "ends_before_start")),
    ({"window": {"kind": "range", "start": "2026-02-30", "end": "2026-12-01"}}, ("window.start", "invalid_date")),
    ({"window": {"kind": "range", "start": "20261201", "end": "2026-12-01"}}, ("window.start", "invalid_date")),
    ({"window": {}}, ("window.kind", "not_an_option")),
    ({"window": "60"}, ("window", "wrong_type")),
    ({"location": {"kind": "link", "value": "javascript:alert(1)"}}, ("location.value", "invalid_url")),
    ({"location": {"kind": "in_person"}}, ("location.value", "required")),
    ({"location": {"kind": "custom", "value": "x" * 451}}, ("location.value", "too_long")),
    ({"location": "phone"}, ("location", "wrong_type")),
    ({"hosts": []}, ("hosts", "wrong_length")),
    ({"hosts": [10**30]}, ("hosts.0", "not_a_member")),
    ({"hosts": ["1"]}, ("hosts.0", "wrong_type")),
    ({"schedule_id": 10**30}, ("schedule_id", "unknown_schedule")),
    ({"schedule_id": True}, ("schedule_id", "wrong_type")),
]


@pytest.mark.parametrize(("values", "fault"), FAULTY)
def test_a_faulty_value(alice, values, fault):
    """Each value has its rule, and its fault is found at its place."""
    assert faults_of(alice.actor, **values) == {fault}


CHOICE = {"key": "q", "label": "Q", "kind": "choice", "options": ["a"]}
FAULTY_QUESTIONS = [
    ([CHOICE, CHOICE], ("questions.1.key", "not_unique")),
    ([CHOICE | {"options": []}], ("questions.0.options", "wrong_length")),
    ([CHOICE | {"options": ["a", "a "]}], ("questions.0.options.1", "not_unique")),
    ([CHOICE | {"kind": "text"}], ("questions.0.options", "not_for_this_kind")),
    ([CHOICE | {"kind": "emoji", "options": []}], ("questions.0.kind", "not_an_option")),
    ([CHOICE | {"required": "yes"}], ("questions.0.required", "wrong_type")),
    ([CHOICE | {"hint": "x"}], ("questions.0.hint", "unknown_field")),
    ([CHOICE] * 31, ("questions", "wrong_length")),
]


@pytest.mark.parametrize(("questions", "fault"), FAULTY_QUESTIONS)
def test_faulty_questions(alice, questions, fault):
    """A question can be answered, or is refused."""
    assert faults_of(alice.actor, questions=questions) == {fault}


def test_what_may_be_left_out_of_a_question(alice):
    """A question is optional and without options unless it says otherwise."""
    made = event_types.create(alice.actor, INTRO | {"questions": [{"key": "q", "label": "Q", "kind": "text"}]})
    assert made.questions == [{"key": "q", "label": "Q", "kind": "text", "required": False, "options": []}]


def test_a_stranger_neither_hosts_nor_lends_hours(alice, charlie):
    """Charlie and his schedule are not known in Alice's account."""
    theirs = schedules.create(charlie.actor, {"name": "Charlie's", "time_zone": "UTC"})
    assert faults_of(alice.actor, hosts=[charlie.user.pk], schedule_id=theirs.pk) == {
        ("hosts.0", "not_a_member"),
        ("schedule_id", "unknown_schedule"),
    }


def test_a_slug_is_taken_once_in_an_account(alice, bob, charlie):
    """Another account may use it, and a change may not take it either."""
    event_types.create(alice.actor, INTRO)
    event_types.create(charlie.actor, INTRO)
    other = event_types.create(bob.actor, INTRO | {"slug": "other"})
    for attempt in (
        lambda: event_types.create(bob.actor, INTRO),
        lambda: event_types.update(other, bob.actor, {"slug": "intro-call"}),
    ):
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.code == "slug_taken"


def test_only_what_is_named_changes(alice, event_type):
    """A change leaves the rest alone, also what somebody else has changed meanwhile."""
    EventType.objects.update(buffer_after=5)
    event_types.update(event_type, alice.actor, {"title": "Chat", "location": None, "window": None})
    event_type.refresh_from_db()
    assert (event_type.title, event_type.buffer_after, event_type.window) == ("Chat", 5, None)
    assert event_type.slug == "intro-call"


def test_an_event_type_that_nobody_booked_can_be_deleted(event_type):
    """Nothing refers to it."""
    event_types.delete(event_type)
    assert not EventType.objects.exists()


def test_a_booked_event_type_stays(alice, event_type):
    """Its bookings are history; it can be switched off."""
    Booking.objects.create(
        account=alice.account, event_type=event_type, start=NOW, end=NOW + timedelta(hours=1), created_at=NOW
    )
    with pytest.raises(Conflict) as caught:
        event_types.delete(event_type)
    assert caught.value.code == "has_bookings"
    event_types.update(event_type, alice.actor, {"active": False})
    assert not EventType.objects.get().active


def test_a_host_who_has_left_takes_no_bookings(alice, bob, event_type):
    """An event type is switched on again only with a host who is there."""
    event_types.update(event_type, alice.actor, {"hosts": [bob.user.pk], "active": False})
    bob.user.memberships.all().delete()
    with pytest.raises(Invalid) as caught:
        event_types.update(event_type, alice.actor, {"active": True})
    assert [fault.field for fault in caught.value.faults] == ["hosts"]
    assert not EventType.objects.get().active
    assert event_types.update(event_type, alice.actor, {"active": True, "hosts": None}).host == alice.user


PLACES = [
    ({}, ""),
    ({"kind": "in_person", "value": "12 St James's Square"}, "12 St James's Square"),
    ({"kind": "phone", "value": ""}, "Phone call: +12025550123"),
    ({"kind": "phone", "value": "+44 20 7946 0958"}, "Phone call: +44 20 7946 0958"),
]


@pytest.mark.parametrize(("location", "said"), PLACES)
def test_where_as_people_read_it(location, said):
    """A calendar shows one line."""
    assert location_text(location, "+12025550123") == said


def test_options_may_leave_the_hours_of_a_new_host_to_them(alice, bob):
    hosts = [alice.user.pk, bob.user.pk]
    chosen = [{"host": bob.user.pk, "schedule_id": None, "weight": 2}]
    values = {"slug": "chat", "title": "Chat", "durations": [15], "assignment": "round_robin"}
    made = event_types.create(alice.actor, values | {"hosts": hosts, "host_options": chosen})
    place = made.places.get(host=bob.user)
    assert (place.weight, place.schedule.owner) == (2, bob.user)
