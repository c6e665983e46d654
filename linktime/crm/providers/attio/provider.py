"""Attio: invitees are people, each change of a booking is a note on the person.

Attio has no batch and no meetings that can be moved (its Meetings API only creates): a log of notes works everywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from linktime.core.meeting import Meeting
from linktime.crm.contract import Attempt, Finding, Manifest, Outcome, Push, Remote, Seen, Session, Write
from linktime.crm.providers.attio import check, preview
from linktime.crm.providers.attio.lanes import Lanes, alone
from linktime.crm.providers.attio.manifest import MANIFEST
from linktime.crm.providers.attio.pushes import steps_of, unsure
from linktime.crm.providers.attio.read_back import read_back
from linktime.crm.providers.attio.twins import twins_removed


class Attio:
    manifest: ClassVar[Manifest] = MANIFEST

    def push(self, session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Outcome]]:
        return Lanes(session, steps_of, width=self.manifest.in_flight).run(pushes)

    def remove_twins(self, session: Session, attempt: Attempt, remote: Remote) -> str:
        return alone(session, twins_removed(attempt, remote))

    def unsure(self, push: Push) -> Mapping[str, Any] | None:
        return unsure(push)

    def check(self, session: Session) -> Sequence[Finding]:
        return alone(session, check.findings())

    def preview(self, meeting: Meeting, *, before: Meeting | None, known: bool) -> Sequence[Write]:
        return preview.preview(meeting, before=before, known=known)

    def read_back(self, session: Session, pushes: Sequence[Push]) -> Iterator[Sequence[Seen]]:
        return read_back(session, pushes)

    def contact_url(self, api_url: str, remote: Remote) -> str:  # noqa: ARG002 - Attio says itself where
        return str(remote.written.get("web_url", ""))

    def meeting_url(self, api_url: str, remote: Remote) -> str:
        """Notes have no documented address of their own; they are on the person's page."""
        return self.contact_url(api_url, remote)
