"""Checks of the configuration as a whole, shown by `linktime check` and `linktime doctor`.

A value that can't be understood fails at start (`environ.py`); here stands what is understood and still wrong or
doubtful. Each hint ends with where to read on.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Info, register

PAGE = "docs/reference/settings.md"


@register
def configuration(app_configs: Sequence[Any] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    return [*_base_url(), *_mail(), *_services(), *_limits(), *_proxies()]


def _base_url() -> Iterator[CheckMessage]:
    parts = urlsplit(settings.BASE_URL)
    if parts.scheme not in {"http", "https"} or parts.path or parts.query or parts.fragment:
        yield Error(
            f"LINKTIME_BASE_URL is {settings.BASE_URL!r}, which is not the root of a site.",
            hint=f"Use scheme and host alone, such as https://meet.example.com. {PAGE}#base_url",
            id="linktime.E001",
        )
    elif parts.scheme == "http" and not _on_this_machine():
        yield checks.Warning(
            "LINKTIME_BASE_URL is http: passwords and links to bookings travel readably.",
            hint=f"Put a proxy with TLS in front and use https. Salesforce insists on it. {PAGE}#base_url",
            id="linktime.W002",
        )
    if settings.ALLOW_PRIVATE_ADDRESSES and not _on_this_machine():
        yield checks.Warning(
            "LINKTIME_ALLOW_PRIVATE_ADDRESSES is on: whoever enters a URL here can reach your inner network.",
            hint=f"Turn it off, unless a service you connect is in that network. {PAGE}#allow_private_addresses",
            id="linktime.W003",
        )


def _mail() -> Iterator[CheckMessage]:
    backend = settings.MAILERS["default"]["BACKEND"]
    if backend.endswith("console.EmailBackend"):
        yield checks.Warning(
            "LINKTIME_EMAIL_URL is not set: mail is only printed.",
            hint=f"Set it, such as smtp://user:password@mail.example.com:587?tls=true. {PAGE}#email_url",
            id="linktime.W004",
        )
    elif backend.endswith("smtp.EmailBackend") and "localhost" in settings.DEFAULT_FROM_EMAIL:
        yield checks.Warning(
            f"Mail is sent from {settings.DEFAULT_FROM_EMAIL}, which other servers refuse.",
            hint=f"Set LINKTIME_EMAIL_FROM to an address of your domain. {PAGE}#email_from",
            id="linktime.W005",
        )


def _services() -> Iterator[CheckMessage]:
    for name, service in settings.SERVICES.items():
        prefix, anchor = f"LINKTIME_{name.upper()}", f"{PAGE}#{name}_client_id"
        if bool(service["client_id"]) != bool(service["client_secret"]):
            yield Error(
                f"Of {prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET one is missing.",
                hint=f"Set both, or neither: then each account brings its own. {anchor}",
                id="linktime.E006",
            )
        elif not service["client_id"]:
            yield Info(
                f"{prefix}_CLIENT_ID is not set: each account has to bring its own app.",
                hint=f"Set it to offer {name.capitalize()} to everybody with one click. {anchor}",
                id="linktime.I007",
            )


def _limits() -> Iterator[CheckMessage]:
    if settings.RATE_LIMIT < 1:
        yield Error(
            f"LINKTIME_RATE_LIMIT is {settings.RATE_LIMIT}: no request to the API would be let through.",
            hint=f"Use the number of requests a minute for each key, such as 120. {PAGE}#rate_limit",
            id="linktime.E008",
        )


def _proxies() -> Iterator[CheckMessage]:
    if settings.BASE_URL.startswith("https:") and not settings.TRUSTED_PROXIES:
        yield checks.Warning(
            "LINKTIME_TRUSTED_PROXIES is 0 and LINKTIME_BASE_URL is https: all visitors share one limit.",
            hint=f"Set it to the number of proxies in front, such as 1. {PAGE}#trusted_proxies",
            id="linktime.W009",
        )


def _on_this_machine() -> bool:
    host = urlsplit(settings.BASE_URL).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
