import pytest

from linktime.accounts import actions
from linktime.accounts.access import Actor
from linktime.accounts.models import ApiKey
from linktime.core.errors import Forbidden, Invalid, NotFound


def test_a_key_is_shown_once_and_kept_as_a_hash(bob):
    key, text = actions.issue_key(bob.actor, name="Zapier", scope="read")
    assert text.startswith("lt_")
    assert ApiKey.objects.get(digest=ApiKey.digest_of(text)) == key
    row = ApiKey.objects.values().get()
    assert text not in str(row)
    assert (row["name"], row["scope"], row["user_id"]) == ("Zapier", "read", bob.user.pk)


def test_everything_wrong_with_a_key_is_said_at_once(alice):
    with pytest.raises(Invalid) as refusal:
        actions.issue_key(alice.actor, name="x" * 101, scope="all")
    assert [fault.field for fault in refusal.value.faults] == ["name", "scope"]


def test_a_read_key_makes_no_keys(alice):
    reader = Actor(account=alice.account, user=alice.user, role=alice.role, may_write=False)
    with pytest.raises(Forbidden):
        actions.issue_key(reader, name="more", scope="read-write")


def test_a_key_is_revoked_by_its_maker_or_an_owner(alice, bob, charlie):
    mine = actions.issue_key(alice.actor, name="alice's", scope="read")[0]
    bobs = [actions.issue_key(bob.actor, name="bob's", scope="read")[0] for _ in range(2)]
    with pytest.raises(Forbidden):
        actions.revoke_key(bob.actor, mine.pk)
    with pytest.raises(NotFound):
        actions.revoke_key(charlie.actor, mine.pk)
    actions.revoke_key(bob.actor, bobs[0].pk)
    actions.revoke_key(alice.actor, bobs[1].pk)
    assert list(ApiKey.objects.all()) == [mine]
