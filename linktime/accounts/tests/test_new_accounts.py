import pytest

from linktime.accounts import actions
from linktime.accounts.models import Account, Membership, Plan, User
from linktime.bookings.availability import offered
from linktime.core.errors import Invalid
from linktime.scheduling.models import EventType, Schedule
from tests.people import NOW, PASSWORD


@pytest.fixture
def grace(db):
    return actions.create_user(
        email="Grace@Example.com", password=PASSWORD, name="Grace Hopper", time_zone="America/New_York"
    )


def test_a_new_account_belongs_to_its_owner(grace, settings):
    settings.DEFAULT_PLAN = "team"
    account = actions.create_account(owner=grace, name="Grace Hopper")
    assert (account.handle, account.plan) == ("grace-hopper", Plan.TEAM)
    assert account.memberships.get().role == Membership.Role.OWNER


def test_a_newcomer_can_be_booked_at_once(grace):
    """A new account has working hours in its owner's zone, and an event type that offers them."""
    account = actions.create_account(owner=grace, name="Grace")
    event_type = EventType.objects.get(account=account, slug="intro-call")
    assert Schedule.objects.get(account=account).time_zone == "America/New_York"
    first = offered(event_type, start=NOW, end=NOW.replace(day=25), duration=None, now=NOW)[0]
    assert first.start.isoformat() == "2026-11-23T14:00:00+00:00"  # 09:00 in New York


def test_the_same_name_twice_gives_two_handles(grace):
    handles = [actions.create_account(owner=grace, name="Grace Hopper").handle for _ in range(7)]
    assert handles[:3] == ["grace-hopper", "grace-hopper-2", "grace-hopper-3"]
    assert len(set(handles)) == 7


def test_a_handle_that_is_taken_is_refused(grace, alice):
    with pytest.raises(Invalid) as refusal:
        actions.create_account(owner=grace, name="Grace", handle="alice")
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("handle", "taken")]
    assert Account.objects.count() == 1


def test_everything_wrong_is_said_at_once(grace):
    with pytest.raises(Invalid) as refusal:
        actions.create_account(owner=grace, name=" ", handle="dashboard")
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [
        ("name", "required"),
        ("handle", "reserved"),
    ]


def test_no_account_is_left_when_something_that_reacts_to_it_fails(grace, monkeypatch):
    def fail(_event):
        raise RuntimeError("the starter broke")

    monkeypatch.setattr(actions, "publish", fail)
    with pytest.raises(RuntimeError):
        actions.create_account(owner=grace, name="Grace")
    assert not Account.objects.exists()


def test_an_address_is_one_user_in_any_case(grace):
    assert grace.email == "grace@example.com"
    with pytest.raises(Invalid) as refusal:
        actions.create_user(email="GRACE@example.com", password=PASSWORD, name="G", time_zone="Mars/Olympus")
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [
        ("email", "taken"),
        ("time_zone", "unknown_time_zone"),
    ]
    assert User.objects.count() == 1
