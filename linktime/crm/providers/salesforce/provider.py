"""Salesforce: invitees are Contacts, bookings are Events.

A known invitee's booking is one composite call, a new one's two: composite has no conditions, so the first assumes that
the Contact is there, and fails as a whole when it isn't (REST API guide: composite, allOrNone).
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from linktime.crm.contract import Attempt, CrmError, Manifest, Outcome, Push, Remote, Session, Step
from linktime.crm.providers.salesforce.create import create
from linktime.crm.providers.salesforce.lookup import adopt_or_create
from linktime.crm.providers.salesforce.manifest import MANIFEST
from linktime.crm.providers.salesforce.twins import remove_twins
from linktime.crm.providers.salesforce.update import update


class Salesforce:
    manifest: ClassVar[Manifest] = MANIFEST

    def push(self, session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
        for push in pushes:
            try:
                yield [self._push(session, push)]
            except CrmError as error:
                yield [Outcome(push.key, error=error)]

    def _push(self, session: Session, push: Push) -> Outcome:
        if push.step == Step.LOOK_UP:
            return adopt_or_create(session, push)
        if push.step == Step.UPDATE:
            return update(session, push, push.remote)
        return create(session, push)

    def remove_twins(self, session: Session, attempt: Attempt, remote: Remote) -> str:
        return remove_twins(session, attempt, remote)

    def contact_url(self, api_url: str, remote: Remote) -> str:
        return f"{api_url}/lightning/r/Contact/{remote.contact_id}/view"

    def meeting_url(self, api_url: str, remote: Remote) -> str:
        return f"{api_url}/lightning/r/Event/{remote.meeting_id}/view"
