"""Traces in tests: spans are kept in memory and looked at."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from linktime.core import telemetry


class Traced:
    """What is traced from now on."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()

    def spans(self) -> list[ReadableSpan]:
        """The spans that have ended, in the order in which they did."""
        return list(self.exporter.get_finished_spans())


@pytest.fixture
def traced(settings) -> Iterator[Traced]:
    settings.TRACING = True
    kept = Traced()
    telemetry.start("test", kept.exporter)
    yield kept
    telemetry.stop()
