"""A nightly look at what became of bookings over there: what is gone, changed or merged is told, and nothing is done.

Bookings that were synced in the last 30 days, or begin in the next, are read back under the organisation's lease, when
nothing else is due there and its budget allows background work. A look-up that fails is an error, never "deleted".
Bringing a booking back is the ordinary sync of what is known of it then, when a person asks for it.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from linktime.bookings.models import Booking
from linktime.connections import states
from linktime.connections.models import Connection
from linktime.core.errors import Conflict
from linktime.crm import actions, claim, registry, weather
from linktime.crm.contract import CrmError, Reconnect, Rejected, Seen, TakenOver, TryAgain
from linktime.crm.lease import Lease
from linktime.crm.models import Drift, Organisation, Reconciliation, SyncRecord
from linktime.crm.session import Clock, LiveSession
from linktime.crm.weather import CLEAR

logger = logging.getLogger(__name__)

RECENT = timedelta(days=30)
PAGE = 200
FIRST, NIGHT = time(1, 0), timedelta(hours=4)  # on the clock of who connected
LATER = timedelta(minutes=15)


class NothingToBringBack(Conflict):
    code = "nothing_to_bring_back"

    def __init__(self) -> None:
        super().__init__("This booking has changed since it was compared. Look again after the next comparison.")


def next_night(now: datetime, zone: ZoneInfo, spread: int) -> datetime:
    """Return the next moment of a night, between 01:00 and 05:00; `spread` tells connections apart. Pure."""
    into = timedelta(minutes=spread % int(NIGHT.total_seconds() // 60))
    today = now.astimezone(zone).date()
    nights = (datetime.combine(today + timedelta(days=ahead), FIRST, zone) + into for ahead in (0, 1))
    return next(night for night in nights if night > now)


def plan(connection: Connection, now: datetime) -> None:
    """Have a connection compared each night from now on."""
    due_at = _next_night(connection, now)
    Reconciliation.objects.get_or_create(
        connection=connection, defaults={"account_id": connection.account_id, "due_at": due_at}
    )


def recent(connection: Connection, now: datetime) -> QuerySet[SyncRecord]:
    """Return what is compared, by two indexes: all bookings become ever more, recent ones do not."""
    theirs = SyncRecord.objects.filter(connection=connection)
    soon = Booking.objects.filter(account=connection.account_id, start__gte=now, start__lt=now + RECENT)
    synced, starting = theirs.filter(synced_at__gte=now - RECENT), theirs.filter(booking__in=soon)
    found = synced.order_by().values("pk").union(starting.order_by().values("pk"))
    return SyncRecord.objects.filter(pk__in=found, state=SyncRecord.State.SYNCED).exclude(meeting_id="")


def compare(lease: Lease, reconciliation: Reconciliation, clock: Clock, give_way: Callable[[], bool]) -> None:
    """Go on with a pass until it ends, fails, or has to give way."""
    _Pass(lease, reconciliation, clock).run(give_way)


class _Pass:
    """One connection's comparison: its session, and how far it is."""

    def __init__(self, lease: Lease, reconciliation: Reconciliation, clock: Clock) -> None:
        self.lease = lease
        self.reconciliation = reconciliation
        self.connection = reconciliation.connection
        self.clock = clock
        self.session = LiveSession(lease=lease, connection=self.connection, clock=clock)

    def run(self, give_way: Callable[[], bool]) -> None:
        """Compare some records at least, however much waits: else a busy installation would never come to it."""
        try:
            while records := self._next():
                if not self._compared(records, give_way) or give_way():
                    return
            self._end()
        except TakenOver:
            raise
        except CrmError as error:
            self._fail(error)
        except Exception as error:
            logger.exception("a comparison failed with a fault of ours")
            self._fail(Rejected(type(error).__name__, code="internal"))

    def _next(self) -> list[SyncRecord]:
        found = recent(self.connection, self.clock()).filter(pk__gt=self.reconciliation.reached)
        return list(found.select_related("booking").order_by("pk")[:PAGE])

    def _compared(self, records: Sequence[SyncRecord], give_way: Callable[[], bool]) -> bool:
        """Compare some records, and keep what was seen of them, whatever ends it; False when the budget ends it."""
        seen: list[Seen] = []
        began = self.clock()
        try:
            for group in self._groups(records):
                seen += group
                if give_way():
                    break
        finally:
            self._keep(seen, began)
        return not self._budget_is_used()

    def _groups(self, records: Sequence[SyncRecord]) -> Iterable[Sequence[Seen]]:
        provider = registry.provider(self.connection.service)
        return provider.read_back(self.session, claim.pushes_of(self.connection, records, self.clock()))

    def _keep(self, seen: Sequence[Seen], at: datetime) -> None:
        """Keep what was seen, but of somebody who was erased meanwhile: `erasure.py` locks the same records."""
        if not seen:
            return
        with self.lease.writing():
            records = SyncRecord.objects.select_for_update().order_by("pk").filter(pk__in=[one.key for one in seen])
            there = set(records.filter(state=SyncRecord.State.SYNCED).values_list("pk", flat=True))
            Drift.objects.filter(record__in=there).delete()
            drifted = [one for one in seen if one.drift and one.key in there]
            Drift.objects.bulk_create(_drift(self.connection, one, at) for one in drifted)
            self._note(reached=seen[-1].key)

    def _budget_is_used(self) -> bool:
        """Stop background work at this organisation when most of its day's requests are used."""
        now = self.clock()
        held = weather.after_answer(CLEAR, self.session.budget, now)
        waits = {name: until for name, until in asdict(held).items() if name.endswith("_from") and until}
        if waits:
            Organisation.objects.filter(pk=self.lease.organisation.pk).update(**waits)
            self._note(due_at=now + weather.BUDGET_PROBE)
        return bool(waits)

    def _end(self) -> None:
        now = self.clock()
        self._note(
            compared_at=now, due_at=_next_night(self.connection, now), reached=0, error_code="", error_message=""
        )

    def _fail(self, error: CrmError) -> None:
        """Try again soon what can pass; what only a person can mend waits for the next night."""
        now = self.clock()
        if isinstance(error, Reconnect):
            states.grant_died(self.connection, code=error.code, message=error.message)
        passes = isinstance(error, TryAgain)
        after = (getattr(error, "after", None) or LATER) if passes else None
        due_at = now + after if after else _next_night(self.connection, now)
        self._note(due_at=due_at, error_code=error.code[:100], error_message=error.message)

    def _note(self, **columns: object) -> None:
        for name, value in columns.items():
            setattr(self.reconciliation, name, value)
        self.reconciliation.save(update_fields=list(columns))


