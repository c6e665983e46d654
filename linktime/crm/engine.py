"""claim -> plan -> push -> remember: where the database and a provider meet.

A drain brings one batch of one organisation's due records forward, under the organisation's lease. No transaction is
open while a CRM is spoken to. The record is the truth: whatever happens to this process, the next drain reads from it
what is wanted, what is shown, and which create may have arrived.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from linktime.connections.models import Connection
from linktime.crm import claim, registry
from linktime.crm.contract import CrmError, Outcome, Push, Rejected, Spent, Step, concerns_everybody
from linktime.crm.lease import Lease, LeaseLost
from linktime.crm.models import SyncRecord
from linktime.crm.remember import forget_doubt, remember
from linktime.crm.session import Clock, LiveSession

logger = logging.getLogger(__name__)


def drain(organisation_id: int, clock: Clock) -> None:
    """Push one batch of what is due. Ends at once when another process holds the lease."""
    lease = Lease.take(organisation_id)
    if lease is None:
        return
    try:
        with lease:
            _push_due(lease, clock)
            _recheck_doubts(lease, clock)
    except LeaseLost:
        logger.info("organisation %s was taken over by another process", organisation_id)


def _push_due(lease: Lease, clock: Clock) -> None:
    """Push one batch of the connection that has waited longest: so the accounts of an organisation take turns."""
    rows = claim.due(clock()).filter(organisation=lease.organisation_id).order_by("due_at", "id")
    first = rows.select_related("connection").first()
    if first is None:
        return
    batch = registry.provider(first.connection.service).manifest.batch
    records = list(rows.filter(connection=first.connection).select_related("booking")[:batch])
    _Work(lease, first.connection, clock).push_all(claim.pushes_of(records, clock()))


def _recheck_doubts(lease: Lease, clock: Clock) -> None:
    rows = claim.due_recheck(clock()).filter(organisation=lease.organisation_id, due_at=None)
    for record in rows.select_related("connection").order_by("recheck_at")[:10]:
        _Work(lease, record.connection, clock).recheck(record)


class _Work:
    """One drain of one connection: its session, and what it costs."""

    def __init__(self, lease: Lease, connection: Connection, clock: Clock) -> None:
        self.lease = lease
        self.connection = connection
        self.clock = clock
        self.provider = registry.provider(connection.service)
        self.session = LiveSession(lease=lease, connection=connection, clock=clock)

    def push_all(self, pushes: Sequence[Push]) -> None:
        """Push until all have an outcome, or one shows that the organisation or the connection can't take more."""
        waiting = {push.key: push for push in pushes}
        self.session.revisions = {push.key: push.meeting.revision for push in pushes}
        while waiting:
            for outcome, spent in _metered(self.session, self._outcomes(list(waiting.values()))):
                push = waiting.pop(outcome.key)
                self._remember(push, outcome, spent)
                if concerns_everybody(push, outcome.error):
                    return
            # what a fault of ours left without an answer may have been created: the next drain looks it up
            waiting = {key: push for key, push in waiting.items() if key not in self.session.created}

    def _outcomes(self, pushes: Sequence[Push]) -> Iterator[Outcome]:
        """Yield outcomes; an error that is raised ends them, and concerns the first push that has none yet."""
        unanswered = {push.key: push for push in pushes if push.step != Step.REST}
        yield from (Outcome(push.key, remote=push.remote) for push in pushes if push.step == Step.REST)
        try:
            for outcome in self._push(list(unanswered.values())):
                del unanswered[outcome.key]
                yield outcome
        except LeaseLost:
            raise
        except CrmError as error:
            yield Outcome(next(iter(unanswered)), error=error)
        except Exception as error:  # noqa: BLE001 - a fault of ours fails one record, never an organisation
            yield from self._one_by_one(list(unanswered.values()), error)

    def _one_by_one(self, pushes: Sequence[Push], error: Exception) -> Iterator[Outcome]:
        """Find out whose fault it is by pushing alone what has not been created yet."""
        untouched = [push for push in pushes if push.key not in self.session.created]
        if len(pushes) == 1 or not untouched:
            logger.error("a push failed with a fault of ours", exc_info=error)
            yield Outcome(pushes[0].key, error=Rejected(type(error).__name__, code="internal"))
            return
        for push in untouched:
            yield from self._outcomes([push])

    def _push(self, pushes: Sequence[Push]) -> Iterable[Outcome]:
        if pushes:
            self.session.open()
            yield from self.provider.push(self.session, pushes)

    def _remember(self, push: Push, outcome: Outcome, spent: Spent) -> None:
        sent = push.key in self.session.created
        remember(self.lease, self.connection, push, outcome, spent=spent, sent=sent, now=self.clock())

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


def _metered(session: LiveSession, outcomes: Iterable[Outcome]) -> Iterator[tuple[Outcome, Spent]]:
    calls, since = session.calls, time.monotonic()
    for outcome in outcomes:
        since_last = Spent(calls=session.calls - calls, ms=round((time.monotonic() - since) * 1000))
        yield outcome, outcome.spent or since_last
        calls, since = session.calls, time.monotonic()


def more_is_due(organisation_id: int, now: datetime) -> bool:
    """Say whether another drain would find something to do."""
    return claim.due(now).filter(organisation=organisation_id).exists()
