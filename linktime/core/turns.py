"""Few requests at work at a time in a process, many under way.

The threads of a process share one interpreter: of six requests at work none ends sooner than of two, each takes longer,
and which one ends first is a matter of luck. So they take turns, in the order in which they came. A request that waits
for somebody else has no turn: while its body is on its way, and from the moment it asks another server.
"""

from collections import deque
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import IO, Any

IN_MEMORY = 256 * 1024  # bytes of a body; the rest of a longer one waits on the disk
LONGEST_BODY = 8 * 1024 * 1024  # bytes: more than the longest picture that is taken

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Turns:
    """A WSGI application of which at most `at_once` requests are at work."""

    def __init__(self, application: Application, at_once: int) -> None:
        self._application = application
        self._line = _Line(at_once)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = _announced(environ)
        if length > LONGEST_BODY:  # refused unread, or read by the application, which then waits for the sender
            return self._application(environ, start_response)
        with SpooledTemporaryFile(IN_MEMORY) as body:
            _receive(environ["wsgi.input"], length, body)
            environ["wsgi.input"] = body
            return self._in_turn(environ, start_response)

    def _in_turn(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        turn = _Turn(self._line)
        before = _mine.set(turn)
        try:
            return self._application(environ, start_response)
        finally:
            _mine.reset(before)
            turn.give_up()


def give_up() -> None:
    """Let another request have this one's turn, before waiting for somebody else; without a turn, do nothing.

    It goes on without: would it wait for a turn again, it could wait for somebody who waits for a lock that it holds.
    """
    if turn := _mine.get():
        turn.give_up()


class _Line:
    """A semaphore that is fair: who came first is next, and nobody who comes by meanwhile."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._waiting: deque[Lock] = deque()
        self._guard = Lock()

    def enter(self) -> None:
        with self._guard:
            if self._free:
                self._free -= 1
                return
            called = Lock()
            called.acquire()
            self._waiting.append(called)
        called.acquire()

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


class _Turn:
    def __init__(self, line: _Line) -> None:
        self._line: _Line | None = line
        line.enter()

    def give_up(self) -> None:
        line, self._line = self._line, None
        if line:
            line.leave()


_mine: ContextVar[_Turn | None] = ContextVar("turn", default=None)


def _announced(environ: Environ) -> int:
    """Return how many bytes of body a request announces; 0 for none, or nonsense."""
    length = str(environ.get("CONTENT_LENGTH") or "")
    return int(length) if length.isdecimal() else 0


def _receive(sent: IO[bytes], left: int, body: IO[bytes]) -> None:
    while left and (piece := sent.read(min(left, IN_MEMORY))):
        left -= body.write(piece)
    body.seek(0)
