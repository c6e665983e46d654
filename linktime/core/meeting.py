"""A meeting as everybody outside `bookings` sees it: frozen values, no models, no framework.

CRM providers and mail get a `Meeting`, never a model, so they can be run and tested without a database.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class ChangeKind(StrEnum):
    BOOKED = "booked"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


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
    """The state of a booking at `revision` (1 for a new one, rising by one with each change). Instants in UTC.

    `url` is the invitee's page. `history` is in order of revision and ends with this one's change.
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
