"""The people of the tests: alice owns an account, bob is in her team, charlie is a stranger with his own."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from linktime.accounts.access import Actor
from linktime.accounts.models import Account, ApiKey, Membership, Plan, User
from linktime.scheduling.models import EventType, Place, Schedule

PASSWORD = "correct horse battery"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday
OFFICE_HOURS = [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}]


@dataclass
class Person:
    user: User
    account: Account
    role: str

    @property
    def actor(self) -> Actor:
        return Actor(account=self.account, user=self.user, role=self.role)

    def key(self, scope: str = ApiKey.Scope.READ_WRITE) -> str:
        return ApiKey.issue(account=self.account, user=self.user, name="test", scope=scope)[1]


def join(email: str, name: str, account: Account, role: str) -> Person:
    user = User.objects.create_user(email, PASSWORD, name=name, time_zone="Europe/London")
    Membership.objects.create(account=account, user=user, role=role)
    return Person(user=user, account=account, role=role)


def make_event_type(person: Person, slug: str = "intro-call", **fields) -> EventType:
    """An event type of half an hour, Monday to Friday 09:00 to 17:00 in London, 60 days ahead."""
    schedule = Schedule.objects.create(
        account=person.account, owner=person.user, name="Office hours", time_zone="Europe/London", weekly=OFFICE_HOURS
    )
    values = {"title": "Intro call", "durations": [30], "window": {"kind": "rolling", "days": 60}} | fields
    made = EventType.objects.create(account=person.account, host=person.user, schedule=schedule, slug=slug, **values)
    give_hosts(made, person.user)
    return made


def give_hosts(event_type: EventType, *users: User, **fields) -> EventType:
    """Give an event type these hosts and no others, all with its own schedule."""
    event_type.places.all().delete()
    for order, user in enumerate(users):
        Place.objects.create(event_type=event_type, host=user, schedule=event_type.schedule, order=order, **fields)
    event_type.host = users[0]
    event_type.save()
    return event_type


@pytest.fixture
def alice(db):
    account = Account.objects.create(name="Analytical Engines", handle="alice", plan=Plan.PRO)
    return join("alice@example.com", "Alice Lovelace", account, Membership.Role.OWNER)


@pytest.fixture
def bob(alice):
    return join("bob@example.com", "Bob Babbage", alice.account, Membership.Role.MEMBER)


@pytest.fixture
def charlie(db):
    account = Account.objects.create(name="Strangers", handle="charlie", plan=Plan.PRO)
    return join("charlie@example.com", "Charlie Stranger", account, Membership.Role.OWNER)


@pytest.fixture
def event_type(alice):
    return make_event_type(alice)
