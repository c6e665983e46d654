"""LINKTIME_LOG_FORMAT to Django's LOGGING: everything to standard error, redacted."""

from collections.abc import Iterable
from typing import Any

FORMATS = {"text": "linktime.core.logs.Text", "json": "linktime.core.logs.Json"}
SHORTEST_SECRET = 8  # what is shorter would blacken innocent words


def logging_config(form: str, secrets: Iterable[str]) -> dict[str, Any]:
    """Return the configuration for `text` or `json`; `secrets` are this installation's own, masked wherever they stand.

    Django's own handler, which mails whole error reports to ADMINS, is left out.
    """
    masked = sorted({secret for secret in secrets if len(secret) >= SHORTEST_SECRET}, key=len, reverse=True)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMATS[form], "secrets": masked}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "linktime": {"level": "INFO"},
            "django": {"handlers": [], "level": "WARNING"},
            "_granian": {"handlers": [], "level": "WARNING"},
        },
    }
