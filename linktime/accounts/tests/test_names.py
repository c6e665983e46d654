import pytest

from linktime.accounts import actions
from linktime.core.errors import Forbidden, Invalid


def test_an_owner_renames_the_account(alice):
    actions.rename(alice.actor, name=" Engines ", handle="engines")
    alice.account.refresh_from_db()
    assert (alice.account.name, alice.account.handle) == ("Engines", "engines")


def test_a_member_may_not_rename_it(bob):
    with pytest.raises(Forbidden):
        actions.rename(bob.actor, name="Bob's", handle="bob")


def test_a_handle_of_somebody_else_is_refused(alice, charlie):
    with pytest.raises(Invalid) as refusal:
        actions.rename(alice.actor, name="Engines", handle="charlie")
    assert refusal.value.faults[0].code == "taken"
    alice.account.refresh_from_db()
    assert alice.account.name == "Analytical Engines"


def test_an_old_handle_that_is_reserved_now_can_stay(alice):
    """A name that becomes one of our paths later doesn't lock its account's form."""
    alice.account.handle = "pricing"
    alice.account.save()
    actions.rename(alice.actor, name="Engines", handle="pricing")


def test_people_change_their_own_name_and_zone(alice):
    actions.update_profile(alice.user, name="Ada", time_zone="Asia/Kolkata")
    alice.user.refresh_from_db()
    assert (alice.user.name, alice.user.time_zone) == ("Ada", "Asia/Kolkata")
    with pytest.raises(Invalid) as refusal:
        actions.update_profile(alice.user, name="\u202eAda", time_zone="Kolkata")
    assert [fault.field for fault in refusal.value.faults] == ["name", "time_zone"]
