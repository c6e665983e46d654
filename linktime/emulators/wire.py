"""The way of a call into a service and of the answer back: the log, the latency, the faults, the lost connections.

Half of a call's latency passes before the work and half after it, so that whoever dies while waiting may leave
either nothing or a finished write behind. The work itself never waits, so it is never half done.
"""

import asyncio
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linktime.emulators.exchanges import Exchange
from linktime.emulators.faults import Fault, Faults
from linktime.emulators.requestlog import Entry, RequestLog
from linktime.emulators.service import Service

ENTRY = "linktime.emulators.entry"
IN_FLIGHT = "linktime.emulators.in_flight"
HANG_UP = "linktime.emulators.hang_up"


class DroppedError(ConnectionError):
    """The answer is lost."""


@dataclass
class Answer:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    own: bool = True
    """The service's, not a fault's."""


class Wire:
    """An ASGI application around a service's."""

    def __init__(self, app: ASGIApp, service: Service, log: RequestLog, faults: Faults) -> None:
        self.app, self.service, self.log, self.faults = app, service, log, faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if not self.service.is_call(path.removeprefix(scope.get("root_path", ""))):
            await self.app(scope, receive, send)
            return
        body = await _body(receive)
        authorization = Headers(scope=scope).get("authorization")
        entry = self.log.begin(scope["method"], path, scope["query_string"].decode(), authorization)
        scope[ENTRY], scope[IN_FLIGHT] = entry, self.log.in_flight
        fault = self.faults.meet(scope["method"], path, body)
        try:
            answer = await self._through(scope, body, entry, fault)
        except DroppedError:
            self.log.end(entry, "dropped")
            self.log.exchanges.add(_exchange(scope, body, entry.n, None))
            await _hang_up(scope)
            return
        except asyncio.CancelledError:
            self.log.end(entry, "dropped")
            raise
        entry.status = answer.status
        self.log.end(entry, "answered")
        self.log.exchanges.add(_exchange(scope, body, entry.n, answer))
        await _send(answer, send)

    async def _through(self, scope: Scope, body: bytes, entry: Entry, fault: Fault | None) -> Answer:
        kind = fault.kind if fault else None
        if fault and kind == "status" and not fault.action.get("commit"):
            return _instead(fault)
        if fault and kind == "delay":
            await asyncio.sleep(fault.action["seconds"])
        if fault and (kind == "drop" or fault.action.get("then") == "drop"):
            raise DroppedError
        answer = await self._work(scope, body, entry)
        if kind == "commit_then_drop":
            raise DroppedError
        return _instead(fault) if fault and kind == "status" else answer

    async def _work(self, scope: Scope, body: bytes, entry: Entry) -> Answer:
        half = self.service.delay(scope["path"].removeprefix(scope.get("root_path", ""))) / 2
        if half:
            await asyncio.sleep(half)
        answer = await _safely(self.app, scope, body)
        entry.committed = True
        if half:
            await asyncio.sleep(half)
        return answer


def _instead(fault: Fault) -> Answer:
    status, headers, body = fault.answer()
    fields = headers | {"content-length": str(len(body))}
    return Answer(status, [(name.encode(), value.encode()) for name, value in fields.items()], body, own=False)


def _exchange(scope: Scope, body: bytes, n: int, answer: Answer | None) -> Exchange:
    return Exchange(
        n=n,
        method=scope["method"],
        path=scope["path"].removeprefix(scope.get("root_path", "")),
        query=scope["query_string"].decode(),
        request_type=Headers(scope=scope).get("content-type", ""),
        request_body=body.decode(errors="replace"),
        status=answer.status if answer else None,
        answer_type=Headers(raw=answer.headers).get("content-type", "") if answer else "",
        answer_body=answer.body.decode(errors="replace") if answer else "",
        own=answer.own if answer else False,
    )


async def _safely(app: ASGIApp, scope: Scope, body: bytes) -> Answer:
    """Show a mistake of the emulator's own where it was started, and answer 500."""
    try:
        return await _run(app, scope, body)
    except Exception:  # noqa: BLE001 - whatever it is, the caller gets an answer and the log its line
        traceback.print_exc()
        return Answer(500, [(b"content-length", b"0")], b"")


async def _run(app: ASGIApp, scope: Scope, body: bytes) -> Answer:
    """Let the application work to its end, whether or not the caller is still there."""
    answer = Answer(500, [], b"")

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message.get("headers", ()))
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


async def _body(receive: Receive) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


async def _send(answer: Answer, send: Send) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _hang_up(scope: Scope) -> None:
    """Close the connection without an answer; the server must have said how."""
    hang_up: Callable[[], None] = scope[HANG_UP]
    hang_up()
    await asyncio.sleep(0.01)
