"""What is configured."""

import platform
from collections.abc import Iterator
from importlib.metadata import version

from django.conf import settings
from django.core import checks

from linktime.cli import checking
from linktime.cli.doctor.finding import Finding, bad, good, note


def versions() -> Iterator[Finding]:
    yield good(
        "versions",
        f"LinkTime {version('linktime')}, Python {platform.python_version()}, Django {version('django')}, "
        f"time zones {version('tzdata')}",
    )
    yield good("address", settings.BASE_URL)


def settings_checks() -> Iterator[Finding]:
    for message in checking.findings():
        text, remedy = f"{message.msg} ({message.id})", message.hint or ""
        yield bad("settings", text, remedy) if message.level >= checks.ERROR else note("settings", text, remedy)
