"""A meeting as everybody outside `bookings` sees it: frozen values, no models, no framework.

CRM providers and mail get a `Meeting`, never a model, so they can be run and tested without a database.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class ChangeKind(StrEnum):
    """A booking begins as `booked`, or as `requested`: then it is real from `confirmed` on, or never.

    A booking that waits is `verified` by its invitee and `confirmed` by its host (or by the invitee, where no host has
    to agree); else it is `declined`, or `expired`.
    """

    BOOKED = "booked"
    REQUESTED = "requested"
    VERIFIED = "verified"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


# What the history of a meeting that is or was real is made of; the other kinds came before it was one, or instead.
TOLD = frozenset({ChangeKind.BOOKED, ChangeKind.RESCHEDULED, ChangeKind.CANCELLED, ChangeKind.NO_SHOW})


@dataclass(frozen=True, slots=True)
class Host:
    """`time_zone` is an IANA name."""

    name: str
    email: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Invitee:
    """`phone` is E.164 or empty; `time_zone` is an IANA name."""

    name: str
    email: str
    phone: str
    time_zone: str
    locale: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a question of the event type, both as a person reads them."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a booking's history; the previous times are set for `rescheduled` alone. Instants in UTC."""

    kind: ChangeKind
    revision: int
    at: datetime
    previous_start: datetime | None
    previous_end: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """The state of a booking at `revision`, which rises by one with each change. Instants in UTC.

    `url` is the invitee's page. `history` is in order of revision and ends with this one's change. That of a real
    meeting begins with `booked`: what came before, while it waited to become one, is left out.
    """

    uid: str
    revision: int
    status: Status
    title: str
    start: datetime
    end: datetime
    hosts: tuple[Host, ...]
    invitee: Invitee
    guests: tuple[str, ...]
    notes: str
    answers: tuple[Answer, ...]
    location: str
    url: str
    history: tuple[Change, ...]

    @property
    def host(self) -> Host:
        """The host whose name and time zone are used where only one fits."""
        return self.hosts[0]

    @property
    def cancelled(self) -> bool:
        return self.status == Status.CANCELLED

    @property
    def cancellation_reason(self) -> str:
        last = self.history[-1]
        return last.reason if last.kind == ChangeKind.CANCELLED else ""
