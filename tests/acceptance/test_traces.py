"""A booking is one trace: the request at the web server, the job in the worker, the calls to Salesforce."""

import json
import re
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from linktime.core.about import FIELDS
from tests.acceptance.test_demo import free_port
from tests.installation import wait_until
from tests.processes import LINKTIME, running

pytestmark = pytest.mark.acceptance


class Collector(HTTPServer):
    """Takes spans over OTLP, in protobuf."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.received: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def spans(self) -> list:
        """Each span with the role of the process that it comes from."""
        found = []
        for message in self.received:
            for resource in ExportTraceServiceRequest.FromString(message).resource_spans:
                role = next(
                    one.value.string_value for one in resource.resource.attributes if one.key == "linktime.role"
                )
                found += [(role, span) for scope in resource.scope_spans for span in scope.spans]
        return found


class Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        self.server.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector():
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def book(port: int, key: str, start: str) -> None:
    invitee = {"name": "Grace Hopper", "email": "grace@example.com", "phone": "+442071234567"}
    body = {"event_type": "any-time", "start": start, "invitee": invitee}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/bookings", json.dumps(body).encode())
    request.add_header("Authorization", f"Bearer {key}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 201


def answers(port: int) -> bool:
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10).status == 200
    except OSError:
        return False


def test_a_booking_is_one_trace_from_the_request_to_the_crm(installation, collector, tmp_path, capfd):
    installation.connect()
    port, where = free_port(), {"LINKTIME_OTLP_ENDPOINT": collector.url, "LINKTIME_LOG_FORMAT": "json"}
    with running(*LINKTIME, "serve", "--port", str(port), "--workers", "1", **where) as web:
        worker = installation.start_worker(**where)
        wait_until(lambda: answers(port), 40, "the web server answers")
        book(port, installation.host.key(), installation.free_slot().isoformat())
        installation.quiet(30)
        worker.stop()
        web.terminate()
        web.wait(20)
    told = {(role, span.name): span for role, span in collector.spans()}
    request = told["web", "POST /api/v1/bookings"]
    job = told["worker", "job linktime.crm.tasks.drain"]
    call = told["worker", "POST /salesforce/services/data/v66.0/composite"]
    assert job.parent_span_id == request.span_id
    assert call.parent_span_id == job.span_id
    assert {request.trace_id, job.trace_id, call.trace_id} == {request.trace_id}
    said = " ".join(message.decode(errors="replace") for message in collector.received)
    assert not re.findall("grace|hopper|2071234567", said, re.IGNORECASE)
    assert installation.organisation not in said
    assert_log(capfd.readouterr().err, request.trace_id.hex())


def assert_log(text: str, trace: str) -> None:
    """Every line is an object; those about the booking bear its trace, in the web server and in the worker."""
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    about = {line["message"]: line for line in lines if line.get("trace") == trace}
    assert {"booked", "create: done"} <= about.keys(), text
    assert about["booked"]["booking"] == about["create: done"]["booking"]
    assert {"trace", "booking", "attempt"} <= set(FIELDS)
