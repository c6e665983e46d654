"""LINKTIME_EMAIL_URL to Django's MAILERS."""

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

EXAMPLE = "smtp://user:password@mail.example.com:587?tls=true"


def parse_email_url(url: str) -> dict[str, Any]:
    """Turn `smtp://user:password@host:port?tls=true|ssl=true`, `file:///folder` or `console:` into one mailer."""
    parts = urlsplit(url)
    match parts.scheme:
        case "console":
            return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
        case "file" if parts.path:
            return {
                "BACKEND": "linktime.notifications.backends.FolderBackend",
                "OPTIONS": {"folder": unquote(parts.path)},
            }
        case "smtp" if parts.hostname:
            return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": _smtp_options(parts)}
    raise ValueError("it must begin with smtp:, file: or console:")


def _smtp_options(parts: SplitResult) -> dict[str, Any]:
    query = dict(parse_qsl(parts.query))
    return {
        "host": parts.hostname,
        "port": parts.port or 25,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": query.get("tls") == "true",
        "use_ssl": query.get("ssl") == "true",
        "timeout": 30,
    }
