"""What is configured."""

import platform
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version

from django.conf import settings
from django.core.checks import ERROR

from linktime.cli import checking
from linktime.cli.doctor.finding import Finding, bad, good, note
from linktime.core import clock


def versions() -> Iterator[Finding]:
    yield good(
        "version",
        f"LinkTime {version('linktime')}, Python {platform.python_version()}, Django {version('django')}; "
        f"{settings.BASE_URL}",
    )


def time_zones() -> Iterator[Finding]:
    """Say how old the time-zone data is: governments change them every year, and a stale one moves meetings."""
    data = version("tzdata")
    if zoneinfo.TZPATH:
        yield bad("zones", f"are taken from {zoneinfo.TZPATH[0]}, not from tzdata {data}.", "Unset PYTHONTZPATH.")
    elif int(data.partition(".")[0]) < clock.now().year - 1:
        yield note("zones", f"tzdata {data} is more than a year old.", "Upgrade LinkTime, or the package alone.")
    else:
        yield good("zones", f"tzdata {data}")


def watching() -> Iterator[Finding]:
    """Say what an operator can see of this installation."""
    traces = settings.OTLP_ENDPOINT or ("by OTEL_ variables" if settings.TRACING else "off")
    log = settings.LOGGING["formatters"]["line"]["()"].rpartition(".")[2].lower()
    yield good("watching", f"log {log}, metrics {'on' if settings.METRICS_TOKEN else 'off'}, traces {traces}")


def checks() -> Iterator[Finding]:
    """Tell what `linktime check` finds; of those that say the same of several services, one line."""
    found = defaultdict(list)
    for message in checking.findings():
        found[message.id, message.level].append(message)
    for (name, level), messages in found.items():
        text = f"{messages[0].msg} ({name})"
        if len(messages) > 1:
            text = f"{messages[0].msg} ({name}, and {len(messages) - 1} more; see linktime check)"
        remedy = messages[0].hint or ""
        yield bad("settings", text, remedy) if level >= ERROR else note("settings", text, remedy)
