"""What is asked of Attio, as steps: a generator yields each `Call` and is sent its answer.

Steps never send by themselves, so that `lanes.py` can let many go side by side, and so that they can wait in one thread
while the requests wait in others.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from linktime.core.http import AnswerLost, HttpError
from linktime.core.retry_after import retry_after
from linktime.crm.contract import Answer, CrmError, Reconnect, Scope, TryAgain, Uncertain
from linktime.crm.providers.attio.errors import FORBIDDEN, SECOND, SERVER_ERROR, THROTTLED, UNAUTHORIZED, error_of
from linktime.crm.providers.attio.scopes import missing_scopes

PEOPLE = "/v2/objects/people/records"
OK = 200
PATIENCE = timedelta(seconds=5)
THROTTLED_TRIES = 3


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `creates` are the values to look a create up by; None for what may be repeated."""

    method: str
    path: str
    body: Any = None
    creates: Mapping[str, Any] | None = None


type Steps[T] = Generator[Call, Answer, T]


def upsert_person(values: Mapping[str, Any]) -> Call:
    query = urlencode({"matching_attribute": "email_addresses"})
    return Call("PUT", f"{PEOPLE}?{query}", {"data": {"values": values}})


def change_person(person_id: str, values: Mapping[str, Any]) -> Call:
    return Call("PATCH", f"{PEOPLE}/{person_id}", {"data": {"values": values}})


def find_person(email: str) -> Call:
    return Call("POST", f"{PEOPLE}/query", {"filter": {"email_addresses": email}, "limit": 1})


def create_note(fields: Mapping[str, str], creates: Mapping[str, Any]) -> Call:
    return Call("POST", "/v2/notes", {"data": fields}, creates)


def list_notes(person_id: str, *, limit: int, offset: int) -> Call:
    query = {"parent_object": "people", "parent_record_id": person_id, "limit": limit, "offset": offset}
    return Call("GET", f"/v2/notes?{urlencode(query)}")


def list_attributes(*, limit: int, offset: int) -> Call:
    return Call("GET", f"/v2/objects/people/attributes?{urlencode({'limit': limit, 'offset': offset})}")


def delete_note(note_id: str) -> Call:
    return Call("DELETE", f"/v2/notes/{note_id}")


WHO_AM_I = Call("GET", "/v2/self")


def ask(call: Call) -> Steps[Any]:
    """Make a call and return what it answers. Raises CrmError."""
    answer = yield from _admitted(call)
    body = _json(answer)
    if answer.status >= SERVER_ERROR and call.creates is not None:
        raise Uncertain(f"Attio answered {answer.status} to a create", code=f"HTTP_{answer.status}")
    if answer.status == FORBIDDEN:
        yield from _check_scopes()
    if answer.status != OK:
        raise error_of(answer, body)
    if not isinstance(body, dict):
        raise _unreadable(call)
    return body


def _admitted(call: Call) -> Steps[Answer]:
    """Make a call; a 401 may be a mistake of theirs under load, so it is believed only when they say it again."""
    answer = yield from _sent(call)
    if answer.status == UNAUTHORIZED:
        answer = yield from _sent(call)
    if answer.status == UNAUTHORIZED and (yield from _active()):
        answer = yield from _sent(call)
    return answer


def _active() -> Steps[bool]:
    """Ask whether the token is still good: a revoked one is answered with 200 and `active` false."""
    body = _json((yield from _sent(WHO_AM_I)))
    return isinstance(body, dict) and body.get("active") is True


def _check_scopes() -> Steps[None]:
    """Explain a 403 by the scopes that the grant lacks, if that is what it is."""
    body = _json((yield from _sent(WHO_AM_I)))
    scope = body.get("scope", "") if isinstance(body, dict) else ""
    if scope and (missing := missing_scopes(scope)):
        raise Reconnect(f"The access lacks {', '.join(missing)}.", code="scope_missing")


def _sent(call: Call) -> Steps[Answer]:
    """Make a call, again when it was too fast: what is answered with 429 has not been done."""
    for _ in range(THROTTLED_TRIES - 1):
        answer = yield from _once(call)
        if answer.status != THROTTLED or (retry_after(answer.headers) or SECOND) > PATIENCE:
            return answer
    return (yield from _once(call))


def _once(call: Call) -> Steps[Answer]:
    try:
        return (yield call)
    except AnswerLost as error:
        if call.creates is not None:
            raise Uncertain(str(error)) from error
        raise TryAgain(str(error), code="answer_lost", scope=Scope.ORGANISATION) from error
    except HttpError as error:
        raise TryAgain(str(error), code="unreachable", scope=Scope.ORGANISATION) from error


def _json(answer: Answer) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _unreadable(call: Call) -> CrmError:
    message = "Attio's answer could not be read"
    if call.creates is not None:
        return Uncertain(message)
    return TryAgain(message, code="unreadable", scope=Scope.ORGANISATION)
