"""HTTP in, typed errors out."""

from typing import Any

from linktime.core.http import AnswerLost, HttpError
from linktime.crm.contract import Answer, Scope, Session, TryAgain, Uncertain
from linktime.crm.providers.hubspot.errors import SERVER_ERROR, UNAUTHORIZED, error_of

API_VERSION = "2026-09"
CONTACTS = f"/crm/objects/{API_VERSION}/contacts"
MEETINGS = f"/crm/objects/{API_VERSION}/meetings"
MEETINGS_OF_CONTACTS = f"/crm/associations/{API_VERSION}/contacts/meetings/batch/read"

JSON = dict[str, Any]
NO_CONTENT = 204


def send(session: Session, method: str, path: str, body: Any = None, *, creates: bool = False) -> JSON:
    """Send one request and return what a success says.

    Raises Uncertain when `creates` and nobody can say whether it was done; else the error that the answer names.
    """
    answer = _once(session, method, path, body, creates=creates)
    if answer.status == UNAUTHORIZED:
        session.renew()  # at most once a request
        answer = _once(session, method, path, body, creates=creates)
    if answer.status == NO_CONTENT:
        return {}
    content = _json(answer)
    if answer.status >= SERVER_ERROR and creates:
        raise Uncertain(f"HubSpot answered {answer.status} to a create", code=f"HTTP_{answer.status}")
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - HTTP's successes
        raise error_of(answer.status, content, answer.headers)
    if not isinstance(content, dict):
        raise _unreadable(creates=creates)
    return content


def _once(session: Session, method: str, path: str, body: Any, *, creates: bool) -> Answer:
    try:
        return session.send(method, path, json_body=body)
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


def _unreadable(*, creates: bool) -> TryAgain | Uncertain:
    message = "HubSpot's answer could not be read"
    return Uncertain(message) if creates else TryAgain(message, code="unreadable", scope=Scope.ORGANISATION)
