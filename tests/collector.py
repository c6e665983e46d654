"""A collector of traces for tests: takes what processes send over OTLP."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector(HTTPServer):
    """Takes spans over OTLP, in protobuf."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.received: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def text(self) -> str:
        """All that was sent, to search in."""
        return " ".join(message.decode(errors="replace") for message in self.received)

    def spans(self) -> list[tuple[str, Any]]:
        """Each span with the role of the process that it comes from."""
        found = []
        for message in self.received:
            for resource in ExportTraceServiceRequest.FromString(message).resource_spans:
                role = next(
                    one.value.string_value for one in resource.resource.attributes if one.key == "linktime.role"
                )
                found += [(role, span) for scope in resource.scope_spans for span in scope.spans]
        return found


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        self.server.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
