"""Bookings that Salesforce shows already: the same Events are changed, and what a person wrote there stays.

An untouched Event takes one call, one that was edited three; as many as fit into a composite take no more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import batched
from typing import Any

from linktime.crm.contract import CrmError, Gone, Outcome, Push, Session, TryAgain, concerns_everybody
from linktime.crm.providers.salesforce import convert, soql
from linktime.crm.providers.salesforce.backlog import create_all
from linktime.crm.providers.salesforce.client import Part, Request, composite_request, query, query_path
from linktime.crm.providers.salesforce.errors import EditedThere, error_of
from linktime.crm.providers.salesforce.flights import Answers, in_turn
from linktime.crm.providers.salesforce.patience import Patience, may_be_one_records_fault
from linktime.crm.providers.salesforce.records import stamps_in

DELETED_THERE = "The Event was deleted in Salesforce."
BEING_EDITED = "The Event is being edited in Salesforce"
AT_A_TIME = 24  # a composite has 25 parts, and the last one reads the time stamps
STAMPS = "stamps"

Written = dict[str, Any]
Told = tuple[Push, Written | CrmError]


def update(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    """Bring Events forward; one that was deleted is made anew by a reschedule, and rests after a cancellation."""
    seen = [_Change(push, push.remote.written) for push in pushes if push.remote.written.get("stamp")]
    unsure = [push for push in pushes if not push.remote.written.get("stamp")]
    gone: list[Push] = []
    for told in _Patches(session).all(seen):
        unsure += [push for push, result in told if isinstance(result, EditedThere)]
        gone += [push for push, result in told if isinstance(result, Gone)]
        yield [_outcome(push, result) for push, result in told if not isinstance(result, EditedThere | Gone)]
    yield from _merged(session, unsure, gone)
    yield from _gone(session, gone)


def _merged(session: Session, pushes: Sequence[Push], gone: list[Push]) -> Iterator[Sequence[Outcome]]:
    """Add our change to what stands there; what does not stand there any more goes to `gone`."""
    try:
        theirs = _read(session, [push.remote.meeting_id for push in pushes])
    except CrmError as error:
        yield [Outcome(push.key, error=error) for push in pushes]
        return
    gone += [push for push in pushes if push.remote.meeting_id not in theirs]
    there = [push for push in pushes if push.remote.meeting_id in theirs]
    changes = [_Change(push, theirs[push.remote.meeting_id]) for push in there]
    for told in _Patches(session).all(changes):
        gone += [push for push, result in told if isinstance(result, Gone)]
        yield [_outcome(push, result) for push, result in told if not isinstance(result, Gone)]


def _gone(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    over = [push for push in pushes if push.meeting.cancelled]
    yield [Outcome(push.key, remote=push.remote, nothing_to_do=True, note=DELETED_THERE) for push in over]
    for group in create_all(session, [push for push in pushes if not push.meeting.cancelled]):
        yield [one if one.error else replace(one, note=f"{DELETED_THERE} It was made anew.") for one in group]


def _outcome(push: Push, result: Written | CrmError) -> Outcome:
    if isinstance(result, EditedThere):
        return Outcome(push.key, error=TryAgain(BEING_EDITED, code=result.code))
    if isinstance(result, CrmError):
        return Outcome(push.key, error=result)
    return Outcome(push.key, remote=replace(push.remote, written=result))


def _read(session: Session, ids: Sequence[str]) -> dict[str, Written]:
    rows = [row for some in soql.fitting(ids) for row in query(session, soql.events(some), resource="queryAll")]
    return {row["Id"]: {**row, "stamp": row["LastModifiedDate"]} for row in rows}


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of an Event, unless it was modified since `theirs["stamp"]`."""

    push: Push
    theirs: Mapping[str, Any]

    @property
    def fields(self) -> dict[str, str]:
        return convert.event_update(self.push.meeting, self.theirs, self.push.remote.written)

    def part(self, number: int) -> Part:
        condition = {"If-Unmodified-Since": _http_date(self.theirs["stamp"])}
        return Part(f"event{number}", "PATCH", f"/sobjects/Event/{self.push.remote.meeting_id}", self.fields, condition)

    def written(self, stamps: Mapping[str, str]) -> Written:
        """Return what stands there now; without a time stamp the next change reads first."""
        return convert.written(self.push.meeting, self.fields, stamp=stamps.get(self.push.remote.meeting_id, ""))


class _Patches:
    """Changes, as many in a call as fit. A call that breaks Salesforce is halved until the one at fault is alone."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._patience = Patience()
        self._suspects: list[tuple[Push, CrmError]] = []

    def all(self, changes: Sequence[_Change]) -> Iterator[list[Told]]:
        """Yield what each call told: pushes with what stands there now, or with an error.

        Changing twice changes nothing more.
        """
        yield from self._all(changes)
        yield self._blamed()

    def _all(self, changes: Sequence[_Change]) -> Iterator[list[Told]]:
        groups = list(batched(changes, AT_A_TIME, strict=False))
        answers = in_turn(self._session, [_request(group) for group in groups])
        for group, landed in zip(groups, answers, strict=True):
            if isinstance(landed, CrmError):
                yield from self._failed(group, landed)
            else:
                self._patience.works = True
                yield [*self._blamed(), *_results(group, landed)]

    def _failed(self, group: Sequence[_Change], error: CrmError) -> Iterator[list[Told]]:
        if self._patience.is_worth_it(error, len(group)):
            half = len(group) // 2
            yield from self._all(group[:half])
            yield from self._all(group[half:])
            return
        self._suspects += [(change.push, error) for change in group]
        if self._patience.is_over or not may_be_one_records_fault(error):
            yield self._blamed()

    def _blamed(self) -> list[Told]:
        """Return those that failed alone, when it is known whether others do not."""
        suspects, self._suspects = self._suspects, []
        return [(push, self._patience.blame(error)) for push, error in suspects]


def _request(changes: Sequence[_Change]) -> Request:
    patches = [change.part(number) for number, change in enumerate(changes)]
    ids = [change.push.remote.meeting_id for change in changes]
    stamps = Part(STAMPS, "GET", query_path(soql.stamps(ids), resource="queryAll"))
    return composite_request([*patches, stamps], all_or_none=False)


def _results(changes: Sequence[_Change], answers: Answers) -> list[Told]:
    """Pair each push with what became of it; an error that concerns everybody comes last."""
    stamps = stamps_in(answers[STAMPS])
    results: list[Told] = []
    for number, change in enumerate(changes):
        answer = answers[f"event{number}"]
        result = change.written(stamps) if answer.ok else error_of(answer.status, answer.body)
        results.append((change.push, result))
    return sorted(results, key=_is_last)


def _is_last(told: Told) -> bool:
    push, result = told
    return isinstance(result, CrmError) and concerns_everybody(push, result)


def _http_date(stamp: str) -> str:
    """Turn `2026-05-01T10:00:00.000+0000` into the form of the conditional headers, whose resolution is a second."""
    return format_datetime(datetime.fromisoformat(stamp).astimezone(UTC), usegmt=True)
