"""What LinkTime asks of a CRM, and what it needs to know of one. Read this first.

A `Push` is one booking that a CRM shows wrongly or not at all: the `Meeting` as it is now, what we know of it over
there (`Remote`), and what to do (`Step`, from `plan.py`). A provider brings pushes to its CRM and yields an `Outcome`
for each as soon as it is known: the `Remote` as it is now, or a `CrmError`. It keeps no state and knows no database;
what it must remember it gives back in `Remote`. Before a request that creates something goes out, it names the pushes
concerned with `session.creating(...)`, so that a lost answer leads to a look-up instead of a second record. Outcomes
come in groups, one for what each answer told: the engine remembers a group at once, in one transaction.

Beside that, a provider looks and tells, and writes nothing: what is in the way of bookings (`Finding`), what a booking
would write (`Write`), and whether bookings are still there as we left them (`Seen`, with a `Drift` where not).

    CrmError
    ├─ TryAgain(after, scope)   busy, 5xx, timeout, lock; `scope` says who waits: organisation, connection or row;
    │                       `after` how long, where the CRM says so or its limit is known
    ├─ Uncertain            a create was sent, the answer was lost: look before creating again
    ├─ Rejected(code, ...)  this record breaks a rule over there: the row fails with a remedy, the others go on
    ├─ Gone                 the remote record was deleted or merged: link again, once
    ├─ Reconnect(reason)    the grant is dead: the connection waits for a person, its rows stay
    └─ Misconfigured        our own app's credentials are wrong: the operator is told, nobody is disconnected

Any other exception is a bug: it fails the one row as `internal`, and the others go on.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from linktime.connections.facts import OAuthFacts
from linktime.core.meeting import Meeting


class Step(StrEnum):
    """What to do for one push; `plan.py` decides."""

    CREATE = "create"
    UPDATE = "update"
    LOOK_UP = "look_up"
    REST = "rest"


class Scope(StrEnum):
    """Who waits before trying again."""

    ORGANISATION = "organisation"
    CONNECTION = "connection"
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


class TakenOver(Exception):
    """Another process has the organisation: stop, write nothing. A provider lets it pass."""


class Reconnect(CrmError):
    """The grant is no longer valid."""

    code = "needs_reconnect"


class Misconfigured(CrmError):
    """The CRM does not know this installation's app."""

    code = "misconfigured"


