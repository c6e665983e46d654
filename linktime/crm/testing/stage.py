"""A CRM under test, in words that fit every CRM. Read this first.

A `Stage` is what a provider's tests bring: what a person would find there (`Contact`, `Meeting`), what people do there,
and the trouble that a request can run into. Where CRMs differ (one changes its meeting, another logs each change), the
stage says what a reader takes from it: which state is the last one told, and which earlier times are told beside it.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from linktime.core.meeting import Status


@dataclass(frozen=True, slots=True)
class Contact:
    """An invitee over there. `email` is the first one, in lower case; `job` is something that is not ours to touch."""

    id: str
    email: str
    first_name: str
    last_name: str
    phone: str
    job: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Meeting:
    """A booking as a reader finds it over there; one that is told of twice is two.

    `status` and `start` are the last ones told, `moves` counts the earlier times told beside them. `text` is all that
    can be read of it; `title`, `body` and `location` are its parts as they are stored.
    """

    id: str
    contact_id: str
    status: Status
    start: datetime
    moves: int
    title: str
    body: str
    location: str
    text: str


class Trouble(StrEnum):
    """What becomes of a request."""

    DROPPED = "dropped"
    """The connection closes, and nothing was done."""
    LOST = "lost"
    """It was done, and the connection closes before the answer."""
    BUSY = "busy"
    """503, and nothing was done."""
    BROKEN = "broken"
    """It was done, and answered with 500."""
    GARBLED = "garbled"
    """It was done, and the answer can't be read."""
    THROTTLED = "throttled"
    """Refused as one too many, in this CRM's own way."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What things cost in this CRM. `log` says that each change of a booking costs a call of its own."""

    new: int
    known: int
    change: int
    log: bool = False


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that was done over there: `what`, such as `create Contact`, and the fields read or written."""

    what: str
    fields: frozenset[str] = frozenset()


class Stage(ABC):
    """One CRM under test.

    `creates` names the kinds of request that make something, each with whether it takes an invitee who is known.
    `lengths` are those limits of texts that a booking can exceed, by the names of `Contact`'s and `Meeting`'s parts.
    `promised` is all that may be touched: by what is done, the fields.
    """

    crm: ClassVar[str]
    calls: ClassVar[Calls]
    creates: ClassVar[Mapping[str, bool]]
    lengths: ClassVar[Mapping[str, int]]
    promised: ClassVar[Mapping[str, frozenset[str]]]

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it is reached."""

    @abstractmethod
    def grant(self) -> Mapping[str, Any]:
        """Return a token answer, as after a consent page, with `organisation` in it."""

    @abstractmethod
    def consent(self, address: str, *, allow: bool) -> Mapping[str, str]:
        """Decide on the consent page at an address; return what the callback is called with."""

    # What it shows

    @abstractmethod
    def contacts(self) -> Sequence[Contact]: ...

    @abstractmethod
    def meetings(self) -> Sequence[Meeting]: ...

    @abstractmethod
    def calls_made(self) -> int:
        """Return how many calls of the API there were so far, those that were refused included."""

    @abstractmethod
    def touched(self) -> Iterable[Touch]:
        """Return everything that has been done over the API so far."""

    # People at work there

    @abstractmethod
    def add_contact(self, email: str, first_name: str, last_name: str, *, phone: str = "", job: str = "") -> str:
        """Make a contact and return its id."""

    @abstractmethod
    def edit(self, meeting: Meeting) -> str:
        """Write something into what can be read of a meeting, and return it."""

    @abstractmethod
    def delete_meeting(self, meeting: Meeting) -> None: ...

    @abstractmethod
    def delete_contact(self, contact_id: str) -> None: ...

    @abstractmethod
    def merge(self, contact_id: str) -> str:
        """Merge a contact into another one, to which its email leads from then on, and return that one's id."""

    # Trouble

    @abstractmethod
    def disturb(self, create: str, trouble: Trouble) -> None:
        """Let the next request of a kind in `creates` run into trouble."""

    @abstractmethod
    def throttle(self) -> None:
        """Refuse every request as one too many, until `recover`."""

    @abstractmethod
    def blind(self) -> None:
        """Let look-ups alone fail, until `recover`."""

    @abstractmethod
    def refuse(self, email: str, name: str) -> None:
        """Refuse everything about this invitee by a rule, until `recover`."""

    @abstractmethod
    def hinder(self) -> None:
        """Set the CRM up so that bookings of new invitees fail, for a reason that a check finds, until `recover`."""

    @abstractmethod
    def recover(self) -> None:
        """End all trouble."""

    @abstractmethod
    def disturbed(self) -> bool:
        """Say whether a request has run into the trouble that is planted."""

    @abstractmethod
    def arrive_late(self) -> None:
        """Do now what the last dropped request asked for."""

    @abstractmethod
    def end_token(self) -> None:
        """Refuse the access token at its next use, though the grant is good."""

    @abstractmethod
    def revoke(self) -> None:
        """End all grants, as an admin would."""
