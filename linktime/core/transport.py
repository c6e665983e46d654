"""How `http.py` reaches a server.

It connects to checked addresses alone, keeps to the deadline whatever the server does, and knows whether a request can
have arrived.

The address that was checked is the one connected to, so a name that changes its mind between the two (DNS rebinding)
gains nothing; a certificate is still checked against the name. Proxies of the environment (HTTP_PROXY and the like) are
not used: they resolve names themselves, which would undo the check.
"""

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpcore2
import httpx2

from linktime.core import addresses

CONNECT_SECONDS = 5.0
IDLE_SECONDS = 4.0  # common servers close an idle connection after 5 s; a request sent at that moment is a lost answer
MOST_IDLE = 50


class Refused(Exception):
    """Nothing of the request has reached the server; the message says why."""


@dataclass(slots=True)
class Exchange:
    """One request under way. `deadline` is by the monotonic clock; `arrived` means that its head may have."""

    deadline: float
    connected: bool = False
    arrived: bool = False

    @property
    def left(self) -> float:
        return self.deadline - time.monotonic()


_exchange: ContextVar[Exchange] = ContextVar("exchange")


@contextmanager
def exchange(seconds: float) -> Iterator[Exchange]:
    """What is sent and read within has so many seconds."""
    begun = Exchange(deadline=time.monotonic() + seconds)
    token = _exchange.set(begun)
    try:
        yield begun
    finally:
        _exchange.reset(token)


class Transport(httpx2.HTTPTransport):
    """A pool of connections. HTTP/1.1, no limit of its own: the threads that call are the limit."""

    def __init__(self, ssl_context: ssl.SSLContext | None = None) -> None:
        # httpx2 lets nobody choose the network backend, so the pool is made here instead of by its constructor
        self._pool = httpcore2.ConnectionPool(
            ssl_context=ssl_context or httpx2.create_ssl_context(),
            max_connections=None,
            max_keepalive_connections=MOST_IDLE,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=_Backend(),
        )

    def send(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; again when a kept connection turns out to be closed before any of it was written.

        Each repetition uses up one kept connection, so it ends. Raises Refused, or httpx2's errors.
        """
        exchange = _exchange.get()
        while True:
            try:
                return self.handle_request(request)
            except Refused:
                if exchange.connected or exchange.left <= 0:
                    raise


class _Backend(httpcore2.NetworkBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the exchange knows the deadline
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        exchange = _exchange.get()
        exchange.connected = True
        found = _reachable(host, port)
        until = time.monotonic() + min(CONNECT_SECONDS, exchange.left)
        for place, address in enumerate(found, 1):
            share = (until - time.monotonic()) / (len(found) - place + 1)
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    address, port, max(share, 0.001), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream)
        raise failure


def _reachable(host: str, port: int) -> list[str]:
    try:
        found = addresses.resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise Refused("no such host") from error
    if not found:
        raise Refused("its address is private; LINKTIME_ALLOW_PRIVATE_ADDRESSES=true allows that")
    return found


class _Stream(httpcore2.NetworkStream):
    """A connection whose every step ends at the deadline of the exchange it is used for."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - see connect_tcp
        left = _exchange.get().left
        if left <= 0:
            raise httpcore2.ReadTimeout("the time is up")
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see connect_tcp
        """Write; the first write of an exchange is its head, without which a server can't act."""
        exchange = _exchange.get()
        if exchange.left <= 0 and not exchange.arrived:
            raise Refused("the time was up before it was sent")
        try:
            self._stream.write(buffer, max(exchange.left, 0.001))
        except (httpcore2.WriteError, httpcore2.WriteTimeout) as error:
            if exchange.arrived:
                raise
            raise Refused("the connection closed before the request was sent") from error
        exchange.arrived = True

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = min(timeout or CONNECT_SECONDS, _exchange.get().left)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, max(left, 0.001)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
