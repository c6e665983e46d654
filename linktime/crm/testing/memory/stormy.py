"""The CRM in memory in a storm: any of its calls can go wrong, and a create can arrive late."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import httpx2

from linktime.crm.testing.grants import Grants
from linktime.crm.testing.inside import Dropped, told
from linktime.crm.testing.memory.service import MemoryService
from linktime.crm.testing.service import Asked
from linktime.crm.testing.stage import Trouble

CREATE = "POST /meetings/create"
CREATES = ("POST /contacts/upsert", CREATE)
IN_TIME = timedelta(seconds=60)  # what a call may take; what is done later than that is late


type Listener = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Strike:
    """What befalls the next call, or the next of a name; None refuses it to whoever makes it, and to nobody else.

    A create that is dropped arrives `after` a while, if it is said when. A change never does: no CRM tells an old one
    from a new one.
    """

    trouble: Trouble | None
    call: str = ""
    after: timedelta | None = None


class StormyService(MemoryService):
    """Says to `reached` which call begins, and which is done; that may raise what ends the caller.

    `note` is told what befalls calls, `struck` counts it; `late` are ids of meetings that were made after `IN_TIME`.
    """

    def __init__(self, clock: Callable[[], datetime], grants: Grants, reached: Listener, note: Listener) -> None:
        super().__init__(clock)
        self.grants = deepcopy(grants)
        self.grants.now = clock
        self.struck = 0
        self.late: set[str] = set()
        self.strike: Strike | None = None
        self._clock, self._reached, self._note = clock, reached, note
        self._on_the_way: list[tuple[datetime, datetime, Asked]] = []

    def prepare(self, strike: Strike | None) -> None:
        """Let this befall a call to come, and nothing else."""
        super().recover()
        self.strike = strike

    def arrive(self) -> None:
        """Do what was on its way for long enough."""
        due = [(at - began, asked) for began, at, asked in self._on_the_way if at <= self._clock()]
        self._on_the_way = [one for one in self._on_the_way if one[1] > self._clock()]
        for lateness, asked in due:
            self._note(f"{asked.what} arrives late")
            self._noted(lateness, partial(self._worked, asked))

    def under_way(self) -> bool:
        return bool(self._on_the_way)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        answer = super().answer(request)
        self.struck += answer.status_code != httpx2.codes.OK
        return answer

    def _through(self, asked: Asked) -> httpx2.Response:
        began = self._clock()
        self._reached(asked.what)
        answer = self._noted(self._clock() - began, partial(self._told, asked, self._befalls(asked)))
        self._reached(f"{asked.what}, done")
        return answer

    def _noted[T](self, lateness: timedelta, act: Callable[[], T]) -> T:
        before = set(self.records.meetings)
        try:
            return act()
        finally:
            if lateness >= IN_TIME:
                self.late |= set(self.records.meetings) - before

    def _befalls(self, asked: Asked) -> Strike | None:
        if self.strike is None or self.strike.call not in ("", asked.what):
            return None
        strike, self.strike = self.strike, None
        return strike

    def _told(self, asked: Asked, strike: Strike | None) -> httpx2.Response:
        if strike is None:
            return super()._through(asked)
        self.struck += 1
        self._note(f"{strike.trouble or 'forbidden'}: {asked.what}")
        if strike.trouble is None:
            return told(403, {"error": "not_now"})
        self.disturb(asked.what, strike.trouble)
        try:
            return super()._through(asked)
        except Dropped:
            if strike.after and strike.trouble == Trouble.DROPPED and asked.what in CREATES:
                self._on_the_way.append((self._clock(), self._clock() + strike.after, asked))
            raise
