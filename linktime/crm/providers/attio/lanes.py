"""Many people's bookings side by side, each person's one after the other.

The threads do nothing but send. Steps go forward, and the database is touched, in the thread that asks for outcomes.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field, replace

from linktime.crm.contract import (
    Answer,
    CrmError,
    Outcome,
    Push,
    Rejected,
    Session,
    Spent,
    TakenOver,
    concerns_everybody,
)
from linktime.crm.providers.attio.calls import Call, Steps

logger = logging.getLogger(__name__)


class Halted(Exception):
    """Thrown into steps whose next call is not made: somebody else's concerns the whole organisation."""


@dataclass
class _Lane:
    """One push under way."""

    push: Push
    steps: Steps[Outcome]
    began: float = field(default_factory=time.monotonic)
    calls: int = 0

    def forward(self, answer: Future[Answer] | None) -> Call | Outcome:
        """Go on with an answer, to the next call or to the end. Raises Halted, TakenOver."""
        try:
            return self._resume(answer)
        except StopIteration as end:
            outcome: Outcome = end.value
        except (Halted, TakenOver):
            raise
        except CrmError as error:
            outcome = Outcome(self.push.key, error=error)
        except Exception as error:
            logger.exception("a push failed with a fault of ours")
            outcome = Outcome(self.push.key, error=Rejected(type(error).__name__, code="internal"))
        return self._told(outcome)

    def halt(self) -> Outcome | None:
        """End before the next call, with what has been done if that is worth keeping."""
        try:
            self.steps.throw(Halted())
        except StopIteration as end:
            return self._told(end.value)
        except Halted:
            return None
        raise RuntimeError("steps went on though they were halted")

    def _told(self, outcome: Outcome) -> Outcome:
        return replace(outcome, spent=Spent(self.calls, round((time.monotonic() - self.began) * 1000)))

    def _resume(self, answer: Future[Answer] | None) -> Call:
        if answer is None:
            return next(self.steps)
        if error := answer.exception():
            return self.steps.throw(error)
        return self.steps.send(answer.result())


class Lanes:
    """At most `width` requests at once. `begin` gives the steps of a push."""

    def __init__(self, session: Session, begin: Callable[[Push], Steps[Outcome]], *, width: int) -> None:
        self._session, self._begin, self._width = session, begin, width
        self._people: deque[deque[Push]] = deque()
        self._under_way: dict[Future[Answer], tuple[_Lane, deque[Push]]] = {}
        self._last: list[Outcome] = []  # what concerns everybody: told when the others have been

    def run(self, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
        """Yield outcomes as soon as they are known; after one that concerns everybody nothing more is sent."""
        self._people = _by_person(pushes)
        with ThreadPoolExecutor(self._width) as pool:
            yield self._round(pool, set())
            while self._under_way:
                answered, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
                yield self._round(pool, answered)
        yield self._last

    def _round(self, pool: ThreadPoolExecutor, answered: set[Future[Answer]]) -> list[Outcome]:
        """Take every lane forward that has its answer, fill what is free, and send; then tell outcomes."""
        outcomes: list[Outcome] = []
        sending: list[tuple[_Lane, deque[Push], Call]] = []
        for future in answered:
            lane, person = self._under_way.pop(future)
            self._forward(lane, person, future, sending, outcomes)
        while self._people and not self._last and len(sending) + len(self._under_way) < self._width:
            person = self._people.popleft()
            push = person.popleft()
            self._forward(_Lane(push, self._begin(push)), person, None, sending, outcomes)
        self._send(pool, sending, outcomes)
        return outcomes

    def _forward(
        self,
        lane: _Lane,
        person: deque[Push],
        future: Future[Answer] | None,
        sending: list[tuple[_Lane, deque[Push], Call]],
        outcomes: list[Outcome],
    ) -> None:
        step = lane.forward(future)
        if isinstance(step, Call):
            sending.append((lane, person, step))
        elif concerns_everybody(lane.push, step.error):
            self._last.append(step)
        else:
            outcomes.append(step)
            if person:
                self._people.appendleft(person)

    def _send(
        self, pool: ThreadPoolExecutor, sending: list[tuple[_Lane, deque[Push], Call]], outcomes: list[Outcome]
    ) -> None:
        """Remember what is about to be created, all in one, and let the threads send."""
        if self._last:
            outcomes += [outcome for lane, _, _ in sending if (outcome := lane.halt())]
            return
        if creates := {lane.push.key: call.creates for lane, _, call in sending if call.creates is not None}:
            self._session.creating(creates)
        for lane, person, call in sending:
            lane.calls += 1
            context = copy_context()
            sent = pool.submit(context.run, send, self._session, call, lane.push.key)
            self._under_way[sent] = lane, person


def send(session: Session, call: Call, about: int | None = None) -> Answer:
    headers = {"Accept": "application/json"}
    return session.send(call.method, call.path, json_body=call.body, headers=headers, about=about)


def alone[T](session: Session, steps: Steps[T]) -> T:
    """Take steps one call at a time, in this thread; nothing that creates."""
    try:
        call = next(steps)
        while True:
            try:
                answer = send(session, call)
            except Exception as error:  # noqa: BLE001 - the steps know what it means
                call = steps.throw(error)
            else:
                call = steps.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result


def _by_person(pushes: Sequence[Push]) -> deque[deque[Push]]:
    """Return each person's pushes in their order, by the email."""
    people: dict[str, deque[Push]] = {}
    for push in pushes:
        people.setdefault(push.meeting.invitee.email.casefold(), deque()).append(push)
    return deque(people.values())
