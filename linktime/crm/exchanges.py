"""What was said to a CRM and what it answered: whole while a drain lasts, masked once it is kept for people."""

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from linktime.core.http import Response
from linktime.core.meeting import Meeting
from linktime.crm import masking

MOST_KEPT = 8  # of one attempt: a look-up that goes through many pages repeats itself
LARGEST_READ = 200_000  # bytes of an answer that is parsed once more, to be shown


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request. `answer` is None when none came; `about` names the one push that it was for, if it was for one."""

    method: str
    path: str
    sent: Any
    answer: Response | None
    ms: int
    about: int | None


class Exchanges:
    """Those of one batch that no outcome has been told of yet. May be added to from several threads."""

    def __init__(self) -> None:
        self._waiting: list[Exchange] = []
        self._guard = threading.Lock()

    def add(self, exchange: Exchange) -> None:
        with self._guard:
            self._waiting.append(exchange)

    def taken(self, keys: Collection[int]) -> dict[int, list[Exchange]]:
        """Return for each push what was said about it, or about nobody in particular, and forget that."""
        with self._guard:
            told = [one for one in self._waiting if one.about is None or one.about in keys]
            self._waiting = [one for one in self._waiting if one.about is not None and one.about not in keys]
        return {key: [one for one in told if one.about in (None, key)] for key in keys}


def shown(exchanges: Sequence[Exchange], meeting: Meeting, *, whole: bool, code: str = "") -> list[dict[str, Any]]:
    """Return what people see of them: method, route, status and ms; with masked bodies where `whole`.

    `code` is the error's, if the attempt failed: of a batch's answer, what says so is shown.
    """
    private = private_texts(meeting) if whole else ()
    kept = [_shown(one, private, whole=whole, code=code) for one in exchanges[-MOST_KEPT:]]
    left_out = len(exchanges) - len(kept)
    return [{"left_out": left_out}, *kept] if left_out else kept


def private_texts(meeting: Meeting) -> set[str]:
    """Return the texts of a meeting that are somebody's own, whole and names by their words."""
    invitee, people = meeting.invitee, meeting.hosts
    names = [invitee.name, *(host.name for host in people)]
    texts = [invitee.email, invitee.phone, *(host.email for host in people), *meeting.guests, meeting.location]
    texts += [meeting.notes, *meeting.notes.splitlines(), *(answer.value for answer in meeting.answers)]
    return set(filter(None, [*names, *(word for name in names for word in name.split()), *texts]))


def _shown(exchange: Exchange, private: Iterable[str], *, whole: bool, code: str) -> dict[str, Any]:
    brief = {
        "method": exchange.method,
        "route": masking.route(exchange.path),
        "status": exchange.answer.status if exchange.answer else None,
        "ms": exchange.ms,
    }
    if not whole:
        return brief
    bodies = {"sent": exchange.sent, "answered": _content(exchange.answer)}
    masked = {name: masking.body(content, set(private), about=code) for name, content in bodies.items()}
    return {**brief, **{name: content for name, content in masked.items() if content is not None}}


def _content(answer: Response | None) -> Any:
    """Parse an answer; one that can't be read, or is too long to be read twice, stays a text."""
    if answer is None or not answer.body:
        return None
    try:
        if len(answer.body) <= LARGEST_READ:
            return answer.json()
    except (ValueError, RecursionError):
        pass
    return answer.body.decode(errors="replace")
