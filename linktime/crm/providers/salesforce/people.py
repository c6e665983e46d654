"""Bookings by their invitees: what a backlog sends, 200 records at a time."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linktime.crm.contract import Outcome, Push, Rejected
from linktime.crm.providers.salesforce import convert, soql
from linktime.crm.providers.salesforce.options import about_duplicates

logger = logging.getLogger(__name__)

QUESTIONS = 2  # queries for one group's emails: a composite has room for those of two groups
LONGEST = 3_100  # bytes of an email in an address: 254 characters, each of up to 4 bytes in 3 signs, and quotes
EMAILS = QUESTIONS * (soql.ROOM - LONGEST)


@dataclass(frozen=True, slots=True)
class Entry:
    """A push with all that is sent for it, made before anything is."""

    push: Push
    contact: Mapping[str, str]
    event: Mapping[str, str]

    @property
    def key(self) -> int:
        return self.push.key


@dataclass(slots=True)
class Person:
    """One invitee and their bookings. `contact_id` is empty until it is known; `note` is what people should know."""

    email: str
    entries: list[Entry] = field(default_factory=list)
    contact_id: str = ""
    note: str = ""

    @property
    def update(self) -> dict[str, str]:
        """What the bookings say of the invitee; the last one wins, as it would one by one."""
        updates = (convert.contact_update(entry.contact) for entry in self.entries)
        return {name: value for update in updates for name, value in update.items()}

    @property
    def contact(self) -> dict[str, str]:
        return {**self.entries[0].contact, **self.update}

    @property
    def about_duplicates(self) -> str:
        """What to do when a duplicate rule objects; the first booking decides, as it would one by one."""
        return about_duplicates(self.entries[0].push)

    @property
    def may_arrive(self) -> bool:
        """Say whether a create of their Contact may still be on its way."""
        return any(not entry.push.may_create for entry in self.entries)


@dataclass(slots=True)
class Group:
    """Bookings whose records go in one collection; once it is `prepared`, `people` are under their emails."""

    pushes: list[Push] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def entries(self) -> list[Entry]:
        return [entry for person in self.people.values() for entry in person.entries]

    @property
    def questions(self) -> list[list[str]]:
        """The emails, as many at a time as one query can ask for."""
        return list(soql.fitting(self.people))

    def prepare(self) -> list[Outcome]:
        """Make entries; a fault of ours fails that one booking before anything is sent."""
        failed: list[Outcome] = []
        for push in self.pushes:
            try:
                entry = _entry(push)
            except Exception as error:
                logger.exception("a booking could not be put into Salesforce's words")
                failed.append(Outcome(push.key, error=Rejected(type(error).__name__, code="internal")))
            else:
                self.people.setdefault(email_of(push), Person(email_of(push))).entries.append(entry)
        self.pushes = []
        return failed


def _entry(push: Push) -> Entry:
    return Entry(push=push, contact=convert.new_contact(push.meeting), event=convert.new_event(push.meeting))


def email_of(push: Push) -> str:
    return push.meeting.invitee.email.lower()


def grouped(pushes: Sequence[Push], size: int) -> tuple[list[Group], list[Push]]:
    """Gather pushes into groups of at most `size`, nobody in two of them; return what did not fit as well."""
    by_person, left = _by_person(pushes, size)
    groups: list[Group] = []
    count = length = 0
    for email, mine in by_person.items():
        count, length = count + len(mine), length + soql.length(email)
        if not groups or count > size or length > EMAILS:
            groups.append(Group())
            count, length = len(mine), soql.length(email)
        groups[-1].pushes += mine
    return groups, left


def _by_person(pushes: Sequence[Push], size: int) -> tuple[dict[str, list[Push]], list[Push]]:
    found: dict[str, list[Push]] = {}
    left: list[Push] = []
    for push in pushes:
        mine = found.setdefault(email_of(push), [])
        (mine if len(mine) < size else left).append(push)
    return found, left