def _next_night(connection: Connection, now: datetime) -> datetime:
    zone = connection.connected_by.time_zone if connection.connected_by else "UTC"
    return next_night(now, ZoneInfo(zone), spread=connection.pk * 37)


def _drift(connection: Connection, seen: Seen, at: datetime) -> Drift:
    if seen.drift is None:
        raise ValueError("nothing has drifted")
    drift = seen.drift
    return Drift(
        account_id=connection.account_id,
        record_id=seen.key,
        seen_at=at,
        kind=drift.kind,
        message=drift.message,
        remedy=drift.remedy,
        remote=asdict(drift.remote),
        differences=[asdict(difference) for difference in drift.differences],
    )


def bring_back(record: SyncRecord, now: datetime) -> None:
    """Have one booking synced from what is known to stand there. Raises NothingToBringBack.

    A record that is in a drain's hand is not synced, so this one is in nobody's.
    """
    drift = record.drifted
    if drift is None or not drift.remedy:
        raise NothingToBringBack
    remote = drift.remote
    as_seen = SyncRecord.objects.filter(pk=record.pk, state=SyncRecord.State.SYNCED, synced_at__lte=drift.seen_at)
    found = as_seen.update(
        state=SyncRecord.State.PENDING,
        pending_since=now,
        urgency=SyncRecord.Urgency.PERSON,
        cause=SyncRecord.Cause.RESTORED,
        shown_revision=0,
        due_at=now,
        tries=0,
        contact_id=remote["contact_id"],
        meeting_id=remote["meeting_id"],
        remote=remote["written"],
    )
    if not found:
        raise NothingToBringBack
    actions.wake([record.organisation_id])
