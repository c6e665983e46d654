"""claim -> plan -> push -> remember: where the database and a provider meet.

A drain brings one organisation's due records forward, batch by batch, under the organisation's lease. No transaction is
open while a CRM is spoken to. The record is the truth: whatever happens to this process, the next drain reads from it
what is wanted, what is shown, and which create may have arrived.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from linktime.connections.models import Connection
from linktime.crm import claim, registry
from linktime.crm.contract import CrmError, Outcome, Push, Rejected, Spent, Step, TakenOver
from linktime.crm.exchanges import Exchange
from linktime.crm.lease import Lease
from linktime.crm.models import SyncRecord
from linktime.crm.remember import Result, forget_doubt, remember
from linktime.crm.session import Clock, LiveSession
from linktime.crm.weather import BREAKER

logger = logging.getLogger(__name__)

LONGEST = timedelta(seconds=30)  # of one drain: then others have their turn, whatever waits


def drain(organisation_id: int, clock: Clock, others_wait: Callable[[], bool] = lambda: False) -> bool:
    """Push what is due, until nothing is, or others wait. False, at once, when another process holds the lease."""
    lease = Lease.take(organisation_id)
    if lease is None:
        return False
    try:
        with lease:
            if _push_batches(lease, clock, others_wait):
                _recheck_doubts(lease, clock)
    except TakenOver:
        logger.info("organisation %s was taken over by another process", organisation_id)
        return False
    return True


def _push_batches(lease: Lease, clock: Clock, others_wait: Callable[[], bool]) -> bool:
    """Push one batch after another, the connections in turn; say whether nothing is left."""
    until = time.monotonic() + LONGEST.total_seconds()
    while connection := claim.next_connection(lease.organisation, clock()):
        lease.organisation.last_connection = connection.pk
        if not _push_batch(lease, connection, clock) or time.monotonic() > until or others_wait():
            return False
    return True


def _push_batch(lease: Lease, connection: Connection, clock: Clock) -> bool:
    """Push a batch, or one booking while the organisation is in trouble; say whether to go on."""
    in_trouble = lease.organisation.failures >= BREAKER
    size = 1 if in_trouble else registry.provider(connection.service).manifest.batch
    return _Work(lease, connection, clock).push_all(claim.batch_of(lease.organisation, connection, size, clock()))


def _recheck_doubts(lease: Lease, clock: Clock) -> None:
    for record in claim.doubts_of(lease.organisation, clock()):
        _Work(lease, record.connection, clock).recheck(record)


class _Work:
    """One batch of one connection: its session, and what it costs."""

    def __init__(self, lease: Lease, connection: Connection, clock: Clock) -> None:
        self.lease = lease
        self.connection = connection
        self.clock = clock
        self.provider = registry.provider(connection.service)
        self.session = LiveSession(lease=lease, connection=connection, clock=clock)

    def push_all(self, pushes: Sequence[Push]) -> bool:
        """Push until all have an outcome; False when the organisation or the connection can take no more for now."""
        waiting = {push.key: push for push in pushes}
        self.session.revisions = {push.key: push.meeting.revision for push in pushes}
        while waiting:
            before = len(waiting)
            for group in _metered(self.session, filter(None, self._outcomes(list(waiting.values())))):
                said = self.session.exchanges.taken([outcome.key for outcome, _ in group])
                results = [self._result(waiting.pop(one.key), one, spent, said[one.key]) for one, spent in group]
                if not remember(self.lease, self.connection, results, self.session.budget, self.clock()):
                    return False
            # what a fault of ours left without an answer may have been created: the next drain looks it up
            waiting = {key: push for key, push in waiting.items() if key not in self.session.created}
            if len(waiting) == before:
                raise RuntimeError(f"{self.provider.manifest.name} says nothing of {before} bookings")
        return True

    def _result(self, push: Push, outcome: Outcome, spent: Spent, said: Sequence[Exchange]) -> Result:
        alone = len(self.session.revisions) == 1
        return Result(push, outcome, spent, sent=push.key in self.session.created, said=said, alone=alone)

    def _outcomes(self, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
        """Yield outcomes; an error that is raised ends them, and concerns the first push that has none yet."""
        unanswered = {push.key: push for push in pushes if push.step != Step.REST}
        if resting := [Outcome(push.key, remote=push.remote) for push in pushes if push.step == Step.REST]:
            yield resting
        try:
            for group in self._push(list(unanswered.values())):
                for outcome in group:
                    del unanswered[outcome.key]
                yield group
        except TakenOver:
            raise
        except CrmError as error:
            yield [Outcome(next(iter(unanswered)), error=error)]
        except Exception as error:  # noqa: BLE001 - a fault of ours fails one record, never an organisation
            yield from self._halved(list(unanswered.values()), error)

    def _halved(self, pushes: Sequence[Push], error: Exception) -> Iterator[Sequence[Outcome]]:
        """Find out whose fault it is, by halves; what may have been created is looked up, and found out then."""
        logger.error("a push failed with a fault of ours", exc_info=error)
        if len(pushes) == 1:
            yield [Outcome(pushes[0].key, error=Rejected(type(error).__name__, code="internal"))]
            return
        untouched = [push for push in pushes if push.key not in self.session.created]
        middle = (len(untouched) + 1) // 2
        for half in filter(None, (untouched[:middle], untouched[middle:])):
            yield from self._outcomes(half)

    def _push(self, pushes: Sequence[Push]) -> Iterable[Sequence[Outcome]]:
        if pushes:
            self.session.open()
            yield from self.provider.push(self.session, pushes)

    def recheck(self, record: SyncRecord) -> None:
        """Look once more for twins of lost creates; a failure leaves the doubt for the next time."""
        remote = claim.remote_of(record)
        attempts = [claim.attempt_of(stored) for stored in record.doubt or []]
        try:
            notes = [self.provider.remove_twins(self.session, attempt, remote) for attempt in attempts if attempt]
        except CrmError as error:
            logger.info("record %s: twins not looked up: %s", record.pk, error.code)
            return
        forget_doubt(self.lease, record, notes, calls=self.session.calls, now=self.clock())


def _metered(session: LiveSession, groups: Iterable[Sequence[Outcome]]) -> Iterator[list[tuple[Outcome, Spent]]]:
    """Say what each group cost: its first outcome bears the calls that all of it shares."""
    calls, since = session.calls, time.monotonic()
    for group in groups:
        ms = round((time.monotonic() - since) * 1000)
        shared = [Spent(session.calls - calls if first else 0, ms) for first in (True, *[False] * (len(group) - 1))]
        yield [(outcome, outcome.spent or spent) for outcome, spent in zip(group, shared, strict=True)]
        calls, since = session.calls, time.monotonic()
