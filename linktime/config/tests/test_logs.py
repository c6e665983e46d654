"""The installation's own secrets are masked in its log, and who starts it chooses how the log looks."""

import json
import logging.config

import pytest
from django.conf import settings

from linktime.config.environ import Environment, Misconfigured
from linktime.config.logs import logging_config


@pytest.fixture
def configured():
    yield lambda form, secrets: logging.config.dictConfig(logging_config(form, secrets))
    logging.config.dictConfig(settings.LOGGING)


def test_a_json_log_has_no_secret_of_the_installation(configured, capsys):
    configured("json", ["the-key-of-the-house", "short"])
    logging.getLogger("linktime.x").info("short: %s", "the-key-of-the-house!")
    assert json.loads(capsys.readouterr().err)["message"] == "short: […]!"


def test_django_and_the_web_server_log_like_everybody_else(configured, capsys):
    configured("json", [])
    for name in ("django.request", "_granian", "procrastinate.worker"):
        logging.getLogger(name).error("from %s", name)
    lines = capsys.readouterr().err.splitlines()
    assert [json.loads(line)["message"] for line in lines] == [
        "from django.request",
        "from _granian",
        "from procrastinate.worker",
    ]


def test_this_installations_secrets_are_among_the_masked():
    masked = settings.LOGGING["formatters"]["line"]["secrets"]
    assert settings.SECRET_KEY in masked
    assert any(len(secret) == 44 for secret in masked), "the encryption key, in base64"


def test_an_unknown_format_is_told_at_start():
    with pytest.raises(Misconfigured, match="LINKTIME_LOG_FORMAT is 'xml'; use one of text, json"):
        Environment({"LINKTIME_LOG_FORMAT": "xml"}).choice("LOG_FORMAT", ("text", "json"), "text")
