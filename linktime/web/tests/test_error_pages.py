"""Errors end on a page that says what happened and what to do, never on a traceback."""

import pytest
from django.test import Client

from linktime.core.errors import Conflict, Forbidden, Invalid, NotFound


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound(), 404), (Forbidden("Ask an owner."), 403), (Conflict("Too late."), 409), (Invalid(), 422)],
)
def test_domain_errors_have_their_status(client, event_type, monkeypatch, error, status):
    def refuse(*_args):
        raise error

    monkeypatch.setattr("linktime.web.public.find.event_type", refuse)
    response = client.get("/alice/intro-call")
    assert response.status_code == status
    assert str(error) in response.content.decode()


def test_a_fault_of_ours_shows_no_traceback(event_type, monkeypatch):
    def break_down(*_args):
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("linktime.web.public.find.event_type", break_down)
    response = Client(raise_request_exception=False).get("/alice/intro-call")
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong on our side" in page
    assert "secret detail" not in page


def test_the_start_page_knows_who_comes(client, as_alice):
    assert "Log in" in client.get("/").content.decode()
    assert as_alice.get("/").headers["Location"] == "/dashboard/bookings/"
    assert as_alice.get("/dashboard").headers["Location"] == "/dashboard/bookings/"


def test_no_page_allows_inline_scripts_or_styles(client, event_type):
    response = client.get("/alice/intro-call")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    page = response.content.decode()
    assert "<script>" not in page
    assert "<style" not in page
    assert " style=" not in page
