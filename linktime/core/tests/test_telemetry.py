"""Traces: nothing unless wanted; spans that say how and never who."""

import subprocess
import sys

import pytest

from linktime.core import http, telemetry
from linktime.core.about import subject
from linktime.core.tests.servers import always, answer, serving
from linktime.core.watch import route_of


def test_where_nobody_wants_traces_nothing_of_opentelemetry_is_loaded():
    code = """
import django, sys
django.setup()
from linktime.core import telemetry
telemetry.start("web")
with telemetry.span("x") as span:
    span.set({"a": 1})
    span.failed("no")
assert telemetry.carried() == "" and not telemetry.on()
telemetry.stop()
print([name for name in sys.modules if name.startswith(("opentelemetry", "google", "requests"))])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_spans_lie_within_each_other_and_log_lines_name_them(traced):
    with telemetry.span("outer", attributes={"size": 3}), telemetry.span("inner") as inner:
        inner.set({"more": "yes"})
        told = dict(subject())
    inner, outer = traced.spans()
    assert (outer.name, dict(outer.attributes)) == ("outer", {"size": 3})
    assert inner.parent.span_id == outer.context.span_id
    assert told == {"trace": f"{outer.context.trace_id:032x}", "span": f"{inner.context.span_id:016x}"}
    assert subject() == {}


def test_what_is_carried_goes_on_elsewhere(traced):
    with telemetry.span("web"):
        carried = telemetry.carried()
    with telemetry.span("worker", kind="consumer", parent=carried):
        pass
    web, worker = traced.spans()
    assert worker.context.trace_id == web.context.trace_id
    assert worker.parent.span_id == web.context.span_id
    assert len(carried) == 55


@pytest.mark.parametrize("parent", ["", "nonsense", "00-0-0-00", "ff-" + "1" * 32 + "-" + "1" * 16 + "-01"])
def test_a_parent_that_is_none_begins_a_trace(traced, parent):
    with telemetry.span("x", parent=parent):
        pass
    assert traced.spans()[0].parent is None


def test_of_an_exception_only_its_class_is_told(traced):
    with pytest.raises(ValueError, match="grace"), telemetry.span("x"):
        raise ValueError("grace@example.com")
    (span,) = traced.spans()
    assert dict(span.attributes) == {"error.type": "ValueError"}
    assert not span.status.is_ok
    assert "grace" not in span.to_json()


def test_links_lead_to_other_traces_and_not_to_ones_own(traced):
    with telemetry.span("one"):
        one = telemetry.carried()
    with telemetry.span("two"):
        telemetry.link([one, "", "nonsense", telemetry.carried()])
    first, second = traced.spans()
    assert [link.context.trace_id for link in second.links] == [first.context.trace_id]


def test_a_call_says_method_host_route_and_status(traced):
    with serving(always(answer(status="404 Not Found"))) as server:
        host = server.url.partition("://")[2]
        http.request("GET", f"{server.url}/people/grace%40example.com/12?email=grace@example.com#x", headers={"A": "s"})
    (span,) = traced.spans()
    assert span.name == "GET /people/{id}/{id}"
    assert span.kind.name == "CLIENT"
    assert dict(span.attributes) == {
        "http.request.method": "GET",
        "server.address": host,
        "url.template": "/people/{id}/{id}",
        "linktime.service": "other",
        "http.response.status_code": 404,
        "error.type": "404",
    }


def test_a_call_that_failed_says_how(traced):
    with pytest.raises(http.NotSent):
        http.request("GET", "http://me:hush@127.0.0.1:1/x")
    (span,) = traced.spans()
    assert span.attributes["error.type"] == "NotSent"
    assert span.attributes["server.address"] == "127.0.0.1:1"
    assert "hush" not in span.to_json()


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("", "/"),
        ("/", "/"),
        ("/services/data/v66.0/composite", "/services/data/v66.0/composite"),
        ("/services/data/v66.0/sobjects/Contact/0035e00001AbCdEAAV", "/services/data/v66.0/sobjects/Contact/{id}"),
        ("/crm/objects/2026-03/contacts/batch/read", "/crm/objects/2026-03/contacts/batch/read"),
        ("/crm/v3/objects/contacts/12345", "/crm/v3/objects/contacts/{id}"),
        ("/v2/objects/people/records/7f3e1f4c-1d2e-4b5a-9c8d-123456789abc", "/v2/objects/people/records/{id}"),
        ("/contacts/grace@example.com/x", "/contacts/{id}/x"),
        ("/q/+442071234567", "/q/{id}"),
        ("/query?q=SELECT", "/query"),
    ],
)
def test_a_route_has_no_ids(path, route):
    assert route_of(f"https://example.com{path}") == route
