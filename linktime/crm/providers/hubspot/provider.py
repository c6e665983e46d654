"""HubSpot: invitees are contacts, bookings are meetings.

Bookings go in batches: a known invitee's first booking takes two calls, a new one's three, a change one, and a hundred
of a kind at a time take no more.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from linktime.core.meeting import Meeting
from linktime.crm.contract import Attempt, Finding, Manifest, Outcome, Push, Remote, Seen, Session, Step, Write
from linktime.crm.providers.hubspot import convert
from linktime.crm.providers.hubspot.check import check
from linktime.crm.providers.hubspot.create import create
from linktime.crm.providers.hubspot.lookup import look_up
from linktime.crm.providers.hubspot.manifest import MANIFEST
from linktime.crm.providers.hubspot.preview import preview
from linktime.crm.providers.hubspot.read_back import read_back
from linktime.crm.providers.hubspot.twins import remove_twins
from linktime.crm.providers.hubspot.update import update

CONTACT, MEETING = "0-1", "0-47"


class HubSpot:
    manifest: ClassVar[Manifest] = MANIFEST

    def push(self, session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
        yield from update(session, [push for push in pushes if push.step == Step.UPDATE])
        yield from look_up(session, [push for push in pushes if push.step == Step.LOOK_UP])
        yield from create(session, [push for push in pushes if push.step == Step.CREATE])

    def remove_twins(self, session: Session, attempt: Attempt, remote: Remote) -> str:
        return remove_twins(session, attempt, remote)

    def unsure(self, push: Push) -> Mapping[str, Any] | None:
        if push.remote.meeting_id:
            return None  # a change may be repeated
        sent = dict(convert.properties(push.meeting))
        return {"email": convert.email(push.meeting), "contact_id": "", "contact_url": "", "properties": sent}

    def check(self, session: Session) -> Iterator[Finding]:
        return check(session)

    def preview(self, meeting: Meeting, *, before: Meeting | None, known: bool) -> Sequence[Write]:
        return preview(meeting, before=before, known=known)

    def read_back(self, session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Seen]]:
        return read_back(session, pushes)

    def contact_url(self, api_url: str, remote: Remote) -> str:
        return _safe(api_url, remote.written.get("contact_url", ""))

    def meeting_url(self, api_url: str, remote: Remote) -> str:
        """HubSpot may leave it out; then it follows from the contact's."""
        given = remote.written.get("meeting_url", "")
        contact = f"record/{CONTACT}/{remote.contact_id}"
        derived = remote.written.get("contact_url", "").replace(contact, f"record/{MEETING}/{remote.meeting_id}")
        return _safe(api_url, given or derived)


def _safe(api_url: str, address: str) -> str:
    """Lead people to web pages only, whatever an answer says."""
    return address if address.startswith(("https://", f"{api_url}/")) else ""
