import re

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.messages import get_messages
from django.core import mail
from django.core.cache import cache
from django.test import Client

from linktime.accounts.models import User
from linktime.accounts.tests.conftest import GRACE, last_letter, link_in
from tests import jobs

NEW_PASSWORD = "full steam ahead"


def log_in(client, *, email="grace@example.com", password=GRACE["password1"]):
    return client.post("/accounts/login/", {"login": email, "password": password})


def signed_in(client) -> bool:
    return client.get("/dashboard/").wsgi_request.user.is_authenticated


def test_log_out_and_in_again(grace):
    grace.post("/accounts/logout/")
    assert not signed_in(grace)
    assert log_in(grace, email="GRACE@example.com").url == "/dashboard/"
    assert signed_in(grace)


def test_a_wrong_password_and_an_unknown_address_look_the_same(grace):
    errors = [
        log_in(Client(), email=email, password="not the password").context["form"].errors
        for email in ("grace@example.com", "nobody@example.com")
    ]
    assert errors[0] == errors[1]


def test_guessing_is_slowed_down(grace):
    """After five wrong passwords even the right one has to wait."""
    guesser = Client()
    for _ in range(5):
        log_in(guesser, password="not the password")
    assert "Too many failed login attempts" in str(log_in(guesser).context["form"].errors)
    assert not signed_in(guesser)


def test_a_forgotten_password_is_replaced_by_mail(grace):
    other = Client()
    other.post("/accounts/password/reset/", {"email": "grace@example.com"}, headers={"host": "localhost"})
    message = last_letter()
    assert (message.to, message.subject) == (["grace@example.com"], "Choose a new password")
    form = other.get(link_in(message), follow=True)
    other.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert not signed_in(grace)  # wherever the old password was used
    log_in(other, password=NEW_PASSWORD)
    assert signed_in(other)


def test_a_reset_says_the_same_to_everybody_and_writes_to_nobody_unknown(grace):
    mail.outbox.clear()
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in ("grace@example.com", "nobody@example.com")
    ]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    jobs.work("post_letter")
    assert [message.to for message in mail.outbox] == [["grace@example.com"]]


def test_a_new_address_counts_once_it_is_confirmed(grace):
    """Until then one signs in with the old one; afterwards the old one is told. The last of several wishes counts."""
    for email in ("admiral@example.com", "rear.admiral@example.com"):
        grace.post("/accounts/email/", {"email": email, "action_add": ""})
    message = last_letter()
    assert message.to == ["rear.admiral@example.com"]
    assert User.objects.get().email == "grace@example.com"
    assert signed_in(log_in(Client()).client)
    grace.post(link_in(message))
    assert User.objects.get().email == "rear.admiral@example.com"
    assert EmailAddress.objects.get().verified
    assert last_letter().to == ["grace@example.com"]


def test_an_address_that_somebody_else_signs_in_with_is_not_taken_over(grace, alice):
    """Alice never confirmed hers; Grace proves it is hers, and is told what to do. Nothing breaks."""
    grace.post("/accounts/email/", {"email": "alice@example.com", "action_add": ""})
    answer = grace.post(link_in(last_letter()))
    assert answer.status_code < 400
    assert "Another user signs in with this address" in str(list(get_messages(answer.wsgi_request))[-1])
    assert not EmailAddress.objects.filter(email="alice@example.com", verified=True).exists()


def test_a_session_left_open_changes_no_login(visitor):
    """Who finds an open browser has to know the password before a change."""
    visitor.post("/accounts/signup/", GRACE)
    answer = visitor.post("/accounts/email/", {"email": "thief@example.com", "action_add": ""})
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(email="thief@example.com").exists()


def test_a_change_of_password_is_told(grace):
    change = {"oldpassword": GRACE["password1"], "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    grace.post("/accounts/password/change/", change)
    message = last_letter()
    assert "Your password has been changed" in message.body
    assert "/accounts/password/reset/" in message.body


def activate_totp(client) -> str:
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    secret = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    return secret


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def confirmed(client):
    """A second factor needs a confirmed address."""
    EmailAddress.objects.update(verified=True)
    return client


def test_a_second_factor_is_asked_for(grace, django_capture_on_commit_callbacks):
    """With an authenticator app a password alone is not enough; each code works once, and a change is told by mail."""
    with django_capture_on_commit_callbacks(execute=True):
        secret = activate_totp(confirmed(grace))
    assert Authenticator.objects.filter(type="totp").exists()
    assert "Authenticator app activated" in last_letter().body
    other = Client()
    assert log_in(other).url == "/accounts/2fa/authenticate/"
    assert not signed_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not signed_in(other)
    cache.clear()  # the code that was used to activate it counts as used; a code lives for 30 seconds
    other.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert signed_in(other)


def test_a_recovery_code_lets_in_once(grace):
    activate_totp(confirmed(grace))
    page = grace.get("/accounts/2fa/recovery-codes/download/")
    code = re.findall(r"[0-9a-f]{8}", page.text)[0]
    for attempt in (True, False):
        other = Client()
        log_in(other)
        other.post("/accounts/2fa/authenticate/", {"code": code})
        assert signed_in(other) is attempt
