"""HTTP in, typed errors out. Two kinds of request are all that LinkTime sends: composite and query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from linktime.core.http import AnswerLost, HttpError
from linktime.crm.contract import Answer, Scope, Session, TryAgain, Uncertain
from linktime.crm.providers.salesforce.errors import SERVER_ERROR, error_of, session_expired
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


def query_path(soql: str, *, resource: str = "query") -> str:
    return f"/{resource}?q={quote(soql, safe='')}"


def composite(session: Session, parts: Sequence[Part], *, creates: bool = False) -> dict[str, PartAnswer]:
    """Send the parts as one all-or-none call and return each part's answer by its reference.

    Raises Uncertain when `creates` and the answer was lost: then everything or nothing of it was done.
    """
    body = {"allOrNone": True, "compositeRequest": [part.as_json() for part in parts]}
    answer = _send(session, "POST", f"{BASE}/composite", body, creates=creates)
    try:
        answers = answer["compositeResponse"]
        return {part["referenceId"]: PartAnswer(part["httpStatusCode"], part["body"]) for part in answers}
    except (KeyError, TypeError) as error:
        raise _unreadable(creates) from error


def query(session: Session, soql: str, *, resource: str = "query") -> list[dict[str, Any]]:
    """Run a query of a few rows; `resource` is `query`, or `queryAll` for archived Events too."""
    answer = _send(session, "GET", BASE + query_path(soql, resource=resource), None, creates=False)
    try:
        return list(answer["records"])
    except (KeyError, TypeError) as error:
        raise _unreadable(creates=False) from error


def _send(session: Session, method: str, path: str, body: Any, *, creates: bool) -> Any:
    answer = _once(session, method, path, body, creates=creates)
    if session_expired(answer.status, _json(answer)):
        session.renew()  # at most once a request
        answer = _once(session, method, path, body, creates=creates)
    content = _json(answer)
    if answer.status >= SERVER_ERROR and creates:
        raise Uncertain(f"Salesforce answered {answer.status} to a create", code=f"HTTP_{answer.status}")
    if answer.status != OK:
        raise error_of(answer.status, content)
    if content is None:
        raise _unreadable(creates)
    return content


def _once(session: Session, method: str, path: str, body: Any, *, creates: bool) -> Answer:
    headers = {"Accept": "application/json", "Sforce-Call-Options": "client=LinkTime"}
    try:
        return session.send(method, path, json_body=body, headers=headers)
    except AnswerLost as error:
        if creates:
            raise Uncertain(str(error)) from error
        raise TryAgain(str(error), code="answer_lost", scope=Scope.ORGANISATION) from error
    except HttpError as error:
        raise TryAgain(str(error), code="unreachable", scope=Scope.ORGANISATION) from error


def _json(answer: Answer) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _unreadable(creates: bool) -> TryAgain | Uncertain:
    message = "Salesforce's answer could not be read"
    return Uncertain(message) if creates else TryAgain(message, code="unreadable", scope=Scope.ORGANISATION)


def first_failure(answers: Mapping[str, PartAnswer]) -> tuple[str, PartAnswer] | None:
    """Return the part that failed by itself, if any; parts that it took along say PROCESSING_HALTED."""
    failed = [(ref, answer) for ref, answer in answers.items() if not answer.ok]
    own = [(ref, answer) for ref, answer in failed if not answer.halted or answer.lacks_reference]
    return next(iter(own or failed), None)
