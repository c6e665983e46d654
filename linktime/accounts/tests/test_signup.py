import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError

from linktime.accounts import actions
from linktime.accounts.models import Account, Letter, Membership, User
from linktime.accounts.tests.conftest import GRACE, last_letter, link_in
from linktime.scheduling.models import EventType
from tests.people import PASSWORD


def sign_up(visitor, **values):
    return visitor.post("/accounts/signup/", GRACE | values, headers={"host": "localhost"})


def test_who_signs_up_has_an_account_to_work_with(visitor):
    answer = sign_up(visitor, handle="grace")
    assert (answer.status_code, answer.url) == (302, "/dashboard/")
    user = User.objects.get()
    assert (user.email, user.name, user.time_zone) == ("grace@example.com", "Grace Hopper", "America/New_York")
    membership = Membership.objects.select_related("account").get(user=user)
    assert (membership.account.handle, membership.role, membership.account.plan) == ("grace", "owner", "pro")
    assert EventType.objects.get().account == membership.account
    assert visitor.get("/dashboard/").wsgi_request.user == user


def test_without_a_handle_one_is_made_of_the_name(visitor):
    sign_up(visitor)
    assert Account.objects.get().handle == "grace-hopper"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus_Mons", "../../etc/passwd"])
def test_an_unknown_zone_is_utc(visitor, zone):
    sign_up(visitor, time_zone=zone)
    assert User.objects.get().time_zone == "UTC"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"handle": "dashboard"}, "handle"),
        ({"handle": "a b"}, "handle"),
        ({"handle": "alice"}, "handle"),
        ({"name": ""}, "name"),
        ({"name": "\u202eGrace"}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"email": "grace"}, "email"),
        ({"email": "alice@example.com"}, "email"),
        ({"password1": "short"}, "password1"),
        ({"password1": "password1234"}, "password1"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(visitor, alice, values, field):
    answer = sign_up(visitor, **values)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {field}
    assert User.objects.count() == Account.objects.count() == 1


def test_all_or_nothing(visitor, monkeypatch):
    """When the account can't be made, there is no user without one either."""

    def fail(**_values):
        raise IntegrityError("somebody was faster")

    monkeypatch.setattr(actions, "create_account", fail)
    answer = sign_up(visitor)
    assert (answer.status_code, answer.url) == (302, "/accounts/signup/")
    assert not User.objects.exists()
    assert not Letter.objects.exists()


def test_a_new_address_is_confirmed_by_mail(visitor):
    """The link begins with the installation's address, whatever host the request came in by."""
    sign_up(visitor)
    message = last_letter()
    assert (message.to, message.subject) == (["grace@example.com"], "Confirm your email address")
    visitor.post(link_in(message))
    assert EmailAddress.objects.get().verified


def test_a_closed_installation_lets_nobody_sign_up(visitor, settings):
    settings.ALLOW_SIGNUP = False
    for answer in (visitor.get("/accounts/signup/"), sign_up(visitor)):
        assert answer.status_code == 200
        assert "account/signup_closed.html" in [template.name for template in answer.templates]
    assert not User.objects.exists()


def test_with_a_mail_server_nobody_learns_who_has_signed_up(visitor, alice, settings):
    """A new address and a known one get the same answer; the truth goes by mail."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    answers = [sign_up(visitor, email=email) for email in ("alice@example.com", "new@example.com")]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    last_letter()
    assert {message.to[0]: message.subject for message in mail.outbox} == {
        "alice@example.com": "You have signed up here already",
        "new@example.com": "Confirm your email address",
    }
    assert alice.user.check_password(PASSWORD)
