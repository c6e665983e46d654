"""Traces across web request, job and call to another service; nothing at all until `start`.

A span has a name and a few attributes of our choosing: no texts, no addresses of people, no ids of theirs. What it is
about stands in the log, whose lines bear the trace's id. OpenTelemetry is imported when tracing is on and not before.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings

if TYPE_CHECKING:
    from linktime.core.otel import Tracing

Attributes = Mapping[str, str | int]


class Span(Protocol):
    """The span of a block."""

    def set(self, attributes: Attributes) -> None:
        """Add attributes that were not known at the beginning."""

    def rename(self, name: str) -> None: ...

    def failed(self, kind: str) -> None:
        """Mark it as an error of this kind, a short word."""


class _Nothing:
    def set(self, attributes: Attributes) -> None:
        pass

    def rename(self, name: str) -> None:
        pass

    def failed(self, kind: str) -> None:
        pass


NOTHING: Span = _Nothing()
_tracing: "Tracing | None" = None


def start(role: str, exporter: Any = None) -> None:
    """Trace this process, a `web` or a `worker`, if the settings say so; `exporter` takes the spans in tests."""
    global _tracing  # noqa: PLW0603 - one for each process
    if settings.TRACING:
        from linktime.core.otel import Tracing  # noqa: PLC0415 - see above

        _tracing = Tracing(role, exporter)


def stop() -> None:
    """Send what has not been sent, and trace no more."""
    global _tracing  # noqa: PLW0603 - one for each process
    if _tracing:
        _tracing.close()
    _tracing = None


def on() -> bool:
    return _tracing is not None


@contextmanager
def span(
    name: str, *, kind: str = "internal", parent: str = "", attributes: Attributes | None = None
) -> Iterator[Span]:
    """Trace the block. `kind` is server, client, producer, consumer or internal; `parent` as `carried` gave it."""
    if _tracing is None:
        yield NOTHING
    else:
        with _tracing.span(name, kind=kind, parent=parent, attributes=attributes or {}) as begun:
            yield begun


def carried() -> str:
    """Return where we are as W3C's `traceparent`, for a row or a job to take along; empty when nothing is traced."""
    return _tracing.carried() if _tracing else ""


def link(traceparents: Iterable[str]) -> None:
    """Link the present span to others that led to it."""
    if _tracing:
        _tracing.link(filter(None, traceparents))
