"""Whether traces are wanted, and where they go."""

from collections.abc import Mapping
from urllib.parse import urlsplit

STANDARD = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def parse_endpoint(url: str) -> str:
    """Take the address of a collector, OTLP over HTTP, without the path: `http://collector:4318`."""
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        raise ValueError("an http or https URL is needed")
    return url.rstrip("/")


def wanted(endpoint: str, variables: Mapping[str, str]) -> bool:
    """Say whether traces are wanted, by our own setting or OpenTelemetry's standard ones."""
    if variables.get("OTEL_SDK_DISABLED", "").lower() == "true" or variables.get("OTEL_TRACES_EXPORTER") == "none":
        return False
    return bool(endpoint) or any(variables.get(name) for name in STANDARD)
