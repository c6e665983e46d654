"""A booking is one trace: the request at the web server, the job in the worker, the calls to Salesforce."""

import json
import urllib.request
from typing import Any

import pytest

from tests.acceptance.test_demo import free_port
from tests.installation import wait_until
from tests.processes import LINKTIME, running

pytestmark = [pytest.mark.acceptance, pytest.mark.long]

COMPOSITE = "POST /salesforce/services/data/v66.0/composite"


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


def test_a_booking_leads_from_the_request_over_the_job_to_the_crm(installation, collector, capfd):
    """The drain goes on with the booking's trace, or is linked to it where a sweep was faster than the wake-up."""
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
    spans = {span.span_id: (role, span) for role, span in collector.spans()}
    request = only(spans, "web", "POST /api/v1/bookings")
    call, job = a_call_of("job linktime.crm.tasks.drain", spans)
    assert job.trace_id == call.trace_id
    assert request.trace_id in {job.trace_id, *(link.trace_id for link in job.links)}
    assert installation.organisation not in collector.text
    assert_log(capfd.readouterr().err, booked=request.trace_id.hex(), shown=job.trace_id.hex())


def only(spans: dict, role: str, name: str) -> Any:
    """Return the first span of that name."""
    return next(span for where, span in spans.values() if (where, span.name) == (role, name))


def a_call_of(job: str, spans: dict) -> tuple[Any, Any]:
    """Return the first call to Salesforce that a job of that name made, and the job; a check calls there as well."""
    calls = [span for where, span in spans.values() if (where, span.name) == ("worker", COMPOSITE)]
    return next((call, spans[call.parent_span_id][1]) for call in calls if spans[call.parent_span_id][1].name == job)


def assert_log(text: str, *, booked: str, shown: str) -> None:
    """Every line is an object; those about the booking bear its trace, in the web server and in the worker."""
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    about = {(line["message"], line.get("trace")): line for line in lines}
    one, other = about["booked", booked], about["create: done", shown]
    assert one["booking"] == other["booking"]
    assert other["attempt"]
