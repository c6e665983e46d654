"""A backlog: about two calls for 200 bookings, two calls at a time.

While the Contacts of one group are made, the Events of the group before are, in one call with the questions of the
group after. What is told by an answer is remembered while the next calls are on their way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linktime.crm.contract import CrmError, Gone, Outcome, Push, Remote, Session, Uncertain, concerns_everybody
from linktime.crm.providers.salesforce.client import Request, composite_request
from linktime.crm.providers.salesforce.contacts import Asking, Making
from linktime.crm.providers.salesforce.create import MAY_ARRIVE, create
from linktime.crm.providers.salesforce.errors import Unclear
from linktime.crm.providers.salesforce.events import Logging
from linktime.crm.providers.salesforce.flights import Answers, Flights
from linktime.crm.providers.salesforce.patience import Patience, may_be_one_records_fault
from linktime.crm.providers.salesforce.people import Entry, Group, grouped
from linktime.crm.providers.salesforce.records import LARGEST
from linktime.crm.providers.salesforce.search import ARRIVED, Sought, search
from linktime.crm.providers.salesforce.stage import Result, Stage

FEW = 2  # as many cost no more one by one
NARROWER = 8  # 200, 25, 3, one by one: to find the record that spoils a call


def create_all(
    session: Session, pushes: Sequence[Push], *, size: int = LARGEST, again: bool = True
) -> Iterator[Sequence[Outcome]]:
    """Log bookings. A Contact that vanishes in between is looked for again, once."""
    if size == 1 or (len(pushes) <= FEW and all(push.may_create for push in pushes)):
        yield from _singly(session, pushes)
        return
    groups, left = grouped(pushes, size)
    backlog = _Backlog(session, groups, again=again)
    yield from backlog.run()
    yield from _cleared(session, backlog.unclear, backlog.spoilt)
    yield from _singly(session, backlog.singly)
    if backlog.spoilt:
        yield from create_all(session, backlog.spoilt, size=narrower(min(size, len(backlog.spoilt))))
    yield from create_all(session, backlog.gone, again=False)
    yield from create_all(session, left)


def _cleared(session: Session, unclear: Sequence[Sought], spoilt: list[Push]) -> Iterator[Sequence[Outcome]]:
    """Look now for Events that nobody can say were made; those that were not go to `spoilt`."""
    results = search(session, unclear)
    yield [Outcome(key, remote=one, note=ARRIVED) for key, one in results.items() if isinstance(one, Remote)]
    failed = [(key, error) for key, error in results.items() if isinstance(error, CrmError)]
    if failed:
        key, error = failed[0]
        yield [Outcome(key, error=Uncertain(error.message, code=error.code))]
    else:
        missing = [push for push, _ in unclear if push.key not in results]
        session.withdraw(push.key for push in missing)
        spoilt += missing


def narrower(size: int) -> int:
    return size // NARROWER or 1


def _singly(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    for push in pushes:
        yield [_one(session, push) if push.may_create else Outcome(push.key, error=Uncertain(MAY_ARRIVE))]


def _one(session: Session, push: Push) -> Outcome:
    try:
        return create(session, push)
    except CrmError as error:
        return Outcome(push.key, error=error)


@dataclass(frozen=True, slots=True)
class _Load:
    """Stages that share one call."""

    stages: Sequence[Stage]

    @property
    def request(self) -> Request:
        parts = [part for stage in self.stages for part in stage.parts]
        return composite_request(parts, creates=bool(self.attempts), all_or_none=False)

    @property
    def attempts(self) -> dict[int, Mapping[str, Any]]:
        return {key: values for stage in self.stages for key, values in stage.attempts.items()}


class _Backlog:
    """The groups under way. After `run`, the pushes in `singly`, `spoilt`, `gone` and `unclear` have no outcome yet."""

    def __init__(self, session: Session, groups: Sequence[Group], *, again: bool) -> None:
        self.singly: list[Push] = []
        self.spoilt: list[Push] = []
        self.gone: list[Push] = []
        self.unclear: list[Sought] = []
        self._session, self._groups, self._again = session, groups, again
        self._pushes = {push.key: push for group in groups for push in group.pushes}
        self._settled: set[int] = set()  # whose creates have been answered, and are not told yet
        self._told: list[Outcome] = []
        self._last: list[Outcome] = []  # the first that concerns everybody
        self._patience = Patience()
        self._failure: CrmError | None = None

    def run(self) -> Iterator[Sequence[Outcome]]:
        """Yield outcomes as they become known; after one that concerns everybody nothing more is sent."""
        self._prepare(0)
        with Flights(self._session) as flights:
            for turn in range(len(self._groups) + 2):
                loads = self._loads(turn)
                self._remember(loads)
                flights.start(load.request for load in loads)
                self._prepare(turn + 1)
                yield self._news()
                for load, landed in zip(loads, flights.land(), strict=True):
                    self._take(load, landed)
                if self._last or self._patience.is_over:
                    break
        self._give_up()
        yield self._news()
        self._session.withdraw(self._settled)
        yield self._last

    def _prepare(self, turn: int) -> None:
        """Put the bookings that are asked about next into words, while other calls are on their way."""
        for number in _asked(turn):
            for group in self._at(number):
                for outcome in group.prepare():
                    self._tell(outcome)

    def _loads(self, turn: int) -> list[_Load]:
        stages: tuple[list[Stage], list[Stage]] = (
            [
                *(Logging(group) for group in self._at(turn - 2)),
                *(Asking(group, number) for number in _asked(turn) for group in self._at(number)),
            ],
            [Making(group) for group in self._at(turn - 1)],
        )
        loads = [_Load([stage for stage in some if stage.parts]) for some in stages]
        return [load for load in loads if load.stages]

    def _at(self, number: int) -> Sequence[Group]:
        return self._groups[number : number + 1] if number >= 0 else ()

    def _remember(self, loads: Sequence[_Load]) -> None:
        if attempts := {key: values for load in loads for key, values in load.attempts.items()}:
            self._settled.difference_update(attempts)
            self._session.creating(attempts)

    def _news(self) -> list[Outcome]:
        told, self._told = self._told, []
        return told

    def _take(self, load: _Load, landed: Answers | CrmError) -> None:
        for stage in load.stages:
            try:
                if isinstance(landed, CrmError):
                    raise landed
                result = stage.read(self._session, landed)
            except CrmError as error:
                self._failed(stage, error)
            else:
                self._done(stage, result)

    def _done(self, stage: Stage, result: Result) -> None:
        self._patience.works |= bool(stage.attempts)
        self._settled.update(stage.attempts)
        self.singly += result.singly
        if self._again:
            self.gone += result.gone
        else:
            result.outcomes += [Outcome(push.key, error=Gone()) for push in result.gone]
        for outcome in result.outcomes:
            self._tell(outcome)

    def _failed(self, stage: Stage, error: CrmError) -> None:
        """Leave a whole group out: what surely was not made may go better in smaller groups."""
        entries = stage.group.entries
        stage.group.people.clear()
        self._failure = error
        self._patience.failures += 1
        if isinstance(error, Unclear) and not stage.asks_again:
            self.unclear += [(entry.push, stage.attempts[entry.key]) for entry in entries]
        elif isinstance(error, Uncertain) and not isinstance(error, Unclear) and stage.attempts:
            for entry in entries:
                self._tell(Outcome(entry.key, error=error))
        else:
            self._settled.update(stage.attempts)
            self._spoil(entries, error)

    def _spoil(self, entries: Sequence[Entry], error: CrmError) -> None:
        if isinstance(error, Uncertain) or may_be_one_records_fault(error):
            self.spoilt += [entry.push for entry in entries]
        else:
            self._tell(Outcome(entries[0].key, error=error))

    def _tell(self, outcome: Outcome) -> None:
        self._settled.discard(outcome.key)
        if not concerns_everybody(self._pushes[outcome.key], outcome.error):
            self._told.append(outcome)
        elif not self._last:
            self._last.append(outcome)

    def _give_up(self) -> None:
        """Where nothing works, no smaller group will: what fails everybody fails all that are left."""
        left = [*self.spoilt, *(push for group in self._groups for push in group.pushes)]
        left += [entry.push for group in self._groups for entry in group.entries]
        error = self._failure
        if error is None or self._last or not self._patience.is_over or not left:
            return
        self.spoilt = []
        for push in left:
            self._tell(Outcome(push.key, error=self._patience.blame(error)))


def _asked(turn: int) -> Sequence[int]:
    """Return which groups are asked about: the first two in one call, so that each later one shares another's."""
    return {0: (0, 1), 1: ()}.get(turn, (turn,))
