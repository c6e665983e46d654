"""A state machine that lets people book, workers drain and a CRM in memory fail, in any order."""

import sys
from datetime import timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from linktime.crm.models import SyncRecord
from linktime.crm.testing.memory.stormy import Strike
from linktime.crm.testing.stage import Trouble
from linktime.crm.testing.world import BRIEFLY, KNOWN, LONG, Interruption, Spoiled, World

INVITEES = [
    ("Grace Hopper", "grace@example.com"),
    ("Grace Hopper", "Grace@Example.com"),
    ("Zoë Müller", KNOWN),
    ("李 小龍", "o'brien@example.com"),
]
TIMES = [timedelta(seconds=3), timedelta(seconds=35), timedelta(seconds=65), timedelta(minutes=17), timedelta(days=1)]
LATE = [None, timedelta(seconds=5), timedelta(seconds=80), timedelta(minutes=10)]

invitees, which = st.sampled_from(INVITEES), st.integers(0, 3)
strikes = st.builds(Strike, st.integers(0, 2), st.sampled_from([*Trouble, None]), st.sampled_from(LATE))


INTERRUPTIONS = {
    "the worker dies": lambda machine, _which: machine.world.kill(),
    "it is overtaken": lambda machine, _which: machine.world.overtake(BRIEFLY),
    "it is overtaken late": lambda machine, _which: machine.world.overtake(LONG),
    "a booking moves": lambda machine, which: machine.do("move", which),
    "a booking is cancelled": lambda machine, which: machine.do("cancel", which),
    "access is revoked": lambda machine, _which: machine.world.stage.revoke(),
}


class Machine(RuleBasedStateMachine):
    def __init__(self, places, grants):
        super().__init__()
        self.world = World(places, grants)
        self.world.begin()

    def teardown(self):
        """End all trouble; then everything has to be there, once, and right. Not after a step that failed."""
        try:
            if sys.exc_info()[0] is None:
                self.world.calm_down()
                assert self.world.faults() == []
        finally:
            self.world.end()

    # People who book, and who own the connections

    @initialize(invitee=invitees, place=st.integers(0, 1))
    def book_first(self, invitee, place):
        self.world.book(self.world.places[place], *invitee)

    @rule(invitee=invitees, place=st.integers(0, 1))
    def book(self, invitee, place):
        self.world.book(self.world.places[place], *invitee)

    @precondition(lambda self: self.world.to_come())
    @rule(which=which, act=st.sampled_from(["move", "cancel"]))
    def change(self, which, act):
        self.do(act, which)

    @precondition(lambda self: self.world.begun())
    @rule(which=which)
    def no_show(self, which):
        self.world.no_show(chosen(self.world.begun(), which))

    @rule(ends=st.sampled_from(["end_token", "revoke"]))
    def lose_access(self, ends):
        getattr(self.world.stage, ends)()

    @rule(email=invitees.map(lambda one: one[1]), how=st.sampled_from(Spoiled))
    def spoil(self, email, how):
        self.world.spoil(email, how)

    @rule()
    def repair(self):
        self.world.mend()
        self.world.reconnect()
        self.world.retry()

    # People over there

    @precondition(lambda self: self.world.stage.meetings()[1:])
    @rule(which=which, act=st.sampled_from(["edit", "delete_meeting"]))
    def lay_hands_on_a_meeting(self, which, act):
        if there := self.world.settled_meetings():
            getattr(self.world, act)(chosen(there, which))

    @precondition(lambda self: self.world.stage.meetings()[1:])
    @rule(which=which, act=st.sampled_from(["merge", "delete_contact"]))
    def lay_hands_on_a_contact(self, which, act):
        if there := self.world.settled_contacts():
            getattr(self.world, act)(chosen(there, which))

    # Time, and workers

    @rule(how_long=st.sampled_from(TIMES))
    def wait(self, how_long):
        self.world.wait(how_long)

    @rule()
    def drain(self):
        """A drain that meets no trouble brings whatever is due, and holds nobody up for what somebody else has."""
        due, struck = self.world.due(), self.world.service.struck
        self.world.drain()
        if self.world.service.struck == struck:
            states = set(SyncRecord.objects.filter(pk__in=due).values_list("state", flat=True))
            assert states <= {"synced", "skipped"}

    @rule(strike=strikes)
    def drain_in_trouble(self, strike):
        self.world.drain(strike)

    @rule(strike=st.none() | strikes, skip=st.integers(0, 7), what=st.sampled_from(list(INTERRUPTIONS)), which=which)
    def drain_interrupted(self, strike, skip, what, which):
        self.world.drain(strike, Interruption(skip, partial(INTERRUPTIONS[what], self, which)))

    def do(self, act, which):
        if self.world.to_come():
            getattr(self.world, act)(chosen(self.world.to_come(), which))

    # What holds at all times

    @invariant()
    def nothing_is_there_twice_and_what_is_called_synced_is_right(self):
        if self.world.stirred:
            self.world.stirred = False
            assert self.world.doubtless_twins() == []
            assert self.world.wrongly_called_synced() == []


def chosen(some, which):
    return some[which % len(some)]
