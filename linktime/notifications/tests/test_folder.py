from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, InvalidMailer, mailers
from django.test import override_settings

from linktime.config.mail import parse_email_url


@pytest.fixture
def folder(tmp_path, settings):
    settings.MAILERS = {"default": parse_email_url(f"file://{tmp_path}/the%20mail")}
    return tmp_path / "the mail"


def test_each_mail_is_a_file_and_their_names_are_in_order(folder):
    """The folder is made when the first mail comes."""
    for number in range(12):
        EmailMessage(f"Number {number}: Zoë", "Hello", to=["grace@example.com"]).send(using="default")
    subjects = [
        message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"] for path in sorted(folder.iterdir())
    ]
    assert subjects == [f"Number {number}: Zoë" for number in range(12)]
    assert {path.suffix for path in folder.iterdir()} == {".eml"}


def test_a_mail_that_could_not_be_written_is_no_mail(folder, monkeypatch):
    """Whoever reads the folder sees whole files only, and the sender hears of it."""

    def fail(_self, _target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="disk full"):
        EmailMessage("Hello", "Hello", to=["grace@example.com"]).send(using="default")
    assert list(folder.glob("*.eml")) == []


def test_an_unknown_option_is_named(tmp_path):
    wrong = {"BACKEND": "linktime.notifications.backends.FolderBackend", "OPTIONS": {"folder": "x", "colour": "red"}}
    with override_settings(MAILERS={"default": wrong}), pytest.raises(InvalidMailer, match="colour"):
        mailers["default"]
