"""A small world that a state machine plays in: people who book, workers that drain, and a CRM in memory in a storm.

Time is the world's own. In the middle of a drain, a worker can end or be overtaken, and bookings can change.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from unittest.mock import patch

from django.db import connection as database
from django.db import transaction

from linktime.bookings import actions as bookings
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.models import Booking
from linktime.connections.models import Connection
from linktime.core.meeting import Meeting
from linktime.crm import actions, engine, lease
from linktime.crm.models import Organisation, SyncAttempt, SyncRecord
from linktime.crm.session import LiveSession
from linktime.crm.testing import checker
from linktime.crm.testing.checker import ByHand, Bystanders
from linktime.crm.testing.grants import Grants
from linktime.crm.testing.inside import installed
from linktime.crm.testing.memory import convert
from linktime.crm.testing.memory.stage import PROVIDER, MemoryStage
from linktime.crm.testing.memory.stormy import CREATE, StormyService, Strike
from linktime.crm.testing.place import Place
from linktime.crm.testing.stage import Meeting as Shown

CHANGE, LOOK_UP = "POST /meetings/change", "POST /meetings/find"
BEGIN = datetime(2026, 11, 23, 8, tzinfo=UTC)
KNOWN = "zoe+known@example.com"
BRIEFLY, LONG = timedelta(seconds=25), timedelta(seconds=65)
DONE = [SyncRecord.State.SYNCED, SyncRecord.State.SKIPPED]
WAITS = [timedelta(seconds=5), LONG, *[timedelta(minutes=17)] * 10]  # a look-up for what was lost, then for its twins


class Killed(BaseException):
    """A worker's process ends here: nothing it would have done is done."""


class Spoiled(StrEnum):
    """What is wrong with everything about an invitee."""

    REFUSED = "refused"
    LOCKED = "locked"
    POISON = "poison"


@dataclass(frozen=True)
class _Standstill:
    """What a worker that was overtaken leaves as it is."""

    records: list[Any]
    told: int
    calls: int


MOMENTS = ["creating", "creating, done", "remember", CREATE, *(f"{call}, done" for call in (CREATE, CHANGE, LOOK_UP))]


@dataclass(frozen=True)
class Interruption:
    """What happens in the middle of a drain, at one of the `MOMENTS`."""

    at: str
    act: Callable[[], None]


