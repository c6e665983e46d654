import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from linktime.accounts import letters
from linktime.accounts.models import Letter
from tests import jobs
from tests.people import NOW

pytestmark = pytest.mark.django_db


def letter(to="grace@example.com"):
    return EmailMessage("Choose a new password", "http://127.0.0.1:8000/secret-link", to=[to])


def test_a_letter_is_posted_once_and_gone():
    letters.write(letter(), now=NOW)
    assert jobs.work("post_letter") == 1
    assert [message.subject for message in mail.outbox] == ["Choose a new password"]
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"
    assert not Letter.objects.exists()


def test_what_a_letter_says_is_in_no_job():
    """Arguments of jobs end in logs; the link lets in whoever reads it."""
    letters.write(letter(), now=NOW)
    assert jobs.waiting("post_letter")[0].args == {"letter_id": Letter.objects.get().pk}


def test_a_letter_waits_for_the_mail_server(monkeypatch):
    def refuse(*_args, **_options):
        raise ConnectionRefusedError("nobody there")

    letters.write(letter(), now=NOW)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        with pytest.raises(ConnectionRefusedError):
            jobs.work("post_letter")
    assert jobs.work("post_letter") == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("code", "kept"), [(550, False), (451, True)])
def test_an_address_that_does_not_exist_is_given_up(monkeypatch, code, kept):
    def refuse(*_args, **_options):
        raise smtplib.SMTPRecipientsRefused({"grace@example.com": (code, b"no")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    letters.write(letter(), now=NOW)
    try:
        jobs.work("post_letter")
    except smtplib.SMTPRecipientsRefused:
        assert kept
    assert Letter.objects.exists() is kept


def test_letters_whose_links_have_expired_are_dropped():
    letters.write(letter("old@example.com"), now=NOW - timedelta(days=3, seconds=1))
    letters.write(letter("new@example.com"), now=NOW)
    jobs.work("post_letter")
    assert [message.to for message in mail.outbox] == [["new@example.com"]]
