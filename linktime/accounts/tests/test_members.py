from threading import Barrier, Thread

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from linktime.accounts import actions
from linktime.accounts.models import ApiKey, Membership
from linktime.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from tests.people import join, make_event_type

OWNER, MEMBER = Membership.Role.OWNER, Membership.Role.MEMBER


def membership(person):
    return Membership.objects.get(account=person.account, user=person.user)


def confirm(person, verified=True):
    EmailAddress.objects.create(user=person.user, email=person.user.email, verified=verified, primary=True)


def test_an_owner_adds_somebody_who_has_signed_up(alice, charlie):
    confirm(charlie)
    added = actions.add_member(alice.actor, email=" CHARLIE@example.com", role=MEMBER)
    assert (added.account, added.user, added.role) == (alice.account, charlie.user, MEMBER)
    with pytest.raises(Conflict) as refusal:
        actions.add_member(alice.actor, email="charlie@example.com", role=OWNER)
    assert refusal.value.code == "already_member"


def test_an_address_nobody_has_confirmed_lets_nobody_in(alice, charlie):
    """Whoever signs up with somebody else's address must not be added in their place; unknown ones look the same."""
    confirm(charlie, verified=False)
    faults = []
    for email in ("charlie@example.com", "nobody@example.com"):
        with pytest.raises(Invalid) as refusal:
            actions.add_member(alice.actor, email=email, role=MEMBER)
        faults.append(refusal.value.faults)
    assert faults[0] == faults[1]


def test_members_decide_nothing(alice, bob, charlie):
    confirm(charlie)
    for deed in (
        lambda: actions.add_member(bob.actor, email="charlie@example.com", role=MEMBER),
        lambda: actions.remove_member(bob.actor, membership(alice).pk),
        lambda: actions.change_role(bob.actor, membership(bob).pk, role=OWNER),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_strangers_reach_no_membership(alice, bob, charlie):
    for deed in (
        lambda: actions.remove_member(charlie.actor, membership(bob).pk),
        lambda: actions.change_role(charlie.actor, membership(bob).pk, role=OWNER),
    ):
        with pytest.raises(NotFound):
            deed()


def test_who_leaves_loses_keys_and_is_booked_no_more(alice, bob):
    event_type = make_event_type(bob)
    bob.key()
    kept = alice.key()
    actions.remove_member(alice.actor, membership(bob).pk)
    event_type.refresh_from_db()
    assert not event_type.active
    assert ApiKey.objects.get().digest == ApiKey.digest_of(kept)


def test_a_member_may_go(bob):
    actions.remove_member(bob.actor, membership(bob).pk)
    assert not bob.user.memberships.exists()


def test_the_last_owner_stays(alice, bob):
    for deed in (
        lambda: actions.remove_member(alice.actor, membership(alice).pk),
        lambda: actions.change_role(alice.actor, membership(alice).pk, role=MEMBER),
    ):
        with pytest.raises(Conflict) as refusal:
            deed()
        assert refusal.value.code == "last_owner"
    actions.change_role(alice.actor, membership(bob).pk, role=OWNER)
    actions.remove_member(alice.actor, membership(alice).pk)
    assert membership(bob).role == OWNER


def test_a_role_that_does_not_exist_is_refused(alice, bob):
    with pytest.raises(Invalid):
        actions.change_role(alice.actor, membership(bob).pk, role="king")


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_leave_one(alice):
    """At the same instant, one of them is faster, and the other is no owner any more."""
    dora = join("dora@example.com", "Dora", alice.account, OWNER)
    pairs = [(alice.actor, membership(dora).pk), (dora.actor, membership(alice).pk)]
    together, outcomes = Barrier(2), []

    def remove(actor, other):
        together.wait()
        try:
            actions.remove_member(actor, other)
            outcomes.append("removed")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["removed", "role_changed"]
    assert Membership.objects.filter(account=alice.account, role=OWNER).count() == 1
