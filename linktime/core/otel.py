"""OpenTelemetry, as `telemetry.py` uses it; imported only when traces are wanted (0.1 s, 10 MB)."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from django.conf import settings
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from linktime.core.about import about
from linktime.core.telemetry import Attributes

_w3c = TraceContextTextMapPropagator()


class Tracing:
    """A tracer of our own: the process's global one is left to whoever else may want it."""

    def __init__(self, role: str, exporter: SpanExporter | None) -> None:
        self._provider = TracerProvider(resource=_resource(role), shutdown_on_exit=True)
        processor = SimpleSpanProcessor(exporter) if exporter else BatchSpanProcessor(_exporter())
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("linktime", version("linktime"))

    def close(self) -> None:
        self._provider.shutdown()

    @contextmanager
    def span(self, name: str, *, kind: str, parent: str, attributes: Attributes) -> Iterator["_Live"]:
        """Trace a block; of an exception that leaves it only the class is told: its message may quote anything."""
        context = _w3c.extract({"traceparent": parent}) if parent else None
        with self._tracer.start_as_current_span(
            name,
            context,
            SpanKind[kind.upper()],
            dict(attributes),
            record_exception=False,
            set_status_on_exception=False,
        ) as begun:
            live, ids = _Live(begun), begun.get_span_context()
            with about(trace=trace.format_trace_id(ids.trace_id), span=trace.format_span_id(ids.span_id)):
                try:
                    yield live
                except Exception as error:
                    live.failed(type(error).__name__)
                    raise

    def carried(self) -> str:
        carrier: dict[str, str] = {}
        _w3c.inject(carrier)
        return carrier.get("traceparent", "")

    def link(self, traceparents: Iterable[str]) -> None:
        here = trace.get_current_span()
        for one in traceparents:
            there = trace.get_current_span(_w3c.extract({"traceparent": one})).get_span_context()
            if there.is_valid and there.trace_id != here.get_span_context().trace_id:
                here.add_link(there)


class _Live:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def set(self, attributes: Attributes) -> None:
        self._span.set_attributes(dict(attributes))

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def failed(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))


def _resource(role: str) -> Resource:
    """Name this process; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word."""
    ours = {"service.version": version("linktime"), "linktime.role": role}
    if "OTEL_SERVICE_NAME" not in os.environ:
        ours["service.name"] = "linktime"
    return Resource.create(ours)


def _exporter() -> Any:
    """Send to LINKTIME_OTLP_ENDPOINT, else to where the standard variables say."""
    base = settings.OTLP_ENDPOINT
    return OTLPSpanExporter(endpoint=f"{base}/v1/traces") if base else OTLPSpanExporter()
