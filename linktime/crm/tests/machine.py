"""A state machine that lets people book, workers drain and a CRM in memory fail, in any order."""

import sys
from datetime import timedelta
from functools import partial

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from linktime.crm.testing.memory.stormy import CREATE, Strike
from linktime.crm.testing.stage import Trouble
from linktime.crm.testing.world import BRIEFLY, KNOWN, LONG, MOMENTS, Interruption, Spoiled

INVITEES = [
    ("Grace Hopper", "grace@example.com"),
    ("Grace Hopper", "Grace@Example.com"),
    ("Zoë Müller", KNOWN),
    ("李 小龍", "o'brien@example.com"),
]
TIMES = [timedelta(seconds=5), timedelta(seconds=65), timedelta(minutes=17), timedelta(days=1)]
LATE = [timedelta(seconds=80), timedelta(minutes=10)]

which = st.integers(0, 3)
guests = st.tuples(st.sampled_from(INVITEES), st.integers(0, 1), st.sampled_from([None, None, None, *Spoiled]))
lost = st.builds(Strike, st.sampled_from([Trouble.LOST, Trouble.BROKEN, Trouble.THROTTLED, None]), st.just(CREATE))
late = st.builds(Strike, st.just(Trouble.DROPPED), st.just(CREATE), st.sampled_from(LATE))
strikes = lost | late | st.builds(Strike, st.sampled_from([*Trouble, None]))


INTERRUPTIONS = {
    "a booking moves": lambda machine, which: machine.do("move", which),
    "it is overtaken late": lambda machine, _which: machine.world.overtake(LONG),
    "it is overtaken": lambda machine, _which: machine.world.overtake(BRIEFLY),
    "the worker dies": lambda machine, _which: machine.world.kill(),
    "a booking is cancelled": lambda machine, which: machine.do("cancel", which),
    "its access is revoked": lambda machine, _which: machine.world.stage.revoke(),
    "its token ends": lambda machine, _which: machine.world.stage.end_token(),
}
interruptions = st.tuples(st.sampled_from(MOMENTS), st.sampled_from(list(INTERRUPTIONS)), which)
troubles = (
    st.tuples(strikes, st.none())
    | st.tuples(st.none(), interruptions)
    | st.tuples(st.just(Strike(Trouble.LOST, CREATE)), interruptions)
)


class Machine(RuleBasedStateMachine):
    def __init__(self, new_world):
        super().__init__()
        self.world = new_world(note)
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

    @initialize(guests=st.lists(guests, min_size=1, max_size=3), trouble=troubles)
    def book_first(self, guests, trouble):
        for guest in guests:
            self.book(guest)
        self.drain(trouble)

    @rule(guest=guests)
    def book(self, guest):
        """Book, for an invitee with whom something is wrong over there, or nothing."""
        invitee, place, spoiled = guest
        self.world.book(self.world.places[place], *invitee)
        if spoiled:
            self.world.spoil(invitee[1], spoiled)

    @precondition(lambda self: self.world.to_come())
    @rule(which=which, act=st.sampled_from(["move", "cancel"]))
    def change(self, which, act):
        self.do(act, which)

    @precondition(lambda self: self.world.begun())
    @rule(which=which)
    def no_show(self, which):
        self.world.no_show(chosen(self.world.begun(), which))

    @rule()
    def repair(self):
        self.world.mend()
        self.world.reconnect()
        self.world.retry()

    # People over there

    @precondition(lambda self: self.world.stage.meetings()[1:])
    @rule(which=which, act=st.sampled_from(["edit", "delete_meeting", "merge", "delete_contact"]))
    def lay_hands_on(self, which, act):
        there = self.world.settled_meetings() if "meeting" in act or act == "edit" else self.world.settled_contacts()
        if there:
            getattr(self.world, act)(chosen(there, which))

    # Time, and workers

    @rule(how_long=st.sampled_from(TIMES))
    def wait(self, how_long):
        self.world.wait(how_long)
        self.world.look()

    @rule(trouble=st.none() | troubles)
    def drain(self, trouble):
        strike, interruption = trouble or (None, None)
        if interruption:
            at, what, which = interruption
            interruption = Interruption(at, partial(INTERRUPTIONS[what], self, which))
        self.world.drain(strike, interruption)

    def do(self, act, which):
        if self.world.to_come():
            getattr(self.world, act)(chosen(self.world.to_come(), which))


def chosen(some, which):
    return some[which % len(some)]
