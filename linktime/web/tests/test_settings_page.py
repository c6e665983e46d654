"""Settings: oneself, the account, members, keys."""

import re

from allauth.account.models import EmailAddress

from linktime.accounts.models import ApiKey, Membership
from linktime.notifications import digest

PAGE = "/dashboard/settings/"


def test_name_and_zone_are_saved(as_alice, alice):
    as_alice.post(f"{PAGE}profile", {"name": "Alice L.", "time_zone": "Asia/Tokyo"})
    alice.user.refresh_from_db()
    assert (alice.user.name, alice.user.time_zone) == ("Alice L.", "Asia/Tokyo")


def test_a_handle_that_is_reserved_is_refused_at_its_field(as_alice, alice):
    response = as_alice.post(f"{PAGE}account", {"account_name": "Engines", "handle": "api"})
    assert response.status_code == 422
    assert 'id="id_handle_error"' in response.content.decode()
    alice.account.refresh_from_db()
    assert alice.account.handle == "alice"


def test_a_new_handle_moves_the_pages_and_keeps_one_in_the_account(client, as_alice, event_type):
    as_alice.post(f"{PAGE}account", {"account_name": "Engines", "handle": "engines"})
    assert client.get("/engines/intro-call").status_code == 200
    assert "Engines" in as_alice.get(PAGE).content.decode()


def test_members_come_change_and_go(as_alice, alice, charlie):
    EmailAddress.objects.create(user=charlie.user, email=charlie.user.email, verified=True, primary=True)
    as_alice.post(f"{PAGE}members", {"email": "charlie@example.com", "role": "member"})
    membership = Membership.objects.get(account=alice.account, user=charlie.user)
    as_alice.post(f"{PAGE}members/{membership.pk}", {"role": "owner"})
    membership.refresh_from_db()
    assert membership.role == "owner"
    as_alice.post(f"{PAGE}members/{membership.pk}", {"remove": "yes"})
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_the_last_owner_stays(as_alice, alice):
    own = Membership.objects.get(user=alice.user)
    as_alice.post(f"{PAGE}members/{own.pk}", {"remove": "yes"})
    assert "the only owner" in as_alice.get(PAGE).content.decode()


def test_members_cannot_do_what_owners_do(as_bob, alice):
    assert as_bob.post(f"{PAGE}account", {"account_name": "Mine", "handle": "mine"}).status_code == 403
    assert as_bob.post(f"{PAGE}members", {"email": "x@example.com", "role": "owner"}).status_code == 403


def test_a_key_is_shown_once_and_revoked(as_alice):
    page = as_alice.post(f"{PAGE}keys", {"key_name": "Zapier", "scope": "read"}).content.decode()
    (text,) = set(re.findall(r"lt_[\w-]{43}", page))
    key = ApiKey.objects.get()
    assert key.digest == ApiKey.digest_of(text)
    assert text not in as_alice.get(PAGE).content.decode()
    as_alice.post(f"{PAGE}keys/{key.pk}")
    assert not ApiKey.objects.exists()


def test_accounts_are_switched(as_bob, bob, charlie):
    Membership.objects.create(account=charlie.account, user=bob.user, role="member")
    assert "Analytical Engines" in as_bob.get(PAGE).content.decode()
    as_bob.post("/dashboard/account", {"account": "charlie"})
    assert 'href="/charlie"' in as_bob.get(PAGE).content.decode()
    assert as_bob.post("/dashboard/account", {"account": "nobody"}).status_code == 404


def test_an_owner_switches_the_daily_mail_off_and_on(as_alice, alice):
    membership = Membership.objects.get(user=alice.user)
    assert 'id="digest" name="digest" value="yes" checked' in as_alice.get("/dashboard/settings/").text
    as_alice.post("/dashboard/settings/mail")
    assert not digest.is_wanted(membership)
    assert 'name="digest" value="yes">' in as_alice.get("/dashboard/settings/").text
    as_alice.post("/dashboard/settings/mail", {"digest": "yes"})
    assert digest.is_wanted(membership)


def test_a_member_has_no_such_switch(as_bob):
    assert "Mail to you" not in as_bob.get("/dashboard/settings/").text
    assert as_bob.post("/dashboard/settings/mail", {"digest": "yes"}).status_code == 403
