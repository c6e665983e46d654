"""HTTP in, typed errors out: one call for many inputs, and a row or an error for each."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from linktime.core.http import AnswerLost, HttpError
from linktime.crm.contract import Answer, CrmError, Gone, Reconnect, Rejected, Scope, Session, TryAgain, Uncertain

OK, UNAUTHORIZED, FORBIDDEN, THROTTLED, SERVER_ERROR = 200, 401, 403, 429, 500
GONE = ("no_contact", "no_meeting")
LOCKED = "locked"

type Row = Mapping[str, Any]


def call(session: Session, path: str, inputs: Sequence[Row], *, creates: bool = False) -> list[Row | CrmError]:
    """Send the inputs and return what is told of each, in their order.

    Raises Uncertain when `creates` and nobody can say whether it was done; else the error that the answer names.
    """
    answer = _sent(session, "POST", path, {"inputs": list(inputs)}, creates=creates)
    try:
        return [_row(one) for one in answer.json()["results"]]
    except (ValueError, KeyError, TypeError) as error:
        raise _unclear("The answer could not be read", "unreadable", creates=creates) from error


def required_of_contacts(session: Session) -> list[str]:
    """Return what a new contact must have, as this CRM is set up. Raises CrmError."""
    answer = _sent(session, "GET", "/set-up", None, creates=False)
    try:
        return list(answer.json()["required"])
    except (ValueError, KeyError, TypeError) as error:
        raise _unclear("The answer could not be read", "unreadable", creates=False) from error


def _sent(session: Session, method: str, path: str, body: Any, *, creates: bool) -> Answer:
    answer = _once(session, method, path, body, creates=creates)
    if answer.status == UNAUTHORIZED:
        session.renew()  # at most once a request
        answer = _once(session, method, path, body, creates=creates)
    if answer.status != OK:
        raise _error_of(answer, creates=creates)
    return answer


def _once(session: Session, method: str, path: str, body: Any, *, creates: bool) -> Answer:
    try:
        return session.send(method, path, json_body=body)
    except AnswerLost as error:
        raise _unclear(str(error), "answer_lost", creates=creates) from error
    except HttpError as error:
        raise TryAgain(str(error), code="unreachable", scope=Scope.ORGANISATION) from error


def _error_of(answer: Answer, *, creates: bool) -> CrmError:
    if answer.status == UNAUTHORIZED:
        return Reconnect()
    if answer.status == FORBIDDEN:
        return TryAgain(code="not_now", scope=Scope.CONNECTION)
    if answer.status == THROTTLED:
        after = timedelta(seconds=int(answer.headers["retry-after"]))
        return TryAgain(code="too_many", after=after, scope=Scope.ORGANISATION)
    if answer.status >= SERVER_ERROR:
        return _unclear(f"It answered {answer.status}", f"HTTP_{answer.status}", creates=creates)
    return Rejected(f"It answered {answer.status}", code=f"HTTP_{answer.status}")


def _unclear(message: str, code: str, *, creates: bool) -> CrmError:
    return Uncertain(message, code=code) if creates else TryAgain(message, code=code, scope=Scope.ORGANISATION)


def _row(one: Row) -> Row | CrmError:
    if "error" not in one:
        return one
    if one["error"] == LOCKED:
        return TryAgain(one["message"], code=LOCKED, scope=Scope.ROW)
    kind = Gone if one["error"] in GONE else Rejected
    return kind(one["message"], code=one["error"])
