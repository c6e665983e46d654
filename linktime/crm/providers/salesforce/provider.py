"""Salesforce: invitees are Contacts, bookings are Events.

A known invitee's booking is one composite call, a new one's two: composite has no conditions, so the first assumes that
the Contact is there, and fails as a whole when it isn't (REST API guide: composite, allOrNone). A backlog takes two for
200 bookings, a change one for 24.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from linktime.core.meeting import Meeting
from linktime.crm.contract import (
    Attempt,
    Finding,
    Manifest,
    Outcome,
    Push,
    Remote,
    Seen,
    Session,
    Step,
    Write,
    concerns_everybody,
)
from linktime.crm.providers.salesforce import convert
from linktime.crm.providers.salesforce.backlog import NARROWER, create_all
from linktime.crm.providers.salesforce.check import check
from linktime.crm.providers.salesforce.create import attempt_values
from linktime.crm.providers.salesforce.lookup import create_again, look_up
from linktime.crm.providers.salesforce.manifest import MANIFEST
from linktime.crm.providers.salesforce.preview import preview
from linktime.crm.providers.salesforce.read_back import read_back
from linktime.crm.providers.salesforce.records import LARGEST
from linktime.crm.providers.salesforce.twins import remove_twins
from linktime.crm.providers.salesforce.update import update


class Salesforce:
    manifest: ClassVar[Manifest] = MANIFEST

    def push(self, session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
        """See the contract. What concerns everybody is told of one booking, and ends it."""
        by_key = {push.key: push for push in pushes}
        for group in _groups(session, pushes):
            everybody = [one for one in group if concerns_everybody(by_key[one.key], one.error)]
            yield [one for one in group if one not in everybody[1:]]
            if everybody:
                return

    def remove_twins(self, session: Session, attempt: Attempt, remote: Remote) -> str:
        return remove_twins(session, attempt, remote)

    def unsure(self, push: Push) -> Mapping[str, Any] | None:
        if push.remote.meeting_id:
            return None  # a change may be repeated
        sent = attempt_values(push.meeting.invitee.email, convert.new_event(push.meeting))
        return {**sent, "among": LARGEST * NARROWER}  # what is not found is made in groups as large as ever

    def check(self, session: Session) -> Iterator[Finding]:
        return check(session)

    def preview(self, meeting: Meeting, *, before: Meeting | None, known: bool) -> Sequence[Write]:
        return preview(meeting, before=before, known=known)

    def read_back(self, session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Seen]]:
        return read_back(session, pushes)

    def contact_url(self, api_url: str, remote: Remote) -> str:
        return f"{api_url}/lightning/r/Contact/{remote.contact_id}/view"

    def meeting_url(self, api_url: str, remote: Remote) -> str:
        return f"{api_url}/lightning/r/Event/{remote.meeting_id}/view"


def _groups(session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
    """Create again last: what was lost once may break the next call as well."""
    missing: list[Push] = []
    yield from update(session, [push for push in pushes if push.step == Step.UPDATE])
    yield from look_up(session, [push for push in pushes if push.step == Step.LOOK_UP], missing)
    yield from create_all(session, [push for push in pushes if push.step == Step.CREATE])
    yield from create_again(session, missing)
