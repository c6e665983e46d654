"""An error report shows the variables of every frame, and no secret among them."""

import sys

import pytest
from django.views.debug import ExceptionReporter

from linktime.connections import oauth, token_endpoint, tokens, vault
from linktime.connections.models import Connection
from linktime.core import http
from linktime.crm.providers.salesforce.manifest import OAUTH
from tests.emulated import consent
from tests.people import NOW

pytestmark = pytest.mark.usefixtures("told")


CONSUMER_SECRETS = ("consumer secret", "consumer+secret")
HEADERS, FORM = {"Authorization": "Bearer top-secret"}, {"a": "top-secret"}


def report_of(call):
    """The functions and variables that the report would show, and the error itself."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - any of them is reported the same
        frames = ExceptionReporter(None, *sys.exc_info()).get_traceback_frames()
        return repr([error, [(frame["function"], frame["vars"]) for frame in frames]])
    raise AssertionError("it did not fail")


@pytest.mark.parametrize("fault", [{"kind": "drop"}, {"kind": "status", "status": 200, "body": {"access_token": 7}}])
def test_a_refresh_that_breaks_shows_no_secret(alice, salesforce, fault):
    connection = salesforce.grant(alice)
    salesforce.emulator.fault(fault, path="/oauth2/token$")
    report = report_of(lambda: tokens.refreshed(connection.pk, OAUTH, stale=None, now=NOW))
    assert "_refresh" in report
    assert "'_ask'" in report
    for field in ("access_token", "refresh_token"):
        assert vault.open_sealed(Connection.objects.get(), field).reveal() not in report
    assert not [text for text in CONSUMER_SECRETS if text in report]


def test_a_callback_that_breaks_shows_no_secret(alice, salesforce, monkeypatch):
    """A bug after the tokens came, when they are in our hands."""
    answer = consent(oauth.begin(alice.actor, OAUTH, login="production", now=NOW))
    tokens_seen = []
    parse = token_endpoint.TokenAnswer.parse

    def parse_and_remember(fields):
        tokens_seen.extend([fields["access_token"], fields["refresh_token"]])
        return parse(fields)

    monkeypatch.setattr(token_endpoint.TokenAnswer, "parse", parse_and_remember)
    monkeypatch.setattr(oauth, "keep", lambda *_, **__: 1 / 0)
    report = report_of(lambda: oauth.finish(alice.actor, OAUTH, answer, NOW))
    assert "ZeroDivisionError" in report
    assert len(tokens_seen) == 2
    for secret in tokens_seen:
        assert secret not in report


def test_a_request_that_breaks_shows_neither_headers_nor_body():
    report = report_of(lambda: http.request("POST", "http://127.0.0.1:1/", headers=HEADERS, form=FORM))
    assert "NotSent" in report
    assert FORM["a"] not in report