class World:
    """`places` share one organisation, which they are connected to by `grants`; `note` is told what befalls drains."""

    def __init__(self, places: list[Place], grants: Grants, note: Callable[[str], None]) -> None:
        self.places, self.now, self._note = places, BEGIN, note
        self.service = StormyService(lambda: self.now, grants, self._reached, note)
        self.stage = MemoryStage(self.service)
        self.bookings: list[Booking] = []
        self.spoiled: dict[str, Spoiled] = {}
        self.hand = ByHand(text="Bring slides", merged="winner@example.com")
        self.bystanders = Bystanders(self.service.records, KNOWN)
        self._interruption: Interruption | None = None
        self._overtaken: _Standstill | None = None
        self._slot = BEGIN
        self._open = ExitStack()

    def begin(self) -> None:
        began = time.monotonic()
        self._open.enter_context(_undone())
        self._open.enter_context(installed(self.stage.crm, PROVIDER, self.service))
        for owner, name in ((LiveSession, "creating"), (engine, "remember")):
            self._open.enter_context(patch.object(owner, name, self._watched(name, getattr(owner, name))))
        self._open.enter_context(patch.object(convert, "fields", self._poisoned(convert.fields)))
        elapsed = lambda: began + (self.now - BEGIN).total_seconds()  # noqa: E731 - a clock
        self._open.enter_context(patch.object(lease, "_elapsed", elapsed))
        self.organisation = Organisation.objects.get(key=self.service.organisation)

    def end(self) -> None:
        self._open.close()

    # People who book

    def book(self, place: Place, name: str, email: str) -> Booking:
        self._slot = max(self._slot, self.now.replace(minute=0, second=0) + timedelta(hours=2)) + timedelta(minutes=30)
        invitee = InviteeDetails(name=name, email=email, time_zone="Europe/Berlin", locale="en")
        made = bookings.book(
            place.event_type, start=self._slot, duration=None, invitee=invitee, guests=[], answers={}, now=self.now
        )
        self.bookings.append(made)
        return made

    def move(self, booking: Booking) -> None:
        self._slot += timedelta(minutes=30)
        self._change(booking, lambda now: bookings.reschedule(now, start=self._slot, reason="", now=self.now))

    def cancel(self, booking: Booking) -> None:
        self._change(booking, lambda now: bookings.cancel(now, reason="ill", now=self.now))

    def no_show(self, booking: Booking) -> None:
        self._change(booking, lambda now: bookings.mark_no_show(now, reason="", now=self.now))

    def to_come(self) -> list[Booking]:
        return [one for one in self.bookings if one.status == "confirmed" and one.start > self.now]

    def begun(self) -> list[Booking]:
        return [one for one in self.bookings if one.status == "confirmed" and one.start <= self.now]

    def _change(self, booking: Booking, act: Callable[[Booking], Booking]) -> None:
        at = self.bookings.index(booking)
        self.bookings[at] = act(Booking.objects.get(pk=booking.pk))

    # People who own the connections, and people over there

    def reconnect(self) -> None:
        broken = set(Connection.objects.exclude(state=Connection.State.CONNECTED).values_list("pk", flat=True))
        for place in self.places:
            if place.connection.pk in broken:
                connect(place, self.stage, self.now)

    def retry(self) -> None:
        failed = SyncRecord.objects.filter(state=SyncRecord.State.FAILED).values_list("connection_id", flat=True)
        for connection in Connection.objects.filter(pk__in=failed).order_by("pk"):
            actions.retry_failed(connection, self.now)

    def spoil(self, email: str, how: Spoiled) -> None:
        self.spoiled[email.lower()] = how
        if how == Spoiled.REFUSED:
            self.service.records.refused.add(email.lower())
        elif how == Spoiled.LOCKED:
            self.service.records.locked.add(email.lower())

    def mend(self) -> None:
        self.spoiled.clear()
        self.service.records.refused.clear()
        self.service.records.locked.clear()

    def settled_meetings(self) -> list[Shown]:
        """Return the meetings that LinkTime knows of, and has no doubt about: those that people can lay hands on."""
        ids = (
            SyncRecord.objects.filter(attempt__isnull=True, doubt__isnull=True)
            .exclude(meeting_id="")
            .values_list("meeting_id")
        )
        known = {meeting_id for (meeting_id,) in ids}
        return [meeting for meeting in self.stage.meetings() if meeting.id in known]

    def settled_contacts(self) -> list[str]:
        """Return the ids of contacts of which nothing is on the way."""
        unsure = SyncRecord.objects.exclude(attempt__isnull=True, doubt__isnull=True).values_list(
            "booking__invitee_email", flat=True
        )
        taken = {email.lower() for email in unsure} | {self.hand.merged}
        contacts = self.service.records.contacts.values()
        return [one.id for one in contacts if not taken & {*one.emails} and one.id not in self.bystanders.contact_ids]

    def edit(self, meeting: Shown) -> None:
        there = self.service.records.meetings[meeting.id]  # no rule keeps people from it
        there.fields["text"], there.version = self.hand.text, there.version + 1
        self.hand.edited.add(self._uid(meeting))

    def delete_meeting(self, meeting: Shown) -> None:
        uid = self._uid(meeting)
        self.stage.delete_meeting(meeting)
        self.hand.deleted[uid] = next(one.revision for one in self.bookings if one.uid == uid)
        self.hand.edited.discard(uid)

    def delete_contact(self, contact_id: str) -> None:
        self.hand.forgotten.update(self.service.records.contacts[contact_id].emails)
        self.stage.delete_contact(contact_id)

    def merge(self, contact_id: str) -> None:
        self.hand.forgotten.update({KNOWN} & {*self.service.records.contacts[contact_id].emails})
        self.stage.merge(contact_id)

    def _uid(self, meeting: Shown) -> str:
        return str(self.service.records.meetings[meeting.id].fields["reference"])

    # Time, and workers

    def wait(self, how_long: timedelta) -> None:
        self.now += how_long
        self.service.arrive()

    def drain(self, strike: Strike | None = None, interruption: Interruption | None = None) -> None:
        """Let a worker do what is due, and this befall it.

        One that meets no trouble brings whatever is due, and holds nobody up for what somebody else has.
        """
        due, struck = self.due(), self.service.struck
        self.service.prepare(strike)
        self._interruption = interruption
        self._work()
        self.look()
        if self.service.struck == struck:
            left = SyncRecord.objects.filter(pk__in=due).exclude(state__in=DONE)
            assert list(left.values()) == []

    def _work(self) -> None:
        """A worker that was overtaken sends and writes nothing from then on."""
        self._overtaken = None
        with suppress(Killed):
            engine.drain(self.organisation.pk, lambda: self.now)
        if self._overtaken:
            now, self._overtaken, then = self._standstill(), None, self._overtaken
            assert now == then, f"who was overtaken went on: {now}, was {then}"

    def kill(self) -> None:
        raise Killed

    def overtake(self, after: timedelta) -> None:
        """Pause the worker that is at it, for longer than its lease, and let another one work meanwhile."""
        self.wait(after)
        with database.cursor() as cursor:
            cursor.execute("UPDATE crm_organisation SET lease_until = clock_timestamp() - interval '1 second'")
        self._work()
        self._overtaken = self._standstill()

    def calm_down(self) -> None:
        """End all trouble, let people do what only they can, and let time pass until nothing is left to do."""
        self.mend()
        for how_long in WAITS:
            self.reconnect()
            self.retry()
            if self.left():
                self.drain()
            if not self.service.under_way() and not self.left():
                return
            self.wait(how_long)
        raise AssertionError(f"not quiet: {self.left()}")

    def left(self) -> list[Any]:
        """Return the records that are not as they should be in the end."""
        quiet = {"state__in": DONE, "due_at": None, "attempt__isnull": True, "doubt__isnull": True, "recheck_at": None}
        return list(SyncRecord.objects.exclude(**quiet).values())

    def faults(self) -> list[str]:
        return checker.faults(self.service.records, self.hand, self.bystanders)

    # What holds at all times

    def look(self) -> None:
        """Check that no booking is there twice, and that whatever is called synced is there as it should be."""
        assert self.unexcused_twins() == []
        assert self.wrongly_called_synced() == []

    def due(self) -> list[int]:
        """Return the records that a drain has to bring, if it meets no trouble."""
        organisation = Organisation.objects.get(pk=self.organisation.pk)
        if any(until and until > self.now for until in (organisation.retry_at, organisation.live_from)):
            return []
        pending = {"state": SyncRecord.State.PENDING, "due_at__lte": self.now, "attempt__isnull": True}
        records = SyncRecord.objects.filter(**pending, connection__state=Connection.State.CONNECTED)
        emails = records.values_list("pk", "booking__invitee_email")
        return [pk for pk, email in emails if email.lower() not in self.spoiled]

    def unexcused_twins(self) -> list[str]:
        """Return the bookings that are there twice, unless one came late and a record knows that it may have."""
        meetings = self.service.records.meetings.values()
        there = Counter(one.fields.get("reference") for one in meetings)
        in_time = Counter(one.fields.get("reference") for one in meetings if one.id not in self.service.late)
        twice = SyncRecord.objects.filter(booking__uid__in=[uid for uid, count in there.items() if count > 1])
        unknown = twice.filter(attempt__isnull=True, doubt__isnull=True).values_list("booking__uid", flat=True)
        return [*unknown, *(str(uid) for uid, count in in_time.items() if count > 1)]

    def wrongly_called_synced(self) -> list[str]:
        """Return what is wrong with meetings of which their record says that they are right."""
        records, meetings = self.service.records, self.service.records.meetings
        synced = SyncRecord.objects.filter(state=SyncRecord.State.SYNCED).values_list("booking__uid", "meeting_id")
        ids = dict(synced)
        return [
            fault
            for one in checker.wanted()
            if one.uid in ids
            for fault in checker.faults_of(
                records, one, [meetings[ids[one.uid]]] if ids[one.uid] in meetings else [], self.hand
            )
        ]

    def _standstill(self) -> _Standstill:
        records = list(SyncRecord.objects.order_by("pk").values())
        return _Standstill(records, told=SyncAttempt.objects.count(), calls=self.stage.calls_made())

    def _reached(self, what: str) -> None:
        if self._interruption and self._interruption.at == what:
            act, self._interruption = self._interruption.act, None
            self.service.struck += 1
            self._note(f"interrupted at {what}")
            act()

    def _watched(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **named: Any) -> Any:
            self._reached(name)
            answer = original(*args, **named)
            self._reached(f"{name}, done")
            return answer

        return watched

    def _poisoned(self, fields: Callable[[Meeting], dict[str, str]]) -> Callable[[Meeting], dict[str, str]]:
        def poisoned(meeting: Meeting) -> dict[str, str]:
            if self.spoiled.get(meeting.invitee.email.lower()) == Spoiled.POISON:
                raise ZeroDivisionError
            return fields(meeting)

        return poisoned


def connect(place: Place, stage: MemoryStage, now: datetime) -> None:
    with patch("linktime.crm.testing.place.now", lambda: now):
        place.take_grant(stage.crm, stage.grant(), url=stage.url)


@contextmanager
def _undone() -> Iterator[None]:
    """Undo in the end whatever is written; what asks for a transaction of its own takes this for none."""
    block: Any = transaction.atomic()
    block._from_testcase = True  # noqa: SLF001 - as Django marks those that its own test cases open
    with block:
        yield
        transaction.set_rollback(True)
