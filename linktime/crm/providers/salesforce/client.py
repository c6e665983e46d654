"""HTTP in, typed errors out. Two kinds of request are all that LinkTime sends: composite and query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from linktime.core.http import AnswerLost, HttpError
from linktime.crm.contract import Answer, Scope, Session, TryAgain, Uncertain
from linktime.crm.providers.salesforce.errors import SERVER_ERROR, Unclear, error_of, session_expired
from linktime.crm.providers.salesforce.manifest import API_VERSION

BASE = f"/services/data/{API_VERSION}"
HALTED = "PROCESSING_HALTED"
BAD_REFERENCE = "Invalid reference specified"
OK = 200


@dataclass(frozen=True, slots=True)
class Part:
    """One subrequest of a composite. `path` is below the API's base, its query string encoded."""

    ref: str
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        parts: dict[str, Any] = {"method": self.method, "url": BASE + self.path, "referenceId": self.ref}
        if self.body is not None:
            parts["body"] = self.body
        if self.headers:
            parts["httpHeaders"] = self.headers
        return parts


@dataclass(frozen=True, slots=True)
class PartAnswer:
    status: int
    body: Any

    @property
    def ok(self) -> bool:
        return self.status < 300  # noqa: PLR2004 - HTTP's successes

    @property
    def halted(self) -> bool:
        return self._first.get("errorCode") == HALTED

    @property
    def lacks_reference(self) -> bool:
        """The part refers to something that an earlier part did not find."""
        return self.halted and BAD_REFERENCE in self._first.get("message", "")

    @property
    def _first(self) -> Mapping[str, Any]:
        return self.body[0] if isinstance(self.body, list) and self.body else {}


@dataclass(frozen=True, slots=True)
class Request:
    """`creates` says that, should its answer be lost, nobody knows whether it made something."""

    method: str
    path: str
    body: Any = None
    creates: bool = False


def query_path(soql: str, *, resource: str = "query") -> str:
    return f"/{resource}?q={quote(soql, safe='')}"


def composite(
    session: Session, parts: Sequence[Part], *, creates: bool = False, all_or_none: bool = True
) -> dict[str, PartAnswer]:
    """Send the parts as one call and return each part's answer by its reference.

    Raises Uncertain when `creates` and the answer was lost.
    """
    request = composite_request(parts, creates=creates, all_or_none=all_or_none)
    return part_answers(request, _sent(session, request))


def composite_request(parts: Sequence[Part], *, creates: bool = False, all_or_none: bool = True) -> Request:
    """Make one call of several parts. They are done in their order, which by itself is not promised."""
    body = {
        "allOrNone": all_or_none,
        "collateSubrequests": False,
        "compositeRequest": [part.as_json() for part in parts],
    }
    return Request("POST", f"{BASE}/composite", body, creates)


def part_answers(request: Request, content: Any) -> dict[str, PartAnswer]:
    """Return each part's answer by its reference; an answer that leaves one out is no answer."""
    wanted = {part["referenceId"] for part in request.body["compositeRequest"]}
    try:
        answers = content["compositeResponse"]
        found = {part["referenceId"]: PartAnswer(part["httpStatusCode"], part["body"]) for part in answers}
    except (KeyError, TypeError) as error:
        raise unreadable(creates=request.creates) from error
    if set(found) != wanted:
        raise unreadable(creates=request.creates)
    return found


def query(session: Session, soql: str, *, resource: str = "query") -> list[dict[str, Any]]:
    """Return all rows of a query; `resource` is `query`, or `queryAll` for archived Events too."""
    return rows_of(session, _sent(session, Request("GET", BASE + query_path(soql, resource=resource))))


def rows_of(session: Session, content: Any) -> list[dict[str, Any]]:
    """Return the rows of a query's answer, and of the pages after it: one holds 2,000 at most."""
    rows: list[dict[str, Any]] = []
    try:
        while not content["done"]:
            rows += content["records"]
            content = _sent(session, Request("GET", _path(content["nextRecordsUrl"])))
        return [*rows, *content["records"]]
    except (KeyError, TypeError) as error:
        raise unreadable(creates=False) from error


def _path(address: str) -> str:
    """Go on below the API's own address only, whatever an answer says."""
    if not address.startswith(f"{BASE}/query"):
        raise KeyError(address)
    return address


def _sent(session: Session, request: Request) -> Any:
    return settled(session, request, partial(transmit, session, request), renew=session.renew)


def transmit(session: Session, request: Request) -> Answer:
    """Send a request once. Safe in a thread; raises what the session raises."""
    headers = {"Accept": "application/json", "Sforce-Call-Options": "client=LinkTime"}
    return session.send(request.method, request.path, json_body=request.body, headers=headers)


def settled(session: Session, request: Request, answer: Callable[[], Answer], *, renew: Callable[[], None]) -> Any:
    """Return what `answer()` says of a request, sending it again, once, when the session has expired."""
    received = _received(request, answer)
    if session_expired(received.status, _json(received)):
        renew()
        received = _received(request, partial(transmit, session, request))
    content = _json(received)
    if received.status >= SERVER_ERROR and request.creates:
        raise unclear(received.status)
    if received.status != OK:
        raise error_of(received.status, content)
    if content is None:
        raise unreadable(creates=request.creates)
    return content


def _received(request: Request, answer: Callable[[], Answer]) -> Answer:
    try:
        return answer()
    except AnswerLost as error:
        if request.creates:
            raise Uncertain(str(error)) from error
        raise TryAgain(str(error), code="answer_lost", scope=Scope.ORGANISATION) from error
    except HttpError as error:
        raise TryAgain(str(error), code="unreachable", scope=Scope.ORGANISATION) from error


def _json(answer: Answer) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def unreadable(*, creates: bool) -> TryAgain | Unclear:
    message = "Salesforce's answer could not be read"
    return Unclear(message) if creates else TryAgain(message, code="unreadable", scope=Scope.ORGANISATION)


def unclear(status: int) -> Uncertain:
    """Return the error of a create; with all but 500 it was a gateway that spoke, and the work may go on behind it."""
    kind = Unclear if status == SERVER_ERROR else Uncertain
    return kind(f"Salesforce answered {status} to a create", code=f"HTTP_{status}")


def first_failure(answers: Mapping[str, PartAnswer]) -> tuple[str, PartAnswer] | None:
    """Return the part that failed by itself, if any; parts that it took along say PROCESSING_HALTED."""
    failed = [(ref, answer) for ref, answer in answers.items() if not answer.ok]
    own = [(ref, answer) for ref, answer in failed if not answer.halted or answer.lacks_reference]
    return next(iter(own or failed), None)
