"""What LinkTime asks of a CRM, and what it needs to know of one. Read this first.

A `Push` is one booking that a CRM shows wrongly or not at all: the `Meeting` as it is now, what we know of it over
there (`Remote`), and what to do (`Step`, from `plan.py`). A provider brings pushes to its CRM and answers each with an
`Outcome`: the `Remote` as it is now, or a `CrmError`. It holds no state and knows no database; what it must remember
it gives back in `Remote`. Before a request that creates something goes out, it names the pushes concerned with
`session.creating(...)`, so that a lost answer leads to a look-up instead of a second record.

    CrmError
    ├─ TryAgain(after, scope)   busy, 5xx, timeout, lock: `organisation` waits as a whole, or this `row` alone
    ├─ Uncertain            a create was sent, the answer was lost: look before creating again
    ├─ Rejected(code, ...)  this record breaks a rule over there: the row fails with a remedy, the others go on
    ├─ Gone                 the remote record was deleted or merged: link again, once
    ├─ Reconnect(reason)    the grant is dead: the connection waits for a person, its rows stay
    └─ Misconfigured        our own app's credentials are wrong: the operator is told, nobody is disconnected

Any other exception is a bug: it fails the one row as `internal`, and the others go on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from linktime.core.meeting import Meeting


class Step(StrEnum):
    """What to do for one push; `plan.py` decides."""

    CREATE = "create"
    UPDATE = "update"
    LOOK_UP = "look_up"
    REST = "rest"


class Scope(StrEnum):
    ORGANISATION = "organisation"
    ROW = "row"


class CrmError(Exception):
    """`code` is the CRM's own where it has one; `message` is the CRM's text, without secrets."""

    code = "error"

    def __init__(self, message: str = "", *, code: str | None = None) -> None:
        super().__init__(message or type(self).__doc__ or "")
        self.message = str(self)
        self.code = code or type(self).code


class TryAgain(CrmError):
    """The CRM could not do it now."""

    code = "try_again"

    def __init__(
        self, message: str = "", *, code: str | None = None, after: timedelta | None = None, scope: Scope = Scope.ROW
    ) -> None:
        super().__init__(message, code=code)
        self.after = after
        self.scope = scope


class Uncertain(CrmError):
    """The answer to a create was lost."""

    code = "answer_lost"


class Rejected(CrmError):
    """The CRM refuses this record."""

    code = "rejected"


class Gone(CrmError):
    """The record was deleted or merged over there."""

    code = "gone"


class Reconnect(CrmError):
    """The grant is no longer valid."""

    code = "needs_reconnect"


class Misconfigured(CrmError):
    """The CRM does not know this installation's app."""

    code = "misconfigured"


@dataclass(frozen=True, slots=True)
class Remote:
    """A booking over there: ids of the contact and the meeting, and what we last wrote (the provider's own form)."""

    contact_id: str = ""
    meeting_id: str = ""
    written: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A create that was sent at `at`: the values to look it up by, as JSON, in the provider's own form."""

    at: datetime
    revision: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Push:
    """One booking to bring forward. `key` names it in the outcome; `owned` are remote meeting ids of other bookings."""

    key: int
    meeting: Meeting
    step: Step
    shown_revision: int
    remote: Remote
    attempt: Attempt | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a push: `remote` and the revision it shows now, or `error`. `note` is for people to read."""

    key: int
    revision: int = 0
    remote: Remote | None = None
    error: CrmError | None = None
    note: str = ""


class Session(Protocol):
    """A live grant, as the engine hands it to a provider.

    Every request goes through `send`, which stops the drain if another process took over, adds the token, refreshes it
    once on `expired`, and counts the call.
    """

    api_url: str

    def send(self, method: str, path: str, **options: Any) -> Any: ...

    def creating(self, attempts: Mapping[int, Mapping[str, Any]]) -> None:
        """Remember, durably, that creates for these pushes are about to be sent: push key -> values to look it up by."""

    def owned(self, meeting_ids: Sequence[str]) -> set[str]:
        """Return those ids that another booking's record owns."""


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    label: str
    batch: int
    guide: str


class Provider(Protocol):
    manifest: ClassVar[Manifest]

    def push(self, session: Session, pushes: Sequence[Push]) -> Sequence[Outcome]: ...

    def remove_twins(self, session: Session, attempt: Attempt, remote: Remote) -> str: ...

    def contact_url(self, api_url: str, contact_id: str) -> str: ...

    def meeting_url(self, api_url: str, meeting_id: str) -> str: ...


