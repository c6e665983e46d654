"""Run the emulators: one process, one port."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from asyncio import AbstractEventLoop
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from linktime.emulators.app import build, services
from linktime.emulators.storefile import StoreFile
from linktime.emulators.wire import HANG_UP

LONGEST_HEADERS = 256 * 1024
GRACE = 2


class Protocol(H11Protocol):
    """HTTP whose applications can close the connection without an answer."""

    def __init__(self, config: Any, server_state: Any, app_state: Any, _loop: AbstractEventLoop | None = None) -> None:
        super().__init__(config, server_state, app_state, _loop)
        app = self.app

        async def with_hang_up(scope: Scope, receive: Receive, send: Send) -> None:
            scope[HANG_UP] = self.transport.abort
            await app(scope, receive, send)

        self.app = with_hang_up

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Answer at once: head and body are two writes, and the second would wait 40 ms for the client's ACK."""
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)


class Server(uvicorn.Server):
    """A server that ends in good order on a signal, instead of dying of it afterwards."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def run(
    *,
    host: str,
    port: int,
    mail: Path | None = None,
    seed: int | None = None,
    store: Path | None = None,
    with_parent: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT; `port` 0 takes a free one; `store` keeps everything over a restart.

    `with_parent`: also until standard input ends, which a parent that dies cannot help ending.
    """
    served = services(seed)
    keeper = StoreFile(store, served) if store else None
    if keeper:
        keeper.load()
    try:
        listening = socket.create_server((host, port), backlog=2048)
    except OSError as error:
        sys.exit(f"Port {port} of {host} can't be used: {error.strerror}. Choose another with --port.")
    config = uvicorn.Config(
        build(served, mail),
        http=Protocol,
        ws="none",
        log_level="critical",
        access_log=False,
        lifespan="off",
        h11_max_incomplete_event_size=LONGEST_HEADERS,
        timeout_graceful_shutdown=GRACE,
    )
    print(f"emulators on http://{host}:{listening.getsockname()[1]}", flush=True)  # noqa: T201 - what it is for
    asyncio.run(_serve(Server(config), listening, keeper, with_parent=with_parent))


async def _serve(server: Server, listening: socket.socket, keeper: StoreFile | None, *, with_parent: bool) -> None:
    if with_parent:
        asyncio.get_running_loop().add_reader(sys.stdin, _end_with_input, server)
    keeping = asyncio.create_task(keeper.keep()) if keeper else None
    try:
        await server.serve(sockets=[listening])
    finally:
        if keeper and keeping:
            keeping.cancel()
            keeper.save()


def _end_with_input(server: Server) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        asyncio.get_running_loop().remove_reader(sys.stdin)
        server.handle_exit(signal.SIGTERM, None)
