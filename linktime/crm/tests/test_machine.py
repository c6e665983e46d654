"""The sync engine against everything at once: whatever happens in whichever order, the CRM shows each booking once.

What goes wrong is shrunk to the few steps that it takes; what befalls a call or a drain is noted among them.
"""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from linktime.crm import actions, attempts, claim, engine, lease, plan, remember
from linktime.crm.contract import Step
from linktime.crm.models import Organisation
from linktime.crm.session import LiveSession
from linktime.crm.testing.memory.provider import MemoryCrm
from linktime.crm.testing.memory.stormy import CREATE, Strike
from linktime.crm.testing.place import Place
from linktime.crm.testing.stage import Trouble
from linktime.crm.testing.world import BEGIN, LONG, Interruption, World, connect
from linktime.crm.tests.machine import INVITEES, Machine

SIZE = {"max_examples": 40, "stateful_step_count": 8, "derandomize": True, "database": None}


@pytest.fixture
def new_world(db, stage):
    """Call it for two accounts that are connected to the same organisation."""
    stage._service.grants.now = lambda: BEGIN
    places = [Place.opened("one"), Place.opened("two")]
    for place in places:
        connect(place, stage, BEGIN)
        actions.organisation_of(place.connection)
    return partial(World, places, stage._service.grants)


@pytest.fixture
def played(new_world):
    """Call it to play, with another size than the usual one."""
    machine = partial(Machine, new_world)
    return lambda **size: run_state_machine_as_test(machine, settings=settings(**SIZE | size))


def test_whatever_happens_the_crm_shows_each_booking_once(played):
    played(max_examples=10)


@pytest.mark.long
def test_whatever_happens_the_crm_shows_each_booking_once_at_length(played):
    """The same with longer stories, and other ones each time."""
    played(max_examples=200, stateful_step_count=20, derandomize=False)


def sending_without_remembering(self, values):
    self.created.update(values)


def creating_without_looking(*, wanted, shown, linked, attempt):
    return step(wanted=wanted, shown=shown, linked=linked, attempt=None)


@contextmanager
def writing_whoever_has_the_lease(self):
    with transaction.atomic():
        yield Organisation.objects.get(pk=self.organisation.pk)


def taking_the_newest_for_shown(record, push, outcome, now):
    progress(record, replace(push, meeting=replace(push.meeting, revision=record.wanted_revision)), outcome, now)


def resting_once_cancelled(connection, record, meeting, now):
    push = push_of(connection, record, meeting, now)
    return replace(push, step=Step.REST) if meeting.cancelled and push.step == Step.CREATE else push


def stopping_at_the_first_failure(lease, connection, results, *more):
    return written(lease, connection, results, *more) and not any(one.outcome.error for one in results)


def failing_the_batch(self, pushes, error):
    yield [replace(one, key=push.key) for push in pushes for group in halved(self, pushes[:1], error) for one in group]


def looking_at_once(attempt, now):
    return True


step, push_of, progress, written = plan.step, claim.push_of, remember._remember_progress, engine.remember
halved = engine._Work._halved
ALL_FORGOTTEN = attempts._FORGET.replace("attempt = NULL", "attempt = NULL, doubt = NULL, recheck_at = NULL")
NO_FENCE = {name: getattr(attempts, name).replace(" AND epoch = %(epoch)s", "") for name in ("_REMEMBER", "_FORGET")}
SLIPS = {
    "a create is not remembered": (LiveSession, "creating", sending_without_remembering),
    "a lost create is not looked up": (plan, "step", creating_without_looking),
    "who was overtaken writes": (lease.Lease, "writing", writing_whoever_has_the_lease),
    "who was overtaken sends": (lease.Lease, "check", lambda _self: None),
    "who was overtaken remembers a create": (attempts, "_REMEMBER", NO_FENCE["_REMEMBER"]),
    "what was cancelled is never shown": (claim, "push_of", resting_once_cancelled),
    "doubts are never looked at": (engine, "_recheck_doubts", lambda *_: None),
    "a failed record stops the others": (engine, "remember", stopping_at_the_first_failure),
    "a fault of one fails all": (engine._Work, "_halved", failing_the_batch),
    "what may still arrive is made again": (plan, "may_create", looking_at_once),
}


def moved_while_its_create_is_answered(world):
    world.drain(None, Interruption("remember", lambda: world.move(world.bookings[0])))


def lost_and_late(world):
    world.drain(Strike(Trouble.DROPPED, CREATE, timedelta(minutes=10)))
    world.wait(LONG)
    world.drain()


def lost_and_late_and_made_again_in_vain(world):
    world.drain(Strike(Trouble.DROPPED, CREATE, timedelta(minutes=10)))
    world.wait(LONG)
    world.drain(Strike(Trouble.THROTTLED, CREATE))


# It takes many examples to come to these by chance.
STORIES = {
    "the newest revision is taken for shown": (
        moved_while_its_create_is_answered,
        (remember, "_remember_progress", taking_the_newest_for_shown),
    ),
    "twins stay": (lost_and_late, (MemoryCrm, "remove_twins", lambda *_: "")),
    "a withdrawn create takes its doubts along": (
        lost_and_late_and_made_again_in_vain,
        (attempts, "_FORGET", ALL_FORGOTTEN),
    ),
}


def live_through(world, story):
    world.begin()
    try:
        world.book(world.places[0], *INVITEES[0])
        story(world)
        world.calm_down()
        assert world.faults() == []
    finally:
        world.end()


@pytest.mark.parametrize("name", STORIES)
def test_a_story_ends_well_and_not_with_a_slip(new_world, monkeypatch, name):
    story, slip = STORIES[name]
    live_through(new_world(print), story)
    monkeypatch.setattr(*slip)
    with pytest.raises(AssertionError):
        live_through(new_world(print), story)


@pytest.mark.long
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_of_the_engine_is_found(played, monkeypatch, slip):
    monkeypatch.setattr(*SLIPS[slip])
    with pytest.raises(AssertionError):
        played(phases=[Phase.generate])
