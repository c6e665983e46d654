"""`linktime check`: Django's checks and ours, one line each."""

from django.core import checks
from django.core.checks import CheckMessage

WORDS = {checks.DEBUG: "debug", checks.INFO: "note", checks.WARNING: "warning", checks.ERROR: "error"}


def report() -> int:
    """Print what the checks found; return the exit code: 1 when there is an error."""
    found = sorted(findings(), key=lambda message: -message.level)
    for message in found:
        print(line(message))
    if not found:
        print("The configuration is fine.")
    return int(any(message.is_serious() for message in found))


def findings() -> list[CheckMessage]:
    return [message for message in checks.run_checks() if not message.is_silenced()]


def line(message: CheckMessage) -> str:
    word = WORDS.get(message.level, "error")
    return f"{word} {message.id}: {message.msg} {message.hint or ''}".rstrip()
