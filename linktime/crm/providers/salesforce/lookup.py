"""After a lost answer: did the create arrive? Found by what was sent, not by what the booking is today.

What did not arrive is created again, fewer at a time: one record may be to blame.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from linktime.crm.contract import CrmError, Outcome, Push, Session, Uncertain
from linktime.crm.providers.salesforce.backlog import create_all, narrower
from linktime.crm.providers.salesforce.create import MAY_ARRIVE
from linktime.crm.providers.salesforce.records import LARGEST
from linktime.crm.providers.salesforce.search import ARRIVED, came_to_event, search
from linktime.crm.providers.salesforce.update import update


def look_up(session: Session, pushes: Sequence[Push], missing: list[Push]) -> Iterator[Sequence[Outcome]]:
    """Take over the Events that lost creates made; what is to be created again goes to `missing`."""
    sought = [(push, push.attempt) for push in pushes if push.attempt and came_to_event(push.attempt.values)]
    missing += [push for push in pushes if push.attempt and not came_to_event(push.attempt.values)]
    results = search(session, [(push, attempt.values) for push, attempt in sought])
    told: list[Outcome] = []
    behind: list[Push] = []
    for push, attempt in sought:
        result = results.get(push.key)
        if isinstance(result, CrmError):
            told.append(Outcome(push.key, error=result))
        elif result and attempt.revision == push.meeting.revision:
            told.append(Outcome(push.key, remote=result, note=ARRIVED))
        elif result:
            behind.append(replace(push, remote=result))
        elif push.may_create:
            missing.append(push)
        else:
            told.append(Outcome(push.key, error=Uncertain(MAY_ARRIVE)))
    yield told
    yield from update(session, behind)


def create_again(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    """Create in smaller groups than before; a Contact that may still arrive is asked for, and else waited for."""
    by_size: dict[int, list[Push]] = defaultdict(list)
    for push in pushes:
        among = push.attempt.values.get("among", 1) if push.attempt else 1
        by_size[narrower(among) if push.may_create else LARGEST].append(push)
    for size, some in by_size.items():
        yield from create_all(session, some, size=size)