@dataclass(frozen=True, slots=True)
class Remote:
    """A booking over there: ids of the contact and the meeting, and what we last wrote (JSON, the provider's own)."""

    contact_id: str = ""
    meeting_id: str = ""
    written: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A create sent at `at`: the values to look it up by (JSON, the provider's own)."""

    at: datetime
    revision: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Push:
    """One booking to bring forward. `key` names it in the outcome.

    `attempt` is set for LOOK_UP; `may_create` then says that it was sent so long ago that what isn't there by now may
    be created again. `options` are what was chosen, by the name of each of the manifest's options.
    """

    key: int
    meeting: Meeting
    step: Step
    shown_revision: int = 0
    remote: Remote = field(default_factory=Remote)
    attempt: Attempt | None = None
    may_create: bool = True
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a push cost: requests to the CRM, and milliseconds."""

    calls: int
    ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a push: `remote` as it is now, or `error`. `note` is a sentence for people.

    `revision` is the one that is shown now, where it is not the meeting's: a CRM that keeps a log gets an entry for
    each change, and may have taken some before an `error`; then `remote` is given with it. `nothing_to_do` says that
    the CRM rightly shows nothing of this change. `spent` is given by a provider that works on several at a time; left
    out, it is what was spent since the group before, told of its first.
    """

    key: int
    remote: Remote | None = None
    revision: int | None = None
    error: CrmError | None = None
    note: str = ""
    nothing_to_do: bool = False
    spent: Spent | None = None


def concerns_everybody(push: Push, error: CrmError | None) -> bool:
    """Say whether an error means that this connection or its organisation can take nothing more for now."""
    match error:
        case TryAgain():
            return error.scope != Scope.ROW
        case Uncertain():
            return push.step != Step.LOOK_UP or push.may_create
    return isinstance(error, Reconnect | Misconfigured)


class Answer(Protocol):
    """`core.http.Response`, as far as providers need it: `headers` with lower-case names."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    def json(self) -> Any: ...


class Session(Protocol):
    """A live grant at one organisation, as the engine hands it to a provider."""

    @property
    def api_url(self) -> str: ...

    @property
    def scopes(self) -> str:
        """What was granted, as the token endpoint told last: names with spaces between, or nothing."""

    def send(
        self,
        method: str,
        path: str,
        *,
        json_body: Any = None,
        headers: Mapping[str, str] | None = None,
        about: int | None = None,
    ) -> Answer:
        """Send one authorised request below `api_url` and return the answer, whatever its status.

        `about` is the key of the push that it is for, where several pushes with requests of their own are under way.

        May be called from as many threads at once as the manifest's `in_flight` says; nothing else here may. Waits for
        its turn by the manifest's `rates`, and as long as an answer asked for, if that is only seconds.
        Raises core.http.HttpError, Reconnect, TryAgain or Misconfigured; ends the drain if another process has taken
        the organisation over.
        """

    def renew(self) -> None:
        """Get a new access token: the CRM said that the last one has ended."""

    def creating(self, attempts: Mapping[int, Mapping[str, Any]]) -> None:
        """Remember durably that creates are about to be sent: push key -> values to look them up by."""

    def withdraw(self, keys: Iterable[int]) -> None:
        """Forget what `creating` said of these in this drain: the CRM's answer shows that nothing was made."""

    def owned(self, meeting_ids: Iterable[str]) -> set[str]:
        """Return those ids that some booking's record already owns."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit by the second: `per_second` requests that count, after a burst of `burst`.

    `counts` takes a method and a path below the API's address.
    """

    name: str
    per_second: float
    burst: int
    counts: Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Budget:
    """What an answer's headers say of the CRM's limits.

    `used` of `allowed` requests a day, by everybody in that organisation (`allowed` 0: it doesn't say); `pause` is how
    long to wait before the next request.
    """

    used: int = 0
    allowed: int = 0
    pause: timedelta = timedelta()


def silent(_headers: Mapping[str, str]) -> Budget:
    """Read nothing: a CRM whose headers say nothing of its limits."""
    return Budget()


class Level(StrEnum):
    """What a finding means for bookings: they fail, or some of them do or arrive incomplete."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something over there that is in the way of bookings; `code` is that of the error which they meet.

    `object` and `field` are the CRM's own names, empty where it is about more than one.
    """

    level: Level
    code: str
    message: str
    object: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """One record that a booking would make or change: `fields` as they would be sent, by the CRM's own names.

    `when` is a sentence about what it depends on, where that is what stands there.
    """

    object: str
    creates: bool
    fields: Mapping[str, str]
    when: str = ""


class DriftKind(StrEnum):
    """What became of a booking's record over there without us."""

    DELETED = "deleted"
    EDITED = "edited"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is not as LinkTime left it. `restored` says whether the ordinary sync would set it back."""

    field: str
    ours: str
    theirs: str
    restored: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """A booking that its CRM does not show as LinkTime left it: `message` says so in a sentence.

    `remedy` says what bringing it back does; empty when nothing is to be brought back, since people's edits stay.
    `remote` is what is known of the booking then: a push of it with `shown_revision` 0 restores what is missing.
    """

    kind: DriftKind
    message: str
    remedy: str
    remote: Remote
    differences: Sequence[Difference] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """How a booking stands over there."""

    key: int
    drift: Drift | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to have it: `key` is what a push says, `label` and `hint` what people read, `action` a button's words."""

    key: str
    label: str
    hint: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that people over there may want one way or another, chosen for a connection.

    A record that failed with one of `codes` may be decided by itself, by any choice that has an `action`. `question` is
    how the choice is put.
    """

    name: str
    question: str
    choices: Sequence[Choice]
    default: str
    codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What sets a CRM apart from the others, for the page that compares them: each a sentence or two of Markdown."""

    contacts: str = ""
    meetings: str = ""
    changes: str = ""
    calls: str = ""
    best_for: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Facts of a CRM as data.

    `batch` is how many bookings one push takes at most, `in_flight` how many requests an organisation gets at once,
    `rates` how many in a second, and `budget` reads an answer's headers (lower-case names).
    `reads`, `writes` and `never` are what the Integrations page promises before somebody connects. `records` are the
    CRM's words for what bookings become there, `made` and `changed` what people read of a first write and of a later
    one. `options` are what people may choose about a connection, `checked` the codes of errors whose causes `check`
    finds, where they lie in how the CRM is set up. `app_steps` say how to make an app there, `stuck` pairs what people
    see on pages that never come back to us with what to do about it, `revoke_there` says how an admin takes the access
    away on their side.
    """

    name: str
    label: str
    oauth: OAuthFacts
    batch: int
    in_flight: int
    reads: Sequence[str]
    writes: Sequence[str]
    never: Sequence[str]
    rates: Sequence[Rate] = ()
    budget: Callable[[Mapping[str, str]], Budget] = silent
    remedies: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    checked: Collection[str] = ()
    app_steps: Sequence[str] = ()
    stuck: Sequence[tuple[str, str]] = ()
    revoke_there: str = ""
    records: str = "Contacts and meetings"
    comparison: Comparison = Comparison()
    options: Sequence[Option] = ()
    made: str = "Meeting created"
    changed: str = "Meeting updated"


class Provider(Protocol):
    """A CRM. One instance serves all connections: everything of one is in the `Session`."""

    manifest: ClassVar[Manifest]

    def push(self, session: Session, pushes: Sequence[Push]) -> Iterable[Sequence[Outcome]]:
        """Bring each booking to what its meeting says, and yield what each answer told.

        Stops after an outcome whose error concerns the whole organisation; pushes without an outcome stay as they are.
        """

    def remove_twins(self, session: Session, attempt: Attempt, remote: Remote) -> str:
        """Remove what a create whose answer was lost made late, if nobody has touched it; return what was removed."""

    def unsure(self, push: Push) -> Mapping[str, Any] | None:
        """Return what to look up (an attempt's values) where nobody knows if a push was made: after a restored backup.

        None when making it once more changes nothing.
        """

    def check(self, session: Session) -> Iterable[Finding]:
        """Yield what over there is in the way of bookings. Reads how the CRM is set up, no records; writes nothing.

        Raises CrmError when it can't be asked.
        """

    def preview(self, meeting: Meeting, *, before: Meeting | None, known: bool) -> Sequence[Write]:
        """Return what would be written of a meeting, in order, where the CRM shows `before` of it (None: nothing).

        `known` says whether the invitee is there already. Pure.
        """

    def read_back(self, session: Session, pushes: Sequence[Push]) -> Iterable[Sequence[Seen]]:
        """Yield how bookings that were synced stand over there, in their order, as answers tell it. Writes nothing.

        Raises CrmError when they can't be looked up: what was not seen is not gone.
        """

    def contact_url(self, api_url: str, remote: Remote) -> str:
        """Return where a person sees the contact."""

    def meeting_url(self, api_url: str, remote: Remote) -> str:
        """Return where a person sees the meeting."""
