import pytest

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.accounts.models import Account, Membership, Plan, User
from linktime.core.errors import Forbidden, NotFound
from linktime.scheduling.models import EventType


def test_the_team_sees_what_is_the_accounts(alice, bob, event_type):
    for person in (alice, bob):
        assert list(access.visible(EventType.objects.all(), person.actor)) == [event_type]
        assert access.get(EventType.objects.all(), person.actor, pk=event_type.pk) == event_type


def test_a_stranger_sees_nothing(charlie, event_type):
    """Somebody else's object and no object are told apart by nothing."""
    assert not access.visible(EventType.objects.all(), charlie.actor)
    errors = []
    for wanted in (event_type.pk, 0):
        with pytest.raises(NotFound) as refusal:
            access.get(EventType.objects.all(), charlie.actor, pk=wanted)
        errors.append((refusal.value.code, refusal.value.detail))
    assert errors[0] == errors[1]


def test_a_user_acts_in_the_account_joined_first_unless_they_name_another(alice, charlie):
    Membership.objects.create(account=charlie.account, user=alice.user)
    assert access.actor_for(alice.user).account == alice.account
    elsewhere = access.actor_for(alice.user, charlie.account.handle)
    assert (elsewhere.account, elsewhere.is_owner) == (charlie.account, False)


def test_nobody_acts_in_an_account_they_are_not_in(alice, charlie):
    with pytest.raises(NotFound):
        access.actor_for(charlie.user, alice.account.handle)


def test_a_user_without_an_account_is_told_what_to_do(db):
    user = User.objects.create_user("drifter@example.com", "correct horse battery")
    with pytest.raises(NotFound, match="not a member of any account"):
        access.actor_for(user)


def test_only_owners_pass_where_an_owner_is_needed(alice, bob):
    access.require_owner(alice.actor)
    with pytest.raises(Forbidden) as refusal:
        access.require_owner(bob.actor)
    assert refusal.value.code == "owner_required"


def test_a_read_key_may_not_write(alice):
    with pytest.raises(Forbidden) as refusal:
        access.require_write(Actor(account=alice.account, user=alice.user, role=alice.role, may_write=False))
    assert refusal.value.code == "read_only_key"


@pytest.mark.parametrize("plan", Plan)
def test_crm_needs_pro(alice, plan):
    Account.objects.update(plan=plan)
    alice.account.refresh_from_db()
    if plan == Plan.FREE:
        with pytest.raises(Forbidden, match="this account is on Free") as refusal:
            access.require_crm(alice.actor)
        assert refusal.value.code == "plan_required"
    else:
        access.require_crm(alice.actor)
