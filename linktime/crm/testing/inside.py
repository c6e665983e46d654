"""A service in this process, behind the same door as every other: `core.http` sends, and here it is answered.

Everything up to the socket is the real thing: how a request is composed, how an answer is read, and what is known when
none comes.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol
from unittest.mock import patch
from urllib.parse import parse_qsl

import httpx2
from django.conf import settings
from django.test import override_settings

from linktime.core import http, transport
from linktime.crm import registry


class Dropped(Exception):
    """The connection closes without an answer."""


class Service(Protocol):
    @property
    def url(self) -> str:
        """Where it is reached: scheme and host."""

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request. Raises Dropped."""


@contextmanager
def installed(crm: str, provider: str, service: Service) -> Iterator[None]:
    """Make a CRM known, by its line in the registry, with an app of the operator's at a service in this process."""
    app = {"client_id": "inside", "client_secret": "secret", "base_url": service.url}
    router = _Router(service, outside=http._transport)  # noqa: SLF001 - the way out for everything else
    with (
        patch.dict(registry.PROVIDERS, {crm: provider}),
        override_settings(SERVICES={**settings.SERVICES, crm: app}),
        patch.object(http, "_transport", lambda: router),
    ):
        yield


class _Router:
    """Answers what is for the service; everything else goes its usual way."""

    def __init__(self, service: Service, outside: Callable[[], transport.Transport]) -> None:
        self._service, self._outside = service, outside

    def send(self, request: httpx2.Request) -> httpx2.Response:
        if f"{request.url.scheme}://{request.url.host}" != self._service.url:
            return self._outside().send(request)
        transport._exchange.get().arrived = True  # noqa: SLF001 - as the first write to a socket does
        try:
            answer = self._service.answer(request)
        except Dropped as dropped:
            raise httpx2.ReadError("the connection was closed") from dropped
        answer.request = request
        return answer


def body_of(request: httpx2.Request) -> Any:
    """Return what a request carries: JSON, or the fields of a form."""
    content = request.content
    if request.headers.get("content-type", "").startswith("application/json"):
        return json.loads(content)
    return dict(parse_qsl(content.decode()))


def told(status: int, body: Any, headers: Mapping[str, str] | None = None) -> httpx2.Response:
    return httpx2.Response(status, headers=headers, json=body)
