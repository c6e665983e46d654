"""A request's span says route, method and status, and not who asked for what."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.test import Client

from linktime.config.requests import Traced

pytestmark = pytest.mark.django_db


def test_a_page_is_told_by_its_route(traced, event_type):
    Client().get("/alice/intro-call", {"email": "grace@example.com"})
    (span,) = traced.spans()
    assert span.name == "GET /<handle>/<slug>"
    assert dict(span.attributes) == {
        "http.request.method": "GET",
        "http.route": "/<handle>/<slug>",
        "http.response.status_code": 200,
    }


def test_an_address_that_leads_nowhere_is_not_told(traced):
    assert Client().get("/a/b/grace@example.com/c").status_code == 404
    (span,) = traced.spans()
    assert (span.name, span.status.is_unset) == ("GET", True)
    assert "grace" not in span.to_json()


def test_a_fault_of_ours_is_an_error(traced, monkeypatch):
    monkeypatch.setattr("linktime.web.welcome.render", lambda *_, **__: 1 / 0)
    assert Client(raise_request_exception=False).get("/").status_code == 500
    (span,) = traced.spans()
    assert (span.attributes["error.type"], span.status.is_ok) == ("500", False)


def test_a_request_goes_on_with_the_trace_of_the_proxy(traced):
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    Client(headers={"traceparent": parent}).get("/accounts/login/")
    assert f"{traced.spans()[0].context.trace_id:x}" == "a" * 32


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/static/web/site.css"])
def test_probes_and_styles_are_not_traced(traced, path):
    Client().get(path)
    assert traced.spans() == []


def test_where_nobody_wants_traces_there_is_no_middleware_for_them():
    with pytest.raises(MiddlewareNotUsed):
        Traced(lambda request: request)
